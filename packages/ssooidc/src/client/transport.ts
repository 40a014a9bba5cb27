/** One attempt over `fetch`: within a deadline, without redirects, and never more than a megabyte read. */
import { MalformedResponseError, type RequestParts, type ResponseParts } from '../protocol/rest-json/client.ts'
import { ConnectionError, TimeoutError, UnexpectedRedirectError } from './errors.ts'
import type { ResolvedOptions } from './options.ts'

const MAX_BODY = 2 ** 20

/**
 * Asks once.
 *
 * @throws the reason of `signal`, once it aborts
 * @throws TimeoutError, ConnectionError, UnexpectedRedirectError
 * @throws MalformedResponseError for an answer that is too large
 */
export async function send(
  options: ResolvedOptions,
  operation: string,
  { method, target, headers, body }: RequestParts,
  signal?: AbortSignal,
): Promise<ResponseParts> {
  const { endpoint, host, timeoutMs, fetch } = options
  signal?.throwIfAborted()
  const all = new Headers(options.headers)
  for (const [name, value] of Object.entries(headers)) all.set(name, value)
  const abort = new AbortController()
  const request = new Request(endpoint + target, {
    method,
    headers: all,
    redirect: 'manual',
    signal: abort.signal,
    ...(body === undefined ? {} : { body }),
  })
  const cancel = () => abort.abort(signal?.reason)
  signal?.addEventListener('abort', cancel, { once: true })
  const deadline = setTimeout(() => abort.abort(new TimeoutError(operation, host, timeoutMs)), timeoutMs)
  try {
    const response = await unlessAborted(Promise.resolve(fetch(request)), abort.signal)
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      release(response.body?.getReader())
      throw new UnexpectedRedirectError(operation, host, response.headers.get('location') ?? undefined)
    }
    return await readAll(operation, response, abort.signal)
  } catch (thrown) {
    if (abort.signal.aborted) throw abort.signal.reason
    if (thrown instanceof UnexpectedRedirectError || thrown instanceof MalformedResponseError) throw thrown
    throw new ConnectionError(operation, host, thrown)
  } finally {
    clearTimeout(deadline)
    signal?.removeEventListener('abort', cancel)
  }
}

async function readAll(operation: string, response: Response, signal: AbortSignal): Promise<ResponseParts> {
  const { status, headers } = response
  const header = (name: string) => headers.get(name) ?? undefined
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let body = ''
  let size = 0
  try {
    for (;;) {
      const chunk = reader && (await unlessAborted(reader.read(), signal))
      if (!chunk?.value) return { status, header, body: body + decoder.decode() }
      size += chunk.value.byteLength
      if (size > MAX_BODY)
        throw new MalformedResponseError(`${operation}: the answer is larger than ${MAX_BODY} bytes.`, {
          status,
          header,
          body: '',
        })
      body += decoder.decode(chunk.value, { stream: true })
    }
  } catch (thrown) {
    release(reader)
    throw thrown
  }
}

/** Lets go of a body that nobody will read, so that its connection closes. */
function release(reader: ReadableStreamDefaultReader | undefined): void {
  reader?.cancel().catch(() => {}) // a broken stream has nothing left to let go of
}

/** A `fetch` that was given need not heed the signal, and a deadline must hold all the same. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}
