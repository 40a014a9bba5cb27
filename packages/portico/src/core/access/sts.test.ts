import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, suite, test } from 'node:test'

import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts'
import { ServiceException, type WireResponse } from 'ssooidc/protocol'
import { ssoOidc } from 'ssooidc/protocol/sso-oidc'
import { ssoPortal } from 'ssooidc/protocol/sso-portal'

import { builtInBroker } from '../../credentials/built-in.ts'
import type { RoleCredentials, RoleCredentialsRequest } from '../../credentials/credentials.ts'
import { decodeRequest, encodeError, encodeOutput } from '../../protocol/aws-query.ts'
import type { RawRequest } from '../../protocol/raw-request.ts'
import { getCallerIdentity as operation, sts } from '../../protocol/sts.ts'
import type { Revocation, User } from '../../storage/storage.ts'
import { generateKeys, openKeyring } from '../keys/keyring.ts'
import { systemRandom } from '../keys/random.ts'
import { createSealer } from '../keys/sealing.ts'
import { createRevocations } from '../sessions/revocations.ts'
import { canonicalRequest, sha256 } from '../sigv4/canonical-request.ts'
import { formatTimestamp } from '../sigv4/clock.ts'
import { sign } from '../sigv4/sign.ts'
import { createAccess } from './access.ts'
import { authenticateSignature, getCallerIdentity, type SignatureDeps } from './sts.ts'

const alice: User = {
  id: '6f1ad7a8-2c2e-4d0b-9c55-1f2f6a1f3c11',
  userName: 'alice',
  displayName: 'Alice',
  givenName: null,
  familyName: null,
  email: null,
  enabled: true,
  passwordHash: null,
  administrator: false,
}

const asked: RoleCredentialsRequest = {
  user: alice,
  accountId: '111111111111',
  roleName: 'Admin',
  permissionSetId: '0d3f8f4e-58c6-4f4b-8f6e-7b0a4f2f9b10',
  sessionDuration: 3600,
  sessionId: 'a-session-id',
  authenticatedAt: Date.UTC(2026, 10, 24, 9),
  flow: 'device',
}

suite('GetCallerIdentity, asked with AWS’s own client', () => {
  // The client signs by the machine's clock, so the server's has to be near it.
  const portico = newPortico(Date.now)
  const open: (() => void)[] = []
  after(() => {
    for (const close of open) close()
  })

  /** Asks an instance that listens, through a client that holds these credentials. */
  async function ask(instance: Portico, credentials: RoleCredentials, config: STSClientConfig = {}) {
    const server = createServer((request, response) => void answer(instance, request, response))
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const client = new STSClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      ...config,
    })
    open.push(
      () => client.destroy(),
      () => server.close(),
    )
    return client.send(new GetCallerIdentityCommand({}))
  }

  test('names the account, the role and the person', async () => {
    const identity = await ask(portico, await portico.issue())
    assert.equal(identity.Account, '111111111111')
    assert.match(
      identity.Arn ?? '',
      /^arn:aws:sts::111111111111:assumed-role\/AWSReservedSSO_Admin_[0-9a-f]{16}\/alice$/,
    )
    assert.match(identity.UserId ?? '', /^AROA[A-Z2-7]{17}:alice$/)
  })

  test('is answered in whatever region the client is configured for', async () => {
    const identity = await ask(portico, await portico.issue(), { region: 'ap-southeast-7' })
    assert.equal(identity.Account, '111111111111')
  })

  test('is answered to a client whose clock is off: it learns the time from the refusal, and signs again', async () => {
    for (const offset of [-3_600_000, 3_600_000]) {
      const elsewhen = newPortico(() => Date.now() + offset)
      const credentials = await elsewhen.issue()
      await assert.rejects(ask(elsewhen, credentials), named('SignatureDoesNotMatch'))
      assert.equal((await ask(elsewhen, credentials, { maxAttempts: 2 })).Account, '111111111111')
    }
  })

  test('meets SignatureDoesNotMatch with another secret', async () => {
    const credentials = { ...(await portico.issue()), secretAccessKey: 'guess' }
    await assert.rejects(ask(portico, credentials), named('SignatureDoesNotMatch'))
  })

  test('meets InvalidClientTokenId with credentials that Portico did not give', async () => {
    const credentials = await newPortico(Date.now).issue()
    await assert.rejects(ask(portico, credentials), named('InvalidClientTokenId'))
  })

  test('meets ExpiredToken once the credentials have expired', async () => {
    const credentials = await portico.issue({}, Date.now() - 3_600_000)
    await assert.rejects(ask(portico, credentials), named('ExpiredToken'))
  })
})

