import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SSOClient } from '@aws-sdk/client-sso'
import { SSOOIDCClient } from '@aws-sdk/client-sso-oidc'
import { sso, ssooidc } from 'ssooidc'
import { ssoOidc, ssoPortal } from '../protocol/index.ts'
import { type ClientOptions, resolveOptions } from './options.ts'

const endpointOf = (options: ClientOptions) => resolveOptions(ssoOidc, options).endpoint

const regions = [
  'us-east-1',
  'eu-central-2',
  'ap-southeast-7',
  'mx-central-1',
  'il-central-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-gov-west-1',
  'eusc-de-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
  'moon-base-1',
]

describe('the endpoint', () => {
  it('of every Region, with FIPS and dual stack, is the one that the AWS SDK finds', () => {
    const aws = [
      [ssoOidc, new SSOOIDCClient({ region: 'us-east-1' })],
      [ssoPortal, new SSOClient({ region: 'us-east-1' })],
    ] as const
    for (const [service, sdk] of aws)
      for (const region of regions)
        for (const useFipsEndpoint of [false, true])
          for (const useDualstackEndpoint of [false, true])
            assert.equal(
              resolveOptions(service, { region, useFipsEndpoint, useDualstackEndpoint }).endpoint,
              sdk.config
                .endpointProvider({ Region: region, UseFIPS: useFipsEndpoint, UseDualStack: useDualstackEndpoint })
                .url.href.replace(/\/$/, ''),
            )
  })

  it('may be a string or a URL, and keeps its path', () => {
    assert.equal(endpointOf({ endpoint: 'https://sso.example.com' }), 'https://sso.example.com')
    assert.equal(endpointOf({ endpoint: new URL('https://sso.example.com/prefix/') }), 'https://sso.example.com/prefix')
  })

  it('comes before the region', () => {
    assert.equal(endpointOf({ endpoint: 'https://sso.example.com', region: 'us-east-1' }), 'https://sso.example.com')
  })

  it('may be plain http on this machine, and elsewhere only when that is said', () => {
    for (const endpoint of ['http://127.0.0.1:8000', 'http://127.1.2.3', 'http://[::1]:8000', 'http://localhost:8000'])
      assert.equal(endpointOf({ endpoint }), endpoint)
    for (const endpoint of ['http://sso.example.com', 'http://127.0.0.1.example.com', 'http://localhost.example.com']) {
      assert.throws(() => endpointOf({ endpoint }), /endpoint must be https/)
      assert.equal(endpointOf({ endpoint, allowInsecure: true }), endpoint)
    }
  })

  for (const [options, problem] of [
    [{}, 'give an endpoint, or the region whose AWS endpoint to use'],
    [{ endpoint: '', region: '' }, 'give an endpoint, or the region whose AWS endpoint to use'],
    [{ endpoint: 'sso.example.com' }, 'endpoint must be a whole URL, such as https://sso.example.com'],
    [{ endpoint: 'ftp://sso.example.com' }, 'endpoint must begin with https:// or http://'],
    [{ endpoint: 'https://u:p@sso.example.com' }, 'endpoint must have no query, no fragment and no user name'],
    [{ endpoint: 'https://sso.example.com/?a' }, 'endpoint must have no query, no fragment and no user name'],
    [{ region: 'evil.example/#' }, 'region must be a Region name, such as eu-central-1'],
    [
      { endpoint: 'https://sso.example.com', useFipsEndpoint: true },
      'an endpoint of your own cannot be combined with useFipsEndpoint or useDualstackEndpoint',
    ],
  ] as const satisfies [ClientOptions, string][])
    it(`${JSON.stringify(options)} is refused: ${problem}`, () => {
      assert.throws(() => ssooidc(options), { name: 'ConfigError', message: problem })
      assert.throws(() => sso(options), { name: 'ConfigError', message: problem })
    })
})

describe('an option', () => {
  it('that is null or undefined counts as not given', () => {
    const options = { endpoint: 'https://sso.example.com', region: undefined, timeoutMs: undefined, headers: null }
    const { timeoutMs } = resolveOptions(ssoOidc, options as unknown as ClientOptions) // null: from JavaScript
    assert.equal(timeoutMs, 60_000)
  })

  it('that is unknown is refused with the name that was meant', () => {
    // @ts-expect-error the type checker refuses it too
    assert.throws(() => ssooidc({ timout: 1 }), { message: 'unknown option timout; did you mean timeoutMs?' })
    // @ts-expect-error
    assert.throws(() => ssooidc({ Endpoint: '' }), { message: 'unknown option Endpoint; did you mean endpoint?' })
  })

  it('that is like no other is refused with the list of all', () => {
    const options: object = { colour: 'red' }
    assert.throws(() => ssooidc(options), /^ConfigError: unknown option colour; the options are endpoint, region/)
  })

  it('timeoutMs is a whole number of milliseconds that a timer can hold', () => {
    for (const timeoutMs of [0, -1, 1.5, Number.NaN, 2 ** 31])
      assert.throws(() => endpointOf({ endpoint: 'https://sso.example.com', timeoutMs }), /timeoutMs must be/)
  })

  it('headers go out with every request and replace our own, whatever their case', () => {
    const { headers } = resolveOptions(ssoOidc, {
      endpoint: 'https://sso.example.com',
      headers: { 'User-Agent': 'mine/1', 'X-Trace': 't' },
    })
    assert.deepEqual([headers.get('user-agent'), headers.get('x-trace')], ['mine/1', 't'])
  })
})
