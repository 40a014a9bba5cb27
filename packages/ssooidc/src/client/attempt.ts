/** One attempt within its time, and the wait for the next. Both end at once when they are told to stop. */
import { monotonic } from '#platform'
import type { OperationWire } from '../protocol/operation.ts'
import type { ResponseParts } from '../protocol/rest-json/client.ts'
import type { Connection } from './connection.ts'
import { TimeoutError } from './errors.ts'
import type { TransportRequest } from './transport/transport.ts'

/**
 * One request and its answer within `timeoutMs`, and before `endsAt`, the time in which it is signed included. Neither a
 * transport nor a source of credentials need heed that; the time is up all the same.
 */
export function exchange(
  { endpoint, options, transport }: Connection,
  operation: OperationWire,
  prepared: TransportRequest | Promise<TransportRequest>,
  stop: AbortSignal | undefined,
  endsAt: number,
): Promise<ResponseParts> {
  return new Promise((resolve, reject) => {
    const { timeoutMs, deadlineMs = timeoutMs } = options
    const left = endsAt - monotonic()
    let ended = false
    let cancel: ((reason: unknown) => void) | undefined
    const end = () => {
      ended = true
      clearTimeout(timer)
      stop?.removeEventListener('abort', onStop)
    }
    const fail = (reason: unknown) => {
      end()
      reject(reason)
    }
    const abandon = (reason: unknown) => {
      fail(reason)
      cancel?.(reason)
    }
    const onStop = () => abandon(stop?.reason)
    const late = () => abandon(new TimeoutError(operation, endpoint.host, left < timeoutMs ? deadlineMs : timeoutMs))
    const timer = setTimeout(late, Math.min(left, timeoutMs))
    stop?.addEventListener('abort', onStop)
    const begin = (request: TransportRequest) => {
      if (ended) return
      const begun = transport.start(request)
      cancel = begun.cancel
      begun.answer.then((response) => {
        end()
        resolve(response)
      }, fail)
    }
    try {
      if (stop?.aborted) onStop()
      else if (prepared instanceof Promise) prepared.then(begin).catch(fail)
      else begin(prepared)
    } catch (thrown) {
      fail(thrown)
    }
  })
}

/** What a promise gives, unless the signal aborts first; rejects with its reason then. */
export function unlessStopped<T>(promise: Promise<T>, stop: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const onStop = () => reject(stop?.reason)
    stop?.addEventListener('abort', onStop)
    const end = () => stop?.removeEventListener('abort', onStop)
    if (stop?.aborted) onStop()
    promise.then(resolve, reject).then(end)
  })
}

/** Waits; rejects with the signal's reason when it aborts. */
export function sleep(ms: number, stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onStop = () => {
      clearTimeout(timer)
      reject(stop?.reason)
    }
    const timer = setTimeout(() => {
      stop?.removeEventListener('abort', onStop)
      resolve()
    }, ms)
    if (stop?.aborted) onStop()
    else stop?.addEventListener('abort', onStop, { once: true })
  })
}
