/**
 * The transport of Node.js, whose own `http` costs a quarter of what `fetch` costs there. Built-in modules are asked for when
 * they are needed, and by `getBuiltinModule`: an `import` of `node:http` loads half of Node.js with it.
 */
import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from 'node:http'
import type { AgentOptions } from 'node:https'
import type { ResponseParts } from '../../protocol/rest-json/client.ts'
import { ConfigError, ResponseTooLargeError, UnexpectedRedirectError } from '../errors.ts'
import { proxyFor, tunnelThrough } from './node-proxy.ts'
import { prefixOf, type Transport, type TransportRequest, type TransportSetup } from './transport.ts'

// Shorter than what servers keep, so that a request does not meet a connection that is just being closed.
const IDLE_MS = 4_000

/**
 * A transport over `node:http` and `node:https`.
 *
 * @throws ConfigError when the CA bundle cannot be read or the proxy is no URL
 */
export function nodeTransport(setup: TransportSetup): Transport {
  const { endpoint, keepAlive } = setup
  const secure = endpoint.protocol === 'https:'
  const proxy = proxyFor(endpoint, setup)
  const ca = setup.caBundle === undefined ? undefined : readBundle(setup.caBundle)
  const http = process.getBuiltinModule(secure ? 'node:https' : 'node:http')
  const agent: HttpAgent = new http.Agent({ keepAlive, ...(ca === undefined ? {} : { ca }) } satisfies AgentOptions)
  const dropStale = staleConnections(agent)
  if (secure && proxy !== undefined) tunnelThrough(agent, proxy, setup.connectTimeoutMs)
  // A proxy for plain http is asked for the whole URL.
  const viaProxy = !secure && proxy !== undefined
  const { hostname, port } = viaProxy ? proxy.url : endpoint
  const prefix = (viaProxy ? endpoint.origin : '') + prefixOf(endpoint)
  const firstHeaders = ['host', endpoint.host, ...(viaProxy ? Object.entries(proxy.headers).flat() : [])]
  const where = { agent, hostname: hostname.replace(/^\[|\]$/g, ''), port }
  return {
    start(request) {
      dropStale()
      const { method, target, body } = request
      const length = body === undefined ? 0 : Buffer.byteLength(body)
      // A flat list goes out as it stands, which is cheaper than an object, and then the length is ours to say.
      const headers = [...firstHeaders]
      for (const name in request.headers) headers.push(name, request.headers[name] ?? '')
      if (method !== 'GET') headers.push('content-length', `${length}`)
      const sent = http.request({ ...where, method, path: prefix + target, headers })
      const answer = new Promise<ResponseParts>((resolve, reject) => {
        sent.on('error', reject)
        limitConnecting(sent, secure, setup.connectTimeoutMs)
        sent.on('response', (response) => receive(response, request, setup, resolve, reject))
      })
      // The same bytes where all is ASCII, and cheaper to write.
      sent.end(body, length === body?.length ? 'latin1' : 'utf8')
      return { answer, cancel: () => void sent.destroy() }
    },
    close: () => agent.destroy(),
  }
}

/** Closes connections that lay idle for too long, when there is a next request; a timer for each would cost more. */
function staleConnections(agent: HttpAgent): () => void {
  const idleSince = new WeakMap<object, number>()
  let lookedAt = 0
  agent.on('free', (socket: object) => idleSince.set(socket, now()))
  return () => {
    const at = now()
    if (at - lookedAt < IDLE_MS / 8) return
    lookedAt = at
    for (const sockets of Object.values(agent.freeSockets))
      for (const socket of sockets ?? []) if (at - (idleSince.get(socket) ?? at) > IDLE_MS) socket.destroy()
  }
}

/** In milliseconds, and of no clock that anybody sets. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

function receive(
  response: IncomingMessage,
  { operation }: TransportRequest,
  { endpoint, maxResponseBytes }: TransportSetup,
  resolve: (answer: ResponseParts) => void,
  reject: (reason: unknown) => void,
): void {
  const status = response.statusCode ?? 0
  if (status >= 300 && status < 400) {
    response.destroy()
    reject(new UnexpectedRedirectError(operation, endpoint.host, response.headers.location))
    return
  }
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxResponseBytes) {
      response.destroy()
      reject(new ResponseTooLargeError(operation, endpoint.host, maxResponseBytes))
    } else chunks.push(chunk)
  })
  response.on('error', reject)
  response.on('end', () => {
    const [first] = chunks
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
    resolve({ status, header: (name) => oneHeader(response, name), body: body.toString() })
  })
}

function oneHeader(response: IncomingMessage, name: string): string | undefined {
  const value = response.headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Only a new connection has to come about. */
function limitConnecting(request: ClientRequest, secure: boolean, limit: number): void {
  request.once('socket', (socket) => {
    if (request.reusedSocket || !socket.connecting) return
    const late = () => {
      const error = new Error(`no connection within ${limit} ms`)
      request.destroy(Object.assign(error, { code: 'ETIMEDOUT', syscall: 'connect' }))
    }
    const timer = setTimeout(late, limit)
    const done = () => clearTimeout(timer)
    socket.once(secure ? 'secureConnect' : 'connect', done)
    socket.once('close', done)
  })
}

function readBundle(path: string): string {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8')
  } catch (thrown) {
    throw new ConfigError(`caBundle cannot be read: ${(thrown as NodeJS.ErrnoException).code} ${path}`)
  }
}
