/**
 * W: what the machine gives. A `node:http` server that does the same `node:crypto` calls as each operation needs and answers
 * as many bytes, and does nothing else: no contract, no checks, no storage, no log.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// Portico's own way to draw many bytes at once: W draws no more often than it does.
import { systemRandom } from '../../packages/portico/src/core/keys/random.ts'
import { announce, DEVICES, postJson, request } from '../contender.ts'

const key = createSecretKey(randomBytes(32))
const context = Buffer.from('bench/token/v1')
const mac = (text: string) => createHmac('sha256', key).update(text).digest()

function seal(payload: object): string {
  const nonce = systemRandom.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(context)
  const text = cipher.update(JSON.stringify(payload), 'utf8')
  cipher.final()
  return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')
}

function open(text: string): unknown {
  const sealed = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAAD(context)
  decipher.setAuthTag(sealed.subarray(-16))
  const plain = decipher.update(sealed.subarray(12, -16))
  decipher.final()
  return JSON.parse(plain.toString('utf8'))
}

// What Portico seals, member by member, so that there is as much to encrypt and to send.
const registration = {
  n: 'bench',
  s: ['sso:account:access'],
  g: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  t: Date.now(),
  x: Date.now(),
}
const session = {
  sessionId: 'x'.repeat(22),
  userId: 'x'.repeat(36),
  clientHash: 'x'.repeat(43),
  flow: 'code',
  scopes: ['sso:account:access'],
  authenticatedAt: Date.now(),
  amr: ['password'],
  expiresAt: Date.now(),
}
const role = {
  arn: 'x'.repeat(91),
  assumedRoleId: 'x'.repeat(27),
  accountId: '1'.repeat(12),
  roleName: 'ReadOnlyAccess',
  permissionSetId: 'x'.repeat(20),
  userId: 'x'.repeat(36),
  sessionId: 'x'.repeat(22),
  flow: 'code',
  authenticatedAt: Date.now(),
  expiresAt: Date.now(),
}
const device = { id: 'x'.repeat(22), clientHash: 'x'.repeat(43), expiresAt: Date.now() }
const refresh = { sessionId: 'x'.repeat(22), generation: 1 }
/** As long as a token's prefix, its key's id, its salt and its checksum. */
const pad = 'x'.repeat(41)
const issue = (payload: object) => seal(payload) + pad
const accept = (token: string) => open(token.slice(0, -pad.length))

// The one client, which has proved itself: its secret's MAC is not made again.
const clientId = issue(registration)
const clientSecret = mac(clientId).toString('base64url')
const provedBy = hash('sha256', clientSecret, 'buffer')

type Answer = { status: number; body: object }

const register = (): Answer => {
  const clientId = issue(registration)
  return {
    status: 200,
    body: {
      authorizationEndpoint: null,
      clientId,
      clientIdIssuedAt: Math.floor(Date.now() / 1000),
      clientSecret: mac(clientId).toString('base64url') + 'x'.repeat(18),
      clientSecretExpiresAt: Math.floor(Date.now() / 1000),
      tokenEndpoint: null,
    },
  }
}

const token = (input: Record<string, string>): Answer => {
  const { clientSecret = '', deviceCode, refreshToken } = input
  timingSafeEqual(hash('sha256', clientSecret, 'buffer'), provedBy)
  if (deviceCode !== undefined) {
    accept(deviceCode)
    const description = 'Authorization is still pending.'
    return {
      status: 400,
      body: { error: 'authorization_pending', error_description: description, message: description },
    }
  }
  accept(refreshToken ?? '')
  return {
    status: 200,
    body: {
      accessToken: issue(session),
      expiresIn: 3600,
      idToken: null,
      refreshToken: issue(refresh),
      tokenType: 'Bearer',
    },
  }
}

const credentials = (accessToken: string): Answer => {
  accept(accessToken)
  const accessKeyId = `ASIA${systemRandom.bytes(16).toString('hex').slice(0, 16)}`
  const secretAccessKey = systemRandom.bytes(30).toString('base64')
  return {
    status: 200,
    body: {
      roleCredentials: {
        accessKeyId,
        expiration: Date.now(),
        secretAccessKey,
        sessionToken: issue({ ...role, accessKeyId, secretAccessKey }),
      },
    },
  }
}

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const path = incoming.url?.split('?', 1)[0]
    const input: Record<string, string> = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const answers: Record<string, () => Answer> = { '/token': () => token(input), '/client/register': register }
    const answer = answers[path ?? ''] ?? (() => credentials(String(incoming.headers['x-amz-sso_bearer_token'])))
    const { status, body } = answer()
    const text = JSON.stringify(body)
    outgoing.writeHead(status, {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/json',
      ...(status === 200 ? {} : { 'x-amzn-ErrorType': 'AuthorizationPendingException' }),
      'x-amzn-RequestId': randomUUID(),
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'x-amzn-RequestId, x-amzn-ErrorType, Retry-After, Date',
      'Content-Length': Buffer.byteLength(text),
    })
    outgoing.end(text)
  })
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // it listens on TCP
  announce({
    port,
    requests: {
      RegisterClient: [
        postJson(port, '/client/register', { clientName: 'bench', clientType: 'public', scopes: registration.s }),
      ],
      'pending poll': Array.from({ length: DEVICES }, () =>
        postJson(port, '/token', { clientId, clientSecret, grantType: registration.g[0], deviceCode: issue(device) }),
      ),
      refresh: [
        postJson(port, '/token', { clientId, clientSecret, grantType: 'refresh_token', refreshToken: issue(refresh) }),
      ],
      GetRoleCredentials: [
        request(port, 'GET', '/federation/credentials?role_name=ReadOnlyAccess&account_id=111111111111', {
          'x-amz-sso_bearer_token': issue(session),
        }),
      ],
    },
    expected: { RegisterClient: 200, 'pending poll': 400, refresh: 200, GetRoleCredentials: 200 },
  })
})
