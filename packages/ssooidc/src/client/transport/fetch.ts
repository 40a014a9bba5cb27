/** The transport of browsers, workers, Bun and Deno, and of whoever brings a `fetch` of their own. */
import type { ResponseParts } from '../../protocol/rest-json/client.ts'
import { ResponseTooLargeError, UnexpectedRedirectError } from '../errors.ts'
import type { Fetch } from '../options.ts'
import { prefixOf, type Transport, type TransportSetup } from './transport.ts'

/** A transport over `fetch`. */
export function fetchTransport(
  { endpoint, maxResponseBytes, keepAlive }: TransportSetup,
  fetch: Fetch = (request) => globalThis.fetch(request),
): Transport {
  const base = endpoint.origin + prefixOf(endpoint)
  return {
    start({ operation, method, target, headers, body = null }) {
      const abort = new AbortController()
      const { signal } = abort
      let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
      const cancel = (reason?: unknown) => {
        abort.abort(reason)
        reader?.cancel().catch(() => {}) // a broken stream has nothing left to let go of
      }
      const ask = async (): Promise<ResponseParts> => {
        const sent = keepAlive ? headers : { ...headers, connection: 'close' }
        const request = new Request(base + target, { method, headers: sent, body, redirect: 'manual', signal })
        const { type, status, headers: said, body: stream } = await fetch(request)
        const header = (name: string) => said.get(name) ?? undefined
        reader = stream?.getReader()
        if (signal.aborted) cancel()
        if (type === 'opaqueredirect' || (status >= 300 && status < 400)) {
          cancel()
          throw new UnexpectedRedirectError(operation, endpoint.host, header('location'))
        }
        const decoder = new TextDecoder()
        let text = ''
        let size = 0
        for (;;) {
          const { value } = (await reader?.read()) ?? {}
          if (value === undefined) return { status, header, body: text + decoder.decode() }
          size += value.byteLength
          if (size > maxResponseBytes) {
            cancel()
            throw new ResponseTooLargeError(operation, endpoint.host, maxResponseBytes)
          }
          text += decoder.decode(value, { stream: true })
        }
      }
      return { answer: ask(), cancel }
    },
    close() {},
  }
}
