/**
 * One call: attempts until an answer counts. Each attempt has its time, all of them together may have one too, and whoever
 * asked may end it at any moment.
 */
import { isServiceException } from '../protocol/error.ts'
import type { Frame, Input, Operation, Output } from '../protocol/operation.ts'
import { redact } from '../protocol/redact.ts'
import {
  decodeResponse,
  encodeRequest,
  MalformedResponseError,
  type ResponseParts,
} from '../protocol/rest-json/client.ts'
import { exchange, sleep } from './attempt.ts'
import type { Connection } from './connection.ts'
import { ConfigError, ConnectionError, ResponseTooLargeError, TimeoutError, UnexpectedRedirectError } from './errors.ts'
import { refund, retryIn } from './retry.ts'
import type { TransportRequest } from './transport/transport.ts'

/** What one call may say beside its input. */
export type CallOptions = {
  /** Ends the call; its promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** How a signed operation is signed; passed in, so that a bundle without such operations has no signing in it. */
export type Signing = {
  sign(connection: Connection, service: Frame, request: TransportRequest): Promise<TransportRequest>
  /** How far the service's clock is ahead, when that is news and enough to spoil a signature. */
  clockOffsetOf(response: ResponseParts | undefined, known: number): number | undefined
}

/** An attempt as it goes on, for its report. */
type Attempt = { readonly number: number; readonly startedAt: number; response: ResponseParts | undefined }

/**
 * Asks, and asks again where that is safe and of use.
 *
 * @throws ServiceException what the service said
 * @throws MalformedResponseError, UnexpectedRedirectError, ResponseTooLargeError for answers that are none
 * @throws ConnectionError, TimeoutError, or the reason of `signal`
 * @throws TypeError for an input that the contract does not allow
 */
export async function call<O extends Operation>(
  connection: Connection,
  service: Frame,
  asked: O,
  input: Input<O>,
  { signal }: CallOptions = {},
  signing?: Signing,
): Promise<Output<O>> {
  signal?.throwIfAborted()
  const { maxAttempts, deadlineMs, replaysAnswers } = connection.options
  // A service that answers a repetition as it did the first time makes every operation repeatable.
  const operation: O = replaysAnswers === true ? { ...asked, repeatable: true } : asked
  const parts = encodeRequest(operation, input)
  const overall = deadlineMs === undefined ? undefined : startDeadline(connection, operation, deadlineMs, signal)
  const stop = overall?.signal ?? signal
  // The same for all attempts: a service that remembers it can tell a repetition from a second wish.
  const headers: Record<string, string> = {
    ...connection.headers,
    ...parts.headers,
    'amz-sdk-invocation-id': newId(),
  }
  const request = { operation: operation.name, method: parts.method, target: parts.target, headers, body: parts.body }
  try {
    for (let number = 1; ; number++) {
      headers['amz-sdk-request'] = `attempt=${number}; max=${maxAttempts}`
      const attempt: Attempt = { number, startedAt: performance.now(), response: undefined }
      let output: Output<O>
      try {
        const ready = signing === undefined ? request : signing.sign(connection, service, request)
        attempt.response = await exchange(connection, operation, ready, stop)
        output = decodeResponse(service, operation, attempt.response)
      } catch (thrown) {
        const error = stop?.aborted ? stop.reason : known(thrown, connection, operation)
        const wait = stop?.aborted ? undefined : waitAfter(error, connection, attempt, overall?.endsAt, signing)
        report(connection, operation, input, attempt, error, wait)
        if (wait === undefined) throw error
        await sleep(wait, stop)
        continue
      }
      refund(connection.budget, number > 1)
      report(connection, operation, input, attempt, undefined, undefined)
      return output
    }
  } finally {
    overall?.clear()
  }
}

/** Everything thrown gets a type that says what happened. */
function known(thrown: unknown, { endpoint }: Connection, operation: Operation): unknown {
  const typed =
    isServiceException(thrown) ||
    [MalformedResponseError, ResponseTooLargeError, UnexpectedRedirectError, TimeoutError, ConfigError].some(
      (type) => thrown instanceof type,
    )
  return typed ? thrown : new ConnectionError(operation, endpoint.host, thrown)
}

function waitAfter(
  error: unknown,
  connection: Connection,
  { number, response }: Attempt,
  endsAt: number | undefined,
  signing: Signing | undefined,
): number | undefined {
  const { options, budget } = connection
  if (signing !== undefined && isServiceException(error) && error.retrySafe && number < options.maxAttempts) {
    const offset = signing.clockOffsetOf(response, connection.clockOffset)
    if (offset !== undefined) {
      connection.clockOffset = offset
      return 0
    }
  }
  const wait = retryIn(error, number, options, budget, Math.random())
  return wait === undefined || (endsAt !== undefined && performance.now() + wait >= endsAt) ? undefined : wait
}

function startDeadline(
  { endpoint }: Connection,
  operation: Operation,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): { signal: AbortSignal; endsAt: number; clear(): void } {
  const abort = new AbortController()
  const late = () => abort.abort(new TimeoutError(operation, endpoint.host, deadlineMs))
  const timer = setTimeout(late, deadlineMs)
  return {
    signal: signal === undefined ? abort.signal : AbortSignal.any([signal, abort.signal]),
    endsAt: performance.now() + deadlineMs,
    clear: () => clearTimeout(timer),
  }
}

function report(
  { options }: Connection,
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { number, startedAt, response }: Attempt,
  error: unknown,
  retryInMs: number | undefined,
): void {
  options.onAttempt?.({
    operation: operation.name,
    attempt: number,
    input: redact(operation.input, input),
    durationMs: performance.now() - startedAt,
    status: response?.status,
    requestId: response?.header('x-amzn-RequestId'),
    error,
    retryInMs,
  })
}

/** `crypto.randomUUID` exists only where a page came over https. */
function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
