/**
 * The listener to which a browser brings the authorization code. It is on this machine's own address only, stands before the
 * browser is opened, and believes nobody who does not know `state`: any page can send a browser here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CALLBACK_PATH, LOOPBACK_REDIRECT_URI } from '../protocol/sso-oidc/authorization-endpoint.ts'
import { SignInError } from './errors.ts'
import { endPage, strayPage } from './loopback-page.ts'
import { isSame } from './pkce.ts'

/** What the browser brought. */
export type Callback =
  | { readonly outcome: 'code'; readonly code: string }
  | { readonly outcome: 'refused'; readonly error: string; readonly description: string | undefined }

/** A listener that runs. */
export type Loopback = {
  /** Where the browser is to come back to. */
  readonly redirectUri: string
  /** The first callback that knows the state. Rejects with the reason of `signal`. */
  readonly callback: Promise<Callback>
  /** Takes an address that a person copied out of a browser that could not come here. False when it is not one of ours. */
  paste(url: string): boolean
  /** Tells the waiting browser how it ended, and stops listening. */
  close(end: { readonly ok: boolean; readonly message: string }): Promise<void>
}

/** What to listen for. */
export type LoopbackOptions = {
  readonly state: string
  /** Default: one that is free. */
  readonly port?: number | undefined
  readonly signal?: AbortSignal | undefined
}

// A browser that was given an answer may keep its connection open.
const LAST_WORDS = 2_000

/**
 * Begins to listen.
 *
 * @throws SignInError `unavailable` when the port is taken or may not be listened on
 */
export async function listenForCallback({ state, port = 0, signal }: LoopbackOptions): Promise<Loopback> {
  signal?.throwIfAborted()
  const { createServer } = process.getBuiltinModule('node:http')
  const { promise, resolve, reject } = withResolvers<Callback>()
  promise.catch(() => {}) // who never asks for it has ended the sign-in
  let browser: ServerResponse | undefined
  let settled = false

  const take = (query: URLSearchParams): boolean => {
    const callback = callbackOf(query, state)
    if (settled || callback === undefined) return false
    settled = true
    resolve(callback)
    return true
  }

  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 }, (request, response) => {
    const url = targetOf(request, (server.address() as AddressInfo | null)?.port)
    if (url === undefined || url.pathname !== CALLBACK_PATH) return answer(response, 404, strayPage())
    if (request.method !== 'GET') return answer(response, 405, strayPage())
    if (!take(url.searchParams)) return answer(response, 400, strayPage())
    // It waits for how it ends: only then is it true that the person is signed in.
    browser = response
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', (thrown: NodeJS.ErrnoException) =>
      failed(new SignInError('unavailable', `cannot listen on 127.0.0.1:${port} (${thrown.code})`, { cause: thrown })),
    )
    server.listen(port, '127.0.0.1', listening)
  })
  const redirectUri = new URL(LOOPBACK_REDIRECT_URI)
  redirectUri.port = String((server.address() as AddressInfo).port) // it listens on an address, not on a pipe

  const onAbort = () => {
    reject(signal?.reason)
    server.close()
    server.closeAllConnections()
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return {
    redirectUri: redirectUri.href,
    callback: promise,
    paste: (text) => URL.canParse(text.trim()) && take(new URL(text.trim()).searchParams),
    async close({ ok, message }) {
      signal?.removeEventListener('abort', onAbort)
      reject(new SignInError('unavailable', 'the listener was closed'))
      const closed = new Promise<void>((done) => server.close(() => done()))
      if (browser?.headersSent === false) answer(browser, ok ? 200 : 400, endPage(ok, message))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), LAST_WORDS)
      await closed
      clearTimeout(timer)
    },
  }
}

/** The request's target, when it was meant for us: a name that somebody else made point here is not (DNS rebinding). */
function targetOf({ url = '', headers }: IncomingMessage, port: number | undefined): URL | undefined {
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`)
  if (headers.host === undefined || !hosts.includes(headers.host.toLowerCase())) return undefined
  return url.startsWith('/') && URL.canParse(url, LOOPBACK_REDIRECT_URI)
    ? new URL(url, LOOPBACK_REDIRECT_URI)
    : undefined
}

/** RFC 6749 §4.1.2. Neither a code nor an error counts without the state, or any page could end a sign-in. */
function callbackOf(query: URLSearchParams, state: string): Callback | undefined {
  if (query.getAll('state').length !== 1 || !isSame(query.get('state') ?? '', state)) return undefined
  const [code, error] = [query.get('code'), query.get('error')]
  if (error) return { outcome: 'refused', error, description: query.get('error_description') ?? undefined }
  return code ? { outcome: 'code', code } : undefined
}

function answer(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    // The address of this page holds the code.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(page)
}

/** `Promise.withResolvers`, which Node.js 20 lacks. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
