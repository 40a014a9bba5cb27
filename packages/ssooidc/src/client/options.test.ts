import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SSOClient } from '@aws-sdk/client-sso'
import { SSOOIDCClient } from '@aws-sdk/client-sso-oidc'
import { resolveConfig, sso, ssooidc } from 'ssooidc'
import type { Service } from '../protocol/index.ts'
import { ssoOidc, ssoPortal } from '../protocol/index.ts'
import { connections } from './connection.ts'
import type { ClientOptions } from './options.ts'

// No files and no variables of the person who runs the tests.
const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }

const connect = (options: ClientOptions, service: Service = ssoOidc) => {
  const connection = connections({ env, ...options }).to(service)
  assert.ok(!(connection instanceof Promise), 'only a function as endpoint has to be waited for')
  return connection
}
const endpointOf = (options: ClientOptions, service?: Service) =>
  connect(options, service).endpoint.href.replace(/\/$/, '')

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
              endpointOf({ region, useFipsEndpoint, useDualstackEndpoint }, service),
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
      assert.throws(() => ssooidc({ env, ...options }), { name: 'ConfigError', message: problem })
      assert.throws(() => sso({ env, ...options }), { name: 'ConfigError', message: problem })
    })
})

describe('an option', () => {
  const endpoint = 'https://sso.example.com'

  it('that is null or undefined counts as not given', () => {
    const options = { endpoint, region: undefined, timeoutMs: undefined, headers: null }
    assert.equal(connect(options as unknown as ClientOptions).options.timeoutMs, 60_000) // null: from JavaScript
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

  it('that is unknown is only warned about when strict is false', (context) => {
    const warn = context.mock.method(console, 'warn', () => {})
    const options: object = { endpoint, timout: 1, strict: false }
    ssooidc({ env, ...options })
    assert.deepEqual(warn.mock.calls[0]?.arguments, ['ssooidc: unknown option timout; did you mean timeoutMs?'])
  })

  it('timeoutMs is a whole number of milliseconds that a timer can hold', () => {
    for (const timeoutMs of [0, -1, 1.5, Number.NaN, 2 ** 31])
      assert.throws(
        () => ssooidc({ env, endpoint, timeoutMs }),
        /timeoutMs must be a whole number from 1 to 2147483647/,
      )
  })

  for (const [options, problem] of [
    [{ timeoutMs: '60' }, 'timeoutMs must be a whole number from 1 to 2147483647'],
    [{ keepAlive: 'no' }, 'keepAlive must be true or false'],
    [{ region: 1 }, 'region must be a string'],
    [{ endpoint: 1 }, 'endpoint must be a string, a URL or a function'],
    [{ fetch: {} }, 'fetch must be a function'],
    [{ retryMode: 'eager' }, 'retryMode must be standard, adaptive or legacy'],
    [{ headers: 'a: b' }, 'headers must be an object'],
  ] as const)
    it(`of the wrong kind is refused: ${problem}`, () => {
      assert.throws(() => ssooidc(options as unknown as ClientOptions), { name: 'ConfigError', message: problem })
    })

  it('headers go out with every request and replace our own, whatever their case', () => {
    const { headers } = connect({ endpoint, headers: { 'User-Agent': 'mine/1', 'X-Trace': 't' } })
    assert.deepEqual([headers['user-agent'], headers['x-trace']], ['mine/1', 't'])
  })

  it('headers with a line break are refused by name, without their value', () => {
    assert.throws(() => connect({ endpoint, headers: { 'X-Key': 'very-secret\n' } }), {
      name: 'ConfigError',
      message: 'the header x-key has a character that no header may',
    })
  })

  it('headers that say where a request goes or ends, or whose names are none, are refused', () => {
    for (const name of ['Host', 'Content-Length', 'transfer-encoding'])
      assert.throws(() => connect({ endpoint, headers: { [name]: '3' } }), {
        name: 'ConfigError',
        message: `the header ${name.toLowerCase()} is the transport's to say`,
      })
    for (const name of ['', 'a b', 'a:', 'ä'])
      assert.throws(() => connect({ endpoint, headers: { [name]: '3' } }), { name: 'ConfigError' })
  })

  it('appId follows the name of this package in User-Agent, with what no header may hold made harmless', () => {
    const { headers } = connect({ endpoint, appId: 'my tool\r\nx: y' })
    assert.match(headers['user-agent'] ?? '', /^ssooidc\/[\d.]+ app\/my-tool--x--y$/)
  })

  it('that is not given comes from the environment and the profile', () => {
    const found = connect({ env: { ...env, AWS_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '5' } })
    assert.equal(found.endpoint.host, 'oidc.eu-west-1.amazonaws.com')
    assert.equal(found.options.maxAttempts, 5)
  })
})

describe('an endpoint that is a function', () => {
  const registration = { clientName: 'test', clientType: 'public' }
  const answer = { clientId: 'id', clientSecret: 's', clientIdIssuedAt: 1, clientSecretExpiresAt: 2 }

  it('is asked when the first call needs it, and not again', async () => {
    const asked: string[] = []
    const sent: string[] = []
    const client = ssooidc({
      env,
      endpoint: async () => {
        asked.push('asked')
        return 'https://sso.example.com/prefix'
      },
      fetch: ({ url }) => {
        sent.push(url)
        return Response.json(answer)
      },
    })
    assert.deepEqual(asked, [])
    await Promise.all([client.registerClient(registration), client.registerClient(registration)])
    await client.registerClient(registration)
    assert.deepEqual(asked, ['asked'])
    assert.deepEqual(new Set(sent), new Set(['https://sso.example.com/prefix/client/register']))
    await client[Symbol.asyncDispose]()
  })

  it('is asked again when it failed, and its failure is the caller’s', async () => {
    const failure = new Error('the directory is away')
    let calls = 0
    const endpoint = () => {
      if (++calls === 1) throw failure
      return new URL('https://sso.example.com')
    }
    const { registerClient } = ssooidc({ env, endpoint, fetch: () => Response.json(answer) })
    await assert.rejects(registerClient(registration), (thrown) => thrown === failure)
    assert.equal((await registerClient(registration)).clientId, 'id')
  })

  it('is waited for neither by a call whose signal aborts, nor by whoever lets go of the client', async () => {
    const client = ssooidc({ env, endpoint: () => new Promise<string>(() => {}) })
    const [abort, reason] = [new AbortController(), new Error('enough')]
    const call = client.registerClient(registration, { signal: abort.signal })
    abort.abort(reason)
    await assert.rejects(call, (thrown) => thrown === reason)
    const late = sleep(1_000, 'still waiting', { ref: false })
    assert.equal(await Promise.race([client[Symbol.asyncDispose](), late]), undefined)
  })

  it('is held to the same rules as one that was written down', async () => {
    const { registerClient } = ssooidc({ env, endpoint: () => 'http://sso.example.com' })
    await assert.rejects(registerClient(registration), { name: 'ConfigError', message: /endpoint must be https/ })
  })

  it('is not asked by resolveConfig, which says so', () => {
    const { endpoint } = resolveConfig({ env, endpoint: () => assert.fail('asked') })
    assert.deepEqual(endpoint, { value: 'what the function says when it is asked', origin: 'option' })
  })
})

describe('resolveConfig', () => {
  it('gives every setting with its origin, and the endpoint that would be called', () => {
    const config = resolveConfig({ env: { ...env, AWS_REGION: 'eu-west-1' }, timeoutMs: 5 })
    assert.deepEqual(config.region, { value: 'eu-west-1', origin: 'environment AWS_REGION' })
    assert.deepEqual(config.timeoutMs, { value: 5, origin: 'option' })
    assert.deepEqual(config.maxAttempts, { value: 3, origin: 'default' })
    assert.deepEqual(config.endpoint, {
      value: 'https://oidc.eu-west-1.amazonaws.com/',
      origin: 'region, from environment AWS_REGION',
    })
    assert.equal(
      resolveConfig({ env, region: 'eu-west-1' }, 'sso').endpoint?.value,
      'https://portal.sso.eu-west-1.amazonaws.com/',
    )
  })

  it('never shows what opens a proxy', () => {
    for (const [given, shown] of [
      ['http://user:p@ss@proxy.example:3128', 'http://[redacted]@proxy.example:3128'],
      ['user:secret@proxy.example', '[redacted]@proxy.example'],
      ['http://proxy.example:3128', 'http://proxy.example:3128'],
    ] as const) {
      const config = resolveConfig({ env: { ...env, HTTP_PROXY: given }, region: 'eu-west-1', httpsProxy: given })
      assert.deepEqual([config.httpsProxy?.value, config.httpProxy?.value], [shown, shown])
    }
  })

  it('never shows an access token', () => {
    const given = { env: { ...env, AWS_BEARER_TOKEN_AWSSSOPORTAL: 'very-secret' }, region: 'eu-west-1' }
    for (const options of [given, { ...given, token: 'very-secret' }, { ...given, token: async () => 'very-secret' }]) {
      const { token } = resolveConfig(options, 'sso')
      assert.equal(token?.value, '[redacted]')
    }
  })

  it('refuses what a client would refuse', () => {
    assert.throws(() => resolveConfig({ env }), /give an endpoint, or the region/)
    assert.throws(() => resolveConfig({ env, profile: 'no-such-profile' }), { name: 'ProfileNotFoundError' })
  })
})
