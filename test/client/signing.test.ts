/**
 * CreateTokenWithIAM: signed with AWS's own signer, with what AWS's own credential chain finds, and never anything else.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { SignatureV4 } from '@smithy/signature-v4'
import { type ClientOptions, type Credentials, type Fetch, GRANT_TYPES, type Signer, ssooidc } from 'ssooidc'

const none = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const endpoint = 'https://sso.example.com'
const token = { accessToken: 'at', tokenType: 'Bearer', expiresIn: 3600 }
const input = {
  clientId: 'arn:aws:sso::111111111111:application/ssoins-1/apl-1',
  grantType: GRANT_TYPES.jwtBearer,
  assertion: 'jwt',
} as const
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'st' }

/** A client whose requests are kept. */
function asking(options: ClientOptions, answer: Fetch = () => Response.json(token)) {
  const sent: Request[] = []
  const fetch: Fetch = (request) => {
    sent.push(request)
    return answer(request)
  }
  return { sent, ...ssooidc({ env: none, endpoint, region: 'eu-central-1', fetch, ...options }) }
}

const accessKeyOf = (request: Request | undefined) =>
  /Credential=(\w+)\//.exec(request?.headers.get('authorization') ?? '')?.[1]

describe('a signed call', () => {
  it('carries a signature for sso-oauth in the region, over host, body and query', async () => {
    const { sent, createTokenWithIAM } = asking({ credentials: keys })
    await createTokenWithIAM(input)
    const [request] = sent
    assert.equal(request?.url, `${endpoint}/token?aws_iam=t`)
    const authorization = request?.headers.get('authorization') ?? ''
    assert.match(
      authorization,
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sso-oauth\/aws4_request, /,
    )
    assert.match(
      authorization,
      /SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token/,
    )
    assert.equal(request?.headers.get('x-amz-security-token'), 'st')
  })

  it('is signed as AWS’s signer with its own hash signs the same request', async () => {
    const { sent, createTokenWithIAM } = asking({ credentials: keys })
    await createTokenWithIAM(input)
    const request = sent[0] as Request
    const header = (name: string) => request.headers.get(name) ?? ''
    const [, signed = ''] = /SignedHeaders=([^,]+)/.exec(header('authorization')) ?? []
    const names = signed.split(';').filter((name) => !['host', 'x-amz-date', 'x-amz-security-token'].includes(name))
    const oracle = new SignatureV4({
      credentials: keys,
      region: 'eu-central-1',
      service: 'sso-oauth',
      sha256: WebSha256,
    })
    const again = await oracle.sign(
      {
        method: 'POST',
        protocol: 'https:',
        hostname: 'sso.example.com',
        path: '/token',
        query: { aws_iam: 't' },
        headers: Object.fromEntries([['host', 'sso.example.com'], ...names.map((name) => [name, header(name)])]),
        body: await request.text(),
      },
      { signingDate: new Date(header('x-amz-date').replace(/^(.{4})(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) },
    )
    assert.equal(header('authorization'), again.headers.authorization)
  })

  it('is never what the public operations are, whatever credentials there are', async () => {
    const { sent, createToken, registerClient, startDeviceAuthorization } = asking({ credentials: keys }, (request) =>
      Response.json(
        request.url.endsWith('/token')
          ? token
          : request.url.endsWith('/register')
            ? { clientId: 'a', clientSecret: 'b', clientIdIssuedAt: 1, clientSecretExpiresAt: 2 }
            : { deviceCode: 'a', userCode: 'b', verificationUri: 'c', verificationUriComplete: 'd', expiresIn: 1 },
      ),
    )
    const client = { clientId: 'id', clientSecret: 's' }
    await registerClient({ clientName: 'n', clientType: 'public' })
    await startDeviceAuthorization({ ...client, startUrl: 'https://x.awsapps.com/start' })
    await createToken({ ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc' })
    assert.deepEqual(
      sent.map(({ headers }) => headers.get('authorization')),
      [null, null, null],
    )
  })

  it('finds its credentials with the chain of AWS, in the profile that was named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ssooidc-signing-'))
    const credentials = join(folder, 'credentials')
    writeFileSync(credentials, '[dev]\naws_access_key_id = AKIDDEV\naws_secret_access_key = s\n')
    const before = { ...process.env }
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: '/dev/null' })
    try {
      const { sent, createTokenWithIAM } = asking({ profile: 'dev', env: process.env })
      await createTokenWithIAM(input)
      assert.equal(accessKeyOf(sent[0]), 'AKIDDEV')
    } finally {
      process.env = before
      rmSync(folder, { recursive: true })
    }
  })

  it('finds its credentials in the environment, as the chain alone does', async () => {
    const before = { ...process.env }
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 's', ...none })
    try {
      const { sent, createTokenWithIAM } = asking({ env: process.env })
      await createTokenWithIAM(input)
      assert.equal(accessKeyOf(sent[0]), 'AKIDENV')
      assert.equal((await fromNodeProviderChain()()).accessKeyId, 'AKIDENV')
    } finally {
      process.env = before
    }
  })

  it('asks a provider of credentials once, and again five minutes before they end', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 10, 24) })
    let asked = 0
    const credentials = async (): Promise<Credentials> => {
      asked += 1
      return { ...keys, accessKeyId: `AKID${asked}`, expiration: new Date(Date.now() + 3_600_000) }
    }
    const { sent, createTokenWithIAM } = asking({ credentials })
    await Promise.all([createTokenWithIAM(input), createTokenWithIAM(input)])
    context.mock.timers.tick(54 * 60_000)
    await createTokenWithIAM(input)
    context.mock.timers.tick(2 * 60_000)
    await createTokenWithIAM(input)
    assert.deepEqual(sent.map(accessKeyOf), ['AKID1', 'AKID1', 'AKID1', 'AKID2'])
  })

  it('whose provider fails says so, and asks it again the next time', async () => {
    let asked = 0
    const credentials = async (): Promise<Credentials> => {
      asked += 1
      if (asked === 1) throw new Error('no such profile')
      return keys
    }
    const { createTokenWithIAM } = asking({ credentials })
    await assert.rejects(createTokenWithIAM(input), {
      name: 'ConfigError',
      message: 'no AWS credentials to sign with: no such profile',
    })
    await createTokenWithIAM(input)
  })

  it('whose provider or signer fails is never taken for a service that does not answer', async () => {
    const fails = () => {
      throw new Error('no such device')
    }
    await assert.rejects(asking({ credentials: fails }).createTokenWithIAM(input), {
      name: 'ConfigError',
      message: 'no AWS credentials to sign with: no such device',
    })
    await assert.rejects(asking({ signer: { sign: async () => fails() } }).createTokenWithIAM(input), {
      name: 'ConfigError',
      message: 'CreateTokenWithIAM cannot be signed: no such device',
    })
  })

  it('ends in time although its provider never answers', async () => {
    const { sent, createTokenWithIAM } = asking({ credentials: () => new Promise(() => {}), timeoutMs: 50 })
    await assert.rejects(createTokenWithIAM(input), { name: 'TimeoutError', timeoutMs: 50 })
    assert.equal(sent.length, 0)
  })

  it('is repeated with the clock of the service when ours is wrong', async () => {
    const theirs = new Date(Date.now() - 3_600_000)
    const { sent, createTokenWithIAM } = asking({ credentials: keys }, (request) => {
      const signed = request.headers.get('x-amz-date')?.slice(0, 11)
      if (signed === theirs.toISOString().replaceAll(/[-:]/g, '').slice(0, 11)) return Response.json(token)
      const headers = { date: theirs.toUTCString(), 'x-amzn-errortype': 'InvalidSignatureException' }
      return Response.json({ message: 'Signature not yet current' }, { status: 403, headers })
    })
    await createTokenWithIAM(input)
    await createTokenWithIAM(input)
    assert.equal(sent.length, 3)
  })

  it('that is refused for another reason is not repeated', async () => {
    const { sent, createTokenWithIAM } = asking({ credentials: keys }, () =>
      Response.json(
        { message: 'Not yours' },
        { status: 403, headers: { date: new Date().toUTCString(), 'x-amzn-errortype': 'UnrecognizedClientException' } },
      ),
    )
    await assert.rejects(createTokenWithIAM(input), { name: 'UnrecognizedClientException', message: 'Not yours' })
    assert.equal(sent.length, 1)
  })

  it('may be signed by a signer of one’s own, as in a browser', async () => {
    const signer: Signer = {
      sign: async ({ headers }) => ({ headers: { ...headers, authorization: 'mine' } }),
    }
    const { sent, createTokenWithIAM } = asking({ signer, region: undefined })
    await createTokenWithIAM(input)
    assert.equal(sent[0]?.headers.get('authorization'), 'mine')
  })

  it('is refused by anonymous, before anything is sent', async () => {
    const { sent, createTokenWithIAM } = asking({ anonymous: true })
    await assert.rejects(createTokenWithIAM(input), {
      name: 'ConfigError',
      message: 'CreateTokenWithIAM is signed with AWS credentials, and anonymous forbids them',
    })
    assert.equal(sent.length, 0)
  })

  for (const [name, credentials] of [
    ['accessKeyId', { accessKeyId: 'a' }],
    ['secretAccessKey', { secretAccessKey: 'b' }],
  ] as const)
    it(`with half a pair of keys, only ${name}, is refused when the client is made`, () => {
      assert.throws(() => asking({ credentials: credentials as unknown as Credentials }), { name: 'ConfigError' })
    })
})

/** SHA-256 by another road than the client's. */
class WebSha256 {
  #key: BufferSource | undefined
  #data: Uint8Array<ArrayBuffer> = new Uint8Array()
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.#key = typeof key === 'string' ? new TextEncoder().encode(key) : (key as BufferSource | undefined)
  }
  update(data: Uint8Array) {
    this.#data = new Uint8Array([...this.#data, ...data])
  }
  reset() {
    this.#data = new Uint8Array()
  }
  async digest(): Promise<Uint8Array> {
    if (this.#key === undefined) return new Uint8Array(await crypto.subtle.digest('SHA-256', this.#data))
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('raw', this.#key, algorithm, false, ['sign'])
    return new Uint8Array(await crypto.subtle.sign(algorithm, key, this.#data))
  }
}
