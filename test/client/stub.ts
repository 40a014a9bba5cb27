/**
 * A service that misbehaves on request, for the tests and the benchmark of the client. The first segment of a path says how:
 * an endpoint of `http://127.0.0.1:1234/drip` drips. It answers any other path well. Requests are counted by endpoint, so that
 * a second segment begins to count anew.
 *
 * As a program it prints its address: `node test/client/stub.ts`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorsOf, ssoOidc } from 'ssooidc/protocol'

/** A stub that listens. */
export type Stub = AsyncDisposable & {
  readonly url: string
  /** The endpoint that behaves in this way, with its count of requests at zero. */
  at(behaviour: keyof typeof behaviours): string
  /** How many requests came to that endpoint. */
  requests(behaviour: keyof typeof behaviours): number
  /** The last request. */
  readonly last: { headers: IncomingMessage['headers']; body: string; url: string }
}

const { registerClient, startDeviceAuthorization, createToken } = ssoOidc.operations

/** Good answers, of the size that AWS's have. */
const answers: Readonly<Record<string, object>> = {
  [registerClient.path]: {
    authorizationEndpoint: null,
    clientId: 'c'.repeat(40),
    clientIdIssuedAt: 1_800_000_000,
    clientSecret: 's'.repeat(400),
    clientSecretExpiresAt: 1_807_776_000,
    tokenEndpoint: null,
  },
  [startDeviceAuthorization.path]: {
    deviceCode: 'd'.repeat(120),
    expiresIn: 600,
    interval: 1,
    userCode: 'ABCD-EFGH',
    verificationUri: 'https://device.sso.us-east-1.amazonaws.com/',
    verificationUriComplete: 'https://device.sso.us-east-1.amazonaws.com/?user_code=ABCD-EFGH',
  },
}
const token = {
  accessToken: 'a'.repeat(400),
  expiresIn: 28_800,
  idToken: null,
  refreshToken: 'r'.repeat(400),
  tokenType: 'Bearer',
}

// What a client of OAuth expects, which sends a form.
const oauthToken = JSON.stringify({
  access_token: token.accessToken,
  expires_in: token.expiresIn,
  refresh_token: token.refreshToken,
  token_type: token.tokenType,
})

/** The path of the contract at the end of one, whatever stands before it. */
function operationOf(path: string): string {
  return [...Object.keys(answers), createToken.path].find((each) => path.endsWith(each)) ?? path
}

type Behaviour = (response: ServerResponse, path: string, count: number) => void

const good = (response: ServerResponse, path: string) => {
  const isForm = response.req.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const text = isForm ? oauthToken : JSON.stringify(answers[operationOf(path)] ?? token)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': text.length,
    'x-amzn-requestid': '6e1ac4f6-0f4f-4f3f-9d4a-2a5e1c8a7e10',
  })
  response.end(text)
}

/** An error of the contract, in AWS's form. */
const refusal =
  (code: string, withHeader = true, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    const found = errorsOf(ssoOidc, ssoOidc.operations.createToken).find(
      ({ spec }) => spec.name === code || spec.error === code,
    )
    if (found === undefined) throw new Error(`no error ${code}`)
    const { name, status, error } = found.spec
    response.writeHead(status, {
      'content-type': 'application/json',
      ...headers,
      ...(withHeader ? { 'x-amzn-errortype': name } : {}),
    })
    response.end(JSON.stringify({ error, error_description: `This is ${error}.` }))
  }

const page: Behaviour = (response) => {
  response.writeHead(500, { 'content-type': 'text/html' })
  response.end('<!doctype html><title>Gateway trouble</title><p>Sorry.')
}

const redirect =
  (status: number): Behaviour =>
  (response) => {
    response.writeHead(status, { location: 'https://elsewhere.example/token' })
    response.end()
  }

const text =
  (body: string): Behaviour =>
  (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(body)
  }

const behaviours = {
  good,
  silent: () => {},
  drip: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(timer))
  },
  failing: refusal('server_error'),
  recovering: (response, path, count) =>
    count < 3 ? refusal('server_error')(response, path, count) : good(response, path),
  page,
  busy: (response, path, count) =>
    count < 2
      ? refusal('ServiceUnavailableException', true, { 'retry-after': '2' })(response, path, count)
      : good(response, path),
  throttling: refusal('TooManyRequestsException'),
  pending: refusal('authorization_pending'),
  'slow-down': refusal('slow_down'),
  'pending-without-type': refusal('authorization_pending', false),
  'slow-down-without-type': refusal('slow_down', false),
  truncated: text('{"accessToken":"a'),
  empty: text(''),
  'wrong-types': text('{"accessToken":42,"tokenType":"Bearer","expiresIn":"soon"}'),
  found: redirect(302),
  temporary: redirect(307),
  reset: (response) => void response.socket?.resetAndDestroy(),
  huge: (response) => flood(response, 'x', 200 * 2 ** 20),
  endless: (response) => flood(response, ' ', Number.POSITIVE_INFINITY),
} satisfies Record<string, Behaviour>

function flood(response: ServerResponse, character: string, size: number) {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = character.repeat(2 ** 16)
  let left = size
  const more = () => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length
      if (!response.write(chunk)) return response.once('drain', more)
    }
    return response.end()
  }
  more()
}

/** Listens on a free port of this machine. */
export async function startStub(): Promise<Stub> {
  const counts = new Map<string, number>()
  const last = { headers: {}, body: '', url: '' }
  const server = createServer((request, response) => {
    // Browsers ask first.
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
    response.setHeader('access-control-expose-headers', 'x-amzn-requestid, x-amzn-errortype, retry-after, date')
    response.on('error', () => {})
    const { url = '' } = request
    let body = ''
    request.setEncoding('utf8')
    request.on('error', () => {})
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      if (request.method === 'OPTIONS') return response.writeHead(204).end()
      Object.assign(last, { headers: request.headers, body, url })
      const [path = ''] = url.split('?', 1)
      const name = path.split('/', 2)[1] ?? ''
      const place = path.slice(1, path.length - operationOf(path).length)
      const count = (counts.get(place) ?? 0) + 1
      counts.set(place, count)
      const behave: Behaviour = Object.hasOwn(behaviours, name) ? behaviours[name as keyof typeof behaviours] : good
      return behave(response, path, count)
    })
  })
  server.keepAliveTimeout = 30_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    last,
    at: (behaviour) => {
      counts.delete(behaviour)
      return `${url}/${behaviour}`
    },
    requests: (behaviour) => counts.get(behaviour) ?? 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

if (import.meta.main) console.log((await startStub()).url)