suite('a signature', () => {
  const now = Date.UTC(2026, 10, 24, 12)

  test('is asked for', async () => {
    const { deps } = newPortico(() => now)
    const unsigned = {
      method: 'POST',
      target: '/',
      headers: [['host', 'a']],
      body: Buffer.of(),
      peerAddress: '',
    } as const
    await assert.rejects(authenticateSignature(deps, sts, unsigned, now), named('MissingAuthenticationToken'))
    await assert.rejects(
      authenticateSignature(deps, ssoOidc, unsigned, now),
      named('MissingAuthenticationTokenException'),
    )
  })

  test('is nothing that the access portal takes', async () => {
    const { deps, signed } = newPortico(() => now)
    await assert.rejects(authenticateSignature(deps, ssoPortal, await signed(), now), /names no errors/)
  })

  test('for sts does not open sso-oauth', async () => {
    const { deps, signed } = newPortico(() => now)
    await assert.rejects(authenticateSignature(deps, ssoOidc, await signed(), now), named('InvalidSignatureException'))
  })

  test('tells the person, the role and the session', async () => {
    const { deps, signed } = newPortico(() => now)
    const { principal } = await authenticateSignature(deps, sts, await signed(), now)
    assert.ok(principal.kind === 'role')
    assert.equal(principal.userId, alice.id)
    assert.equal(principal.roleName, 'Admin')
    assert.equal(principal.sessionId, 'a-session-id')
  })

  for (const kind of ['session', 'user', 'instance'] as const) {
    test(`counts no more once the ${kind} behind it is revoked`, async () => {
      const portico = newPortico(() => now)
      const request = await portico.signed()
      const subject = { session: 'a-session-id', user: alice.id, instance: '' }[kind]
      await portico.revoke({ seq: 1, kind, subject, notBefore: now, expiresAt: now + 86_400_000 })
      await assert.rejects(authenticateSignature(portico.deps, sts, request, now), named('InvalidClientTokenId'))
    })
  }

  test('still counts when somebody else’s session is revoked', async () => {
    const portico = newPortico(() => now)
    const request = await portico.signed()
    await portico.revoke({ seq: 1, kind: 'session', subject: 'another', notBefore: now, expiresAt: now + 86_400_000 })
    const { principal } = await authenticateSignature(portico.deps, sts, request, now)
    assert.ok(principal.kind === 'role' && principal.userId === alice.id)
  })

  test('counts no more once its person is disabled, or gone', async () => {
    for (const user of [{ ...alice, enabled: false }, null]) {
      const { deps, signed } = newPortico(() => now, user)
      await assert.rejects(authenticateSignature(deps, sts, await signed(), now), named('InvalidClientTokenId'))
    }
  })
})

type Portico = ReturnType<typeof newPortico>

/** An instance with one person, who has one role. */
function newPortico(clock: () => number, user: User | null = alice) {
  const rootKey = systemRandom.bytes(32)
  const sealer = createSealer(openKeyring(rootKey, generateKeys(rootKey, systemRandom, clock())), systemRandom)
  const broker = builtInBroker({ sealer, random: systemRandom, partition: 'aws' })
  const log: Revocation[] = []
  const revocations = createRevocations({
    readRevocations: async ({ after: seq }) => log.filter((line) => line.seq > seq),
  })
  const access = createAccess({
    findUser: async () => user ?? undefined,
    readEntitlements: async () => [],
    readGroupsOf: async () => [],
  })
  const applications = { findAccessKey: () => undefined }
  const settings = { region: 'us-east-1', requireSecondFactor: false }
  const deps: SignatureDeps = { sealer, access, revocations, applications, settings }
  const issue = (changes: Partial<RoleCredentialsRequest> = {}, now = clock()) =>
    broker.issue({ ...asked, ...changes }, now)
  return {
    clock,
    deps,
    issue,
    signed: async () => signedRequest(await issue(), clock()),
    async revoke(line: Revocation) {
      log.push(line)
      await revocations.follow(clock())
    },
  }
}

/** A request for GetCallerIdentity as botocore signs it, with the fewest headers. */
function signedRequest({ accessKeyId, secretAccessKey, sessionToken }: RoleCredentials, now: number): RawRequest {
  const timestamp = formatTimestamp(now)
  const scope = { date: timestamp.slice(0, 8), region: 'us-east-1', service: 'sts' }
  const body = Buffer.from('Action=GetCallerIdentity&Version=2011-06-15')
  const headers = new Map([
    ['host', 'sts.us-east-1.amazonaws.com'],
    ['x-amz-date', timestamp],
    ['x-amz-security-token', sessionToken],
  ])
  const unsigned: RawRequest = { method: 'POST', target: '/', headers: [...headers], body, peerAddress: '127.0.0.1' }
  const canonical = canonicalRequest(unsigned, headers, sha256(body))
  const signature = sign({ secretAccessKey, scope, timestamp, canonicalRequest: canonical })
  const credential = `${accessKeyId}/${scope.date}/us-east-1/sts/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${[...headers.keys()].join(';')}, Signature=${signature}`
  return { ...unsigned, headers: [...headers, ['authorization', authorization]] }
}

/** What the server does with a request, without its routes. */
async function answer({ deps, clock }: Portico, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const raw: RawRequest = {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: pairsOf(request.rawHeaders),
    body: await buffer(request),
    peerAddress: '127.0.0.1',
  }
  const { status, headers, body } = await respond(deps, raw, clock())
  response.writeHead(status, { ...headers, Date: new Date(clock()).toUTCString() }).end(body)
}

async function respond(deps: SignatureDeps, raw: RawRequest, now: number): Promise<WireResponse> {
  try {
    const caller = await authenticateSignature(deps, sts, raw, now)
    decodeRequest(sts, operation, { method: raw.method, query: '', header: () => undefined, body: raw.body })
    return encodeOutput(sts, operation, await getCallerIdentity(deps, caller), 'a-request-id')
  } catch (error) {
    assert.ok(error instanceof ServiceException)
    return encodeError(sts, error, 'a-request-id')
  }
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  return names.map((name, index) => [name, rawHeaders[index * 2 + 1] ?? ''])
}

function named(name: string) {
  return (error: unknown) => error instanceof Error && error.name === name
}
