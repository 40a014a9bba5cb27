/**
 * The way from sockets to the application: reads a request whole, within limits and deadlines, and hands its raw form to
 * the API, or, where it is none of the API's, that and a `Request` to the pages. A forwarded address counts only from a proxy
 * that the settings name.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, BlockList, isIP } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { WireResponse } from 'ssooidc/protocol'
import type { RawRequest } from '../protocol/raw-request.ts'
import type { Bindings, RequestFault } from './environment.ts'
import { faultOf } from './raw-checks.ts'

/** Anything that answers requests. */
export type Application = {
  fetch(request: Request, bindings?: Bindings): Response | Promise<Response>
  /**
   * Answers what needs no `Request`, and whatever may not be made one; undefined otherwise. An application without it sees,
   * in place of a request with a fault, one to an address where nothing is.
   */
  answer?(raw: RawRequest, fault: RequestFault | undefined): Promise<WireResponse> | undefined
}

/** A certificate, with those that vouch for it, and its key; both PEM. */
export type Certificate = { cert: string; key: string }

/** Where and how to listen. */
export type ListenOptions = {
  host: string
  /** 0 takes any free port. */
  port: number
  /** Addresses or CIDR blocks of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies?: readonly string[]
  /** Most bytes of a request body. */
  maxBodyBytes?: number
  /** What to speak TLS with; without it, plain http. */
  certificate?: Certificate | undefined
}

/** A listener that listens. */
export type Listening = {
  readonly url: string
  readonly port: number
  /** Stops accepting, lets requests in hand finish for at most `graceMs`, then cuts what is left. Twice is as good as once. */
  close(graceMs?: number): Promise<void>
  /** Greets new connections with another certificate; those that there are go on. */
  renew(certificate: Certificate): void
}

const MAX_BODY_BYTES = 65_536
const MAX_HEADER_BYTES = 16_384

/**
 * Listens. Rejects with the system's error when the address cannot be had. What is asked before there is an application waits
 * for it, so that a server can hold its port, and know its address, before it opens anything.
 */
export async function listen(app: Application | Promise<Application>, options: ListenOptions): Promise<Listening> {
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: 8_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 2_000,
    // Our own refusal says it in the service's form.
    requireHostHeader: false,
  }
  const handler = handlerOf(app, options)
  const { certificate } = options
  const secure =
    certificate &&
    createTlsServer({ ...limits, ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: 8_000 }, handler)
  const server: Server = secure ?? createServer(limits, handler)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const { port } = server.address() as AddressInfo // it listens on TCP
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `${secure ? 'https' : 'http'}://${host}:${port}`,
    port,
    close: (graceMs = 10_000) => close(server, graceMs),
    renew: (renewed) => secure?.setSecureContext({ ...renewed, minVersion: 'TLSv1.2' }),
  }
}

type Handler = (incoming: IncomingMessage, outgoing: ServerResponse) => void

function handlerOf(app: Application | Promise<Application>, options: ListenOptions): Handler {
  if (!(app instanceof Promise)) return requestListener(app, options)
  let ready: Handler | undefined
  const coming = app.then((come) => {
    ready = requestListener(come, options)
    return ready
  })
  return (incoming, outgoing) => {
    if (ready !== undefined) ready(incoming, outgoing)
    else
      coming.then(
        (handle) => handle(incoming, outgoing),
        () => outgoing.destroy(),
      )
  }
}

function requestListener(app: Application, options: ListenOptions): Handler {
  const limit = options.maxBodyBytes ?? MAX_BODY_BYTES
  const proxies = options.trustedProxies?.length ? blockList(options.trustedProxies) : undefined
  const bindings = new WeakMap<IncomingMessage, Bindings>()
  const answer = getRequestListener((request, env) => {
    const { incoming } = env as { incoming: IncomingMessage } // what the adapter gives for HTTP/1.1
    return app.fetch(request, bindings.get(incoming))
  })
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    // Asked first: a socket that breaks while the body arrives has no address any more.
    const peer = peerAddress(incoming, proxies)
    const body = await readBody(incoming, limit)
    if (body === 'aborted') return
    const raw: RawRequest = {
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      headers: pairs(incoming.rawHeaders),
      body: body === 'too-large' ? nothing : body,
      peerAddress: peer,
    }
    const tooLarge: RequestFault = { kind: 'tooLarge', description: `The request body is larger than ${limit} bytes.` }
    // Which reading of a malformed request the body belongs to is anybody's guess, so that is said first.
    const fault = faultOf(raw, incoming.httpVersion) ?? (body === 'too-large' ? tooLarge : undefined)
    const answered = app.answer?.(raw, fault)
    if (answered !== undefined) return send(outgoing, await answered, fault)
    if (fault !== undefined) return refuse(app, { raw, fault }, outgoing)
    bindings.set(incoming, { raw, fault })
    await answer(incoming, outgoing)
  }
  // One request that cannot be answered must never take the others down with it.
  return (incoming, outgoing) => void handle(incoming, outgoing).catch(() => outgoing.destroy())
}

// What must not be parsed is not.
async function refuse(app: Application, bindings: Bindings, outgoing: ServerResponse): Promise<void> {
  const response = await app.fetch(new Request('http://refused.invalid/'), bindings)
  const headers = Object.fromEntries(response.headers)
  send(outgoing, { status: response.status, headers, body: await response.text() }, bindings.fault)
}

function send(
  outgoing: ServerResponse,
  { status, headers, body }: WireResponse,
  fault: RequestFault | undefined,
): void {
  const lines: string[] = []
  for (const name in headers) lines.push(name, headers[name] ?? '')
  // 204 says by itself that nothing follows. @see https://www.rfc-editor.org/rfc/rfc9110#section-8.6
  if (status !== 204) lines.push('Content-Length', String(Buffer.byteLength(body)))
  // After a body that is only too large the connection stays: closed at once, it would take the answer with it.
  if (fault?.kind === 'malformed') lines.push('Connection', 'close')
  outgoing.writeHead(status, lines)
  outgoing.end(body)
}

const nothing = new Uint8Array()

// By events: an iterator over the stream costs as much as all else that is done with a small request.
function readBody(incoming: IncomingMessage, limit: number): Promise<Body> | Body {
  const { 'content-length': length, 'transfer-encoding': coding } = incoming.headers
  if (coding === undefined && (length === undefined || length === '0')) return nothing
  if (Number(length) > limit) return 'too-large'
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else resolve('too-large')
    })
    incoming.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    incoming.once('error', () => resolve('aborted'))
    incoming.once('close', () => resolve('aborted'))
  })
}

type Body = Uint8Array | 'too-large' | 'aborted'

function pairs(rawHeaders: readonly string[]): [string, string][] {
  const headers: [string, string][] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? ''])
  return headers
}

// The last address that a trusted proxy saw and that is not itself a trusted proxy. What stands before it is hearsay.
function peerAddress(incoming: IncomingMessage, proxies: BlockList | undefined): string {
  const peer = plain(incoming.socket.remoteAddress ?? '')
  if (!contains(proxies, peer)) return peer
  const forwarded = [incoming.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  for (const hop of forwarded.map((each) => plain(each.trim())).reverse()) {
    if (isIP(hop) === 0) return peer
    if (!contains(proxies, hop)) return hop
  }
  return peer
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
}

function contains(list: BlockList | undefined, address: string): boolean {
  if (list === undefined) return false
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

function blockList(blocks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const block of blocks) {
    const [address = '', prefix] = block.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

async function close(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(cut)
}
