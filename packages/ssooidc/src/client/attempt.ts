/** One attempt within its time, and the wait for the next. Both end at once when they are told to stop. */
import { monotonic } from '#platform'
import type { OperationWire } from '../protocol/operation.ts'
import type { ResponseParts } from '../protocol/rest-json/client.ts'
import type { Connection } from './connection.ts'
import { TimeoutError } from './errors.ts'
import type { Exchange, TransportRequest } from './transport/transport.ts'

/** A timer holds at most this many milliseconds; more would fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1

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
  const { timeoutMs, deadlineMs = timeoutMs } = options
  const left = endsAt - monotonic()
  let abandoned = false
  let begun: Exchange | undefined
  const ask = async () => {
    const request = await prepared
    if (abandoned) throw stop?.reason // nobody waits for it any more
    begun = transport.start(request)
    return begun.answer
  }
  const abandon = (reason: unknown) => {
    abandoned = true
    begun?.cancel(reason)
  }
  const late = () => new TimeoutError(operation, endpoint.host, left < timeoutMs ? deadlineMs : timeoutMs)
  return unlessStopped(ask(), stop, abandon, Math.min(left, timeoutMs), late)
}

/**
 * What a promise gives, unless the signal aborts first, or so many milliseconds pass: rejects with the signal's reason then, or
 * with what `late` makes, which `abandon` is told too.
 */
export function unlessStopped<T>(
  promise: Promise<T>,
  stop: AbortSignal | undefined,
  abandon?: (reason: unknown) => void,
  ms?: number,
  late?: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      stop?.removeEventListener('abort', onStop)
    }
    const giveUp = (reason: unknown) => {
      end()
      reject(reason)
      abandon?.(reason)
    }
    const onStop = () => giveUp(stop?.reason)
    const timer = late && setTimeout(() => giveUp(late()), ms)
    stop?.addEventListener('abort', onStop)
    promise.then(resolve, reject).then(end)
    if (stop?.aborted) onStop()
  })
}

/** Waits; rejects with the signal's reason when it aborts. */
export function sleep(ms: number, stop: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const waited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  return unlessStopped(waited, stop, () => clearTimeout(timer))
}
