import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it, type Mock, mock } from 'node:test'
import { type PawsConfig, ssooidc } from 'ssooidc/paws'

type Seen = { path: string | undefined; headers: IncomingHttpHeaders; body: Record<string, unknown> }

const seen: Seen[] = []
let warn: Mock<typeof console.warn>
const token = { accessToken: 'at', tokenType: 'Bearer', expiresIn: 3600 }
const server = createServer(async (request, response) => {
  if (request.url?.startsWith('/hangs')) return
  const chunks: Buffer[] = await request.toArray()
  seen.push({ path: request.url, headers: request.headers, body: JSON.parse(`${Buffer.concat(chunks)}`) })
  response.setHeader('content-type', 'application/json').end(JSON.stringify(token))
})
let endpoint = ''

before(async () => {
  warn = mock.method(console, 'warn', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  seen.length = 0
  warn.mock.resetCalls()
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const refresh = { clientId: 'id', clientSecret: 's', grantType: 'refresh_token', refreshToken: 'rt' } as const

describe('ssooidc/paws', () => {
  it('sends the example of the documentation, whose grant type has a hyphen, as the service knows it, and warns once', async () => {
    const svc = ssooidc({ endpoint })
    const example = {
      clientId: '_yzkThXVzLWVhc3QtMQEXAMPLECLIENTID',
      clientSecret: 'VERYLONGSECRETeyJraWQiOiJrZXktMTU2NDAyODA5OSIsImFsZyI6IkhTMzg0In0',
      deviceCode: 'yJraWQiOiJrZXktMTU2Njk2ODA4OCIsImFsZyI6IkhTMzIn0EXAMPLEDEVICECODE',
      grantType: 'urn:ietf:params:oauth:grant-type:device-code',
    } as const
    await svc.create_token(example)
    await svc.create_token(example)
    assert.deepEqual(
      seen.map(({ body }) => body),
      [0, 1].map(() => ({ ...example, grantType: 'urn:ietf:params:oauth:grant-type:device_code' })),
    )
    assert.equal(warn.mock.callCount(), 1)
  })

  it('has every operation under both names, and they may be taken off it', () => {
    const svc = ssooidc({ endpoint })
    for (const [theirs, ours] of [
      ['create_token', 'createToken'],
      ['create_token_with_iam', 'createTokenWithIAM'],
      ['register_client', 'registerClient'],
      ['start_device_authorization', 'startDeviceAuthorization'],
    ] as const)
      assert.equal(svc[theirs], svc[ours] as unknown)
  })

  it('endpoint may be given in config, or as the third argument, which wins', async () => {
    await ssooidc({ endpoint: 'http://127.0.0.1:1' }, {}, endpoint).create_token(refresh)
    await ssooidc({ endpoint }, null, '').create_token(refresh)
    assert.equal(seen.length, 2)
  })

  it('region may be given in config, or as the fourth argument, which wins; the empty string is not given', () => {
    assert.throws(() => ssooidc({ region: 'us-east-1' }, {}, null, 'no region'), /region must be a Region name/)
    assert.ok(ssooidc({ region: 'us-east-1' }, {}, null, ''))
  })

  it('credentials as the second argument win leaf by leaf, and leave the other leaves of config alone', async () => {
    const config: PawsConfig = {
      endpoint,
      region: 'us-east-1',
      credentials: {
        creds: { access_key_id: 'AKIDOLD', secret_access_key: 'old', session_token: 'st' },
        anonymous: true,
      },
    }
    const svc = ssooidc(config, { creds: { access_key_id: 'AKIDNEW' }, anonymous: false })
    await svc.create_token_with_iam({ clientId: 'arn', grantType: 'refresh_token', refreshToken: 'rt' })
    assert.match(seen[0]?.headers.authorization ?? '', /Credential=AKIDNEW\//)
    assert.equal(seen[0]?.headers['x-amz-security-token'], 'st')
    assert.equal(seen[0]?.path, '/token?aws_iam=t')
  })

  it('creds that are half a pair are refused', () => {
    assert.throws(() => ssooidc({ endpoint }, { creds: { access_key_id: 'a' } }), {
      message: 'credentials have an accessKeyId and no secretAccessKey',
    })
    assert.throws(() => ssooidc({ endpoint, credentials: { creds: { secret_access_key: 'b', access_key_id: '' } } }), {
      message: 'credentials have a secretAccessKey and no accessKeyId',
    })
  })

  it('a profile that does not exist is refused, however it is named', () => {
    for (const args of [
      [{ endpoint, credentials: { profile: 'no-such-profile' } }],
      [{ endpoint }, { profile: 'no-such-profile' }],
    ] as Parameters<typeof ssooidc>[])
      assert.throws(() => ssooidc(...args), { name: 'ProfileNotFoundError' })
  })

  it('anonymous needs no credentials for the public operations, and refuses the signed one', async () => {
    const svc = ssooidc({ endpoint, region: 'us-east-1' }, { anonymous: true })
    await svc.create_token(refresh)
    assert.equal(seen[0]?.headers.authorization, undefined)
    await assert.rejects(
      svc.create_token_with_iam({ clientId: 'arn', grantType: 'refresh_token', refreshToken: 'rt' }),
      /signed with AWS credentials, and anonymous forbids them/,
    )
  })

  it('close_connection closes the connection after every answer', async () => {
    await ssooidc({ endpoint, close_connection: true }).create_token(refresh)
    await ssooidc({ endpoint, close_connection: false }).create_token(refresh)
    assert.deepEqual(
      seen.map(({ headers }) => headers.connection === 'close'),
      [true, false],
    )
  })

  for (const [name, value] of [
    ['timeout', 0],
    ['timeout', '10'],
    ['connect_timeout', -1],
    ['max_retries', 1.5],
    ['sts_regional_endpoint', 1],
    ['s3_force_path_style', 'yes'],
    ['close_connection', 'yes'],
  ] as const)
    it(`${name} = ${JSON.stringify(value)} is refused`, () => {
      assert.throws(() => ssooidc({ endpoint, [name]: value }), { name: 'ConfigError' })
    })

  it('timeout is in seconds, for the whole attempt', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const svc = ssooidc({ endpoint: `${endpoint}/hangs`, timeout: 10 })
      const asked = svc.create_token(refresh)
      await once(server, 'request')
      mock.timers.tick(9_999)
      mock.timers.tick(1)
      await assert.rejects(asked, { name: 'TimeoutError', timeoutMs: 10_000 })
    } finally {
      mock.timers.reset()
    }
  })

  it('max_retries counts without the first attempt', async () => {
    await ssooidc({ endpoint, max_retries: 3 }).create_token(refresh)
    assert.equal(seen[0]?.headers['amz-sdk-request'], 'attempt=1; max=4')
  })

  it('connect_timeout is in seconds', () => {
    assert.throws(() => ssooidc({ endpoint, connect_timeout: 2 ** 31 }), /connect_timeout must be a number of seconds/)
    assert.ok(ssooidc({ endpoint, connect_timeout: 0.5 }))
  })

  it('takes s3_force_path_style and sts_regional_endpoint', async () => {
    await ssooidc({ endpoint, s3_force_path_style: true, sts_regional_endpoint: 'legacy' }).create_token(refresh)
    assert.equal(seen.length, 1)
    assert.throws(() => ssooidc({ endpoint, sts_regional_endpoint: 'global' as 'legacy' }), {
      message: 'stsRegionalEndpoints must be regional or legacy',
    })
  })

  it('refuses a name that it does not know, and says which was meant', () => {
    // @ts-expect-error the type checker refuses it too
    assert.throws(() => ssooidc({ endpiont: endpoint }), {
      message: 'unknown name endpiont in config; did you mean endpoint?',
    })
    // @ts-expect-error
    assert.throws(() => ssooidc({}, { creds: { access_key: 'a' } }), /unknown name access_key in credentials\$creds/)
  })

  it('accepts what paws accepts without effect, and says so', async () => {
    const config: object = { endpoint, sleep_delay: 1 }
    await ssooidc(config).create_token(refresh)
    assert.deepEqual(warn.mock.calls[0]?.arguments, [
      'ssooidc/paws: sleep_delay has no effect, and has none in paws either',
    ])
  })
})
