/** The transport of browsers, workers, Bun and Deno, and of whoever brings a `fetch` of their own. */
import type { ResponseParts } from '../../protocol/rest-json/client.ts'
import { ResponseTooLargeError, UnexpectedRedirectError } from '../errors.ts'
import type { Fetch } from '../options.ts'
import { prefixOf, type Transport, type TransportRequest, type TransportSetup } from './transport.ts'

/** A transport over `fetch`. */
export function fetchTransport(
  { endpoint, maxResponseBytes, keepAlive }: TransportSetup,
  fetch: Fetch = (request) => globalThis.fetch(request),
): Transport {
  const base = endpoint.origin + prefixOf(endpoint)
  return {
    start(request) {
      const abort = new AbortController()
      let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
      const ask = async () => {
        const response = await fetch(toRequest(base, request, keepAlive, abort.signal))
        if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
          release(response.body?.getReader())
          throw new UnexpectedRedirectError(
            request.operation,
            endpoint.host,
            response.headers.get('location') ?? undefined,
          )
        }
        reader = response.body?.getReader()
        if (abort.signal.aborted) release(reader)
        return readAll(response, reader, maxResponseBytes, () => {
          throw new ResponseTooLargeError(request.operation, endpoint.host, maxResponseBytes)
        })
      }
      return {
        answer: ask(),
        cancel: (reason) => {
          abort.abort(reason)
          release(reader)
        },
      }
    },
    close() {},
  }
}

function toRequest(base: string, request: TransportRequest, keepAlive: boolean, signal: AbortSignal): Request {
  const { method, target, headers, body } = request
  return new Request(base + target, {
    method,
    headers: keepAlive ? headers : { ...headers, connection: 'close' },
    redirect: 'manual',
    signal,
    ...(body === undefined ? {} : { body }),
  })
}

async function readAll(
  { status, headers }: Response,
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  limit: number,
  tooLarge: () => never,
): Promise<ResponseParts> {
  const header = (name: string) => headers.get(name) ?? undefined
  const decoder = new TextDecoder()
  let body = ''
  let size = 0
  for (;;) {
    const chunk = await reader?.read()
    if (chunk?.value === undefined) return { status, header, body: body + decoder.decode() }
    size += chunk.value.byteLength
    if (size > limit) {
      release(reader)
      tooLarge()
    }
    body += decoder.decode(chunk.value, { stream: true })
  }
}

/** Lets go of a body that nobody will read, so that its connection closes. */
function release(reader: ReadableStreamDefaultReader | undefined): void {
  reader?.cancel().catch(() => {}) // a broken stream has nothing left to let go of
}
