/**
 * W: what the machine gives. A `node:http` server that does the same `node:crypto` calls as each operation needs and answers
 * as many bytes, and does nothing else: no contract, no checks, no storage, no log.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announce, postJson, request } from '../contender.ts'

const key = createSecretKey(randomBytes(32))
const mac = (text: string) => createHmac('sha256', key).update(text).digest()

function seal(payload: object): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const text = cipher.update(JSON.stringify(payload), 'utf8')
  cipher.final()
  return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url')
}

function open(text: string): unknown {
  const sealed = Buffer.from(text, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(-16))
  const plain = decipher.update(sealed.subarray(12, -16))
  decipher.final()
  return JSON.parse(plain.toString('utf8'))
}

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
  issuedAt: Date.now(),
  expiresAt: Date.now(),
}
const role = {
  ...session,
  arn: 'x'.repeat(90),
  assumedRoleId: 'x'.repeat(30),
  accessKeyId: 'x'.repeat(20),
  secretAccessKey: 'x'.repeat(40),
  roleName: 'ReadOnlyAccess',
  permissionSetId: 'x'.repeat(36),
  accountId: '1'.repeat(12),
}
const refresh = { sessionId: 'x'.repeat(22), generation: 1 }
const pad = 'x'.repeat(33)

type Answer = { status: number; body: object }

const register = (): Answer => {
  const clientId = seal(registration) + pad
  return {
    status: 200,
    body: {
      authorizationEndpoint: null,
      clientId,
      clientIdIssuedAt: 1,
      clientSecret: mac(clientId).toString('base64url'),
      clientSecretExpiresAt: 1,
      tokenEndpoint: null,
    },
  }
}

const token = (input: Record<string, string>): Answer => {
  const { clientId = '', clientSecret = '', deviceCode, refreshToken } = input
  open(clientId.slice(0, -pad.length))
  timingSafeEqual(mac(clientId), Buffer.from(clientSecret, 'base64url'))
  if (deviceCode !== undefined) {
    open(deviceCode)
    const description = 'Authorization is still pending.'
    return {
      status: 400,
      body: { error: 'authorization_pending', error_description: description, message: description },
    }
  }
  open(refreshToken ?? '')
  return {
    status: 200,
    body: {
      accessToken: seal(session) + pad,
      expiresIn: 3600,
      idToken: null,
      refreshToken: seal(refresh) + pad,
      tokenType: 'Bearer',
    },
  }
}

const credentials = (accessToken: string): Answer => {
  open(accessToken)
  const accessKeyId = `ASIA${randomBytes(16).toString('hex').slice(0, 16)}`
  const secretAccessKey = randomBytes(30).toString('base64')
  return {
    status: 200,
    body: { roleCredentials: { accessKeyId, expiration: Date.now(), secretAccessKey, sessionToken: seal(role) + pad } },
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
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-store',
      'x-amzn-RequestId': 'x'.repeat(36),
    })
    outgoing.end(text)
  })
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo // it listens on TCP
  const clientId = seal(registration) + pad
  const clientSecret = mac(clientId).toString('base64url')
  announce({
    port,
    requests: {
      RegisterClient: [
        postJson(port, '/client/register', { clientName: 'bench', clientType: 'public', scopes: registration.s }),
      ],
      'pending poll': [
        postJson(port, '/token', { clientId, clientSecret, grantType: registration.g[0], deviceCode: seal(refresh) }),
      ],
      refresh: [
        postJson(port, '/token', { clientId, clientSecret, grantType: 'refresh_token', refreshToken: seal(refresh) }),
      ],
      GetRoleCredentials: [
        request(port, 'GET', '/federation/credentials?role_name=ReadOnlyAccess&account_id=111111111111', {
          'x-amz-sso_bearer_token': seal(session),
        }),
      ],
    },
    expected: { RegisterClient: 200, 'pending poll': 400, refresh: 200, GetRoleCredentials: 200 },
  })
})
