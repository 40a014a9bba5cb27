/**
 * One call: attempts until an answer counts. Each attempt has its time, all of them together may have one too, and whoever
 * asked may end it at any moment.
 */
import { isUnsent, monotonic } from '#platform'
import { NamedError } from '../protocol/error.ts'
import type { Frame, Input, OperationWire, Output } from '../protocol/operation.ts'
import { redact } from '../protocol/redact.ts'
import { decodeResponse, encodeRequest, type RequestParts, type ResponseParts } from '../protocol/rest-json/client.ts'
import { exchange, sleep, unlessStopped } from './attempt.ts'
import type { Connection, Connections } from './connection.ts'
import { ConnectionError } from './errors.ts'
import { refund, retryIn } from './retry.ts'
import type { TransportRequest } from './transport/transport.ts'

/** What one call may say beside its input. */
export type CallOptions = {
  /** Ends the call; its promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** How an operation is asked, where not as AWS's unsigned ones are. */
export type Manner = {
  readonly signing?: Signing
  /** @throws TypeError for an input that the contract does not allow */
  readonly encode?: <O extends OperationWire>(operation: O, input: Input<O>) => RequestParts
}

/** How a signed operation is signed; passed in, so that a bundle without such operations has no signing in it. */
export type Signing = {
  sign(connection: Connection, service: Frame, request: TransportRequest): Promise<TransportRequest>
  /** Zero, to ask again at once, when the attempt was refused for a clock that is wrong and now is not. */
  correctClock(
    connection: Connection,
    response: ResponseParts | undefined,
    error: unknown,
    attempt: number,
  ): number | undefined
}

/**
 * Asks, and asks again where that is safe and of use.
 *
 * @throws ServiceException what the service said
 * @throws MalformedResponseError, UnexpectedRedirectError, ResponseTooLargeError for answers that are none
 * @throws ConnectionError, TimeoutError, or the reason of `signal`
 * @throws TypeError for an input that the contract does not allow
 */
export async function call<O extends OperationWire>(
  to: Connections,
  service: Frame,
  asked: O,
  input: Input<O>,
  { signal }: CallOptions = {},
  { signing, encode = encodeRequest }: Manner = {},
): Promise<Output<O>> {
  signal?.throwIfAborted()
  const found = to.to(service)
  const connection = found instanceof Promise ? await unlessStopped(found, signal) : found
  const { options, endpoint, budget } = connection
  const { maxAttempts, deadlineMs = Infinity, replaysAnswers, onAttempt } = options
  const endsAt = monotonic() + deadlineMs
  // A service that answers a repetition as it did the first time makes every operation repeatable.
  const operation: O = replaysAnswers ? { ...asked, repeatable: true } : asked
  const parts = encode(operation, input)
  const headers: Record<string, string> = { ...connection.headers, ...parts.headers }
  // AWS's own: to any other service, a web page would need leave to send them.
  const isAws = service.dialect === 'restJson1'
  // The same for all attempts: a service that remembers it can tell a repetition from a second wish.
  if (isAws) headers['amz-sdk-invocation-id'] = newId()
  const request: TransportRequest = { ...parts, operation: operation.name, headers }
  for (let attempt = 1; ; attempt++) {
    if (isAws) headers['amz-sdk-request'] = `attempt=${attempt}; max=${maxAttempts}`
    const startedAt = monotonic()
    let response: ResponseParts | undefined
    let output: Output<O> | undefined
    let error: unknown
    let retryInMs: number | undefined
    try {
      const ready = signing === undefined ? request : signing.sign(connection, service, request)
      response = await exchange(connection, operation, ready, signal, endsAt)
      output = decodeResponse(service, operation, response)
    } catch (thrown) {
      if (signal?.aborted) error = signal.reason
      else {
        // Everything thrown gets a type that says what happened.
        error = thrown instanceof NamedError ? thrown : new ConnectionError(operation, endpoint.host, thrown, isUnsent)
        retryInMs =
          signing?.correctClock(connection, response, error, attempt) ??
          retryIn(error, attempt, options, budget, Math.random())
        if (retryInMs !== undefined && monotonic() + retryInMs >= endsAt) retryInMs = undefined
      }
    }
    if (output !== undefined) refund(budget, attempt > 1)
    onAttempt?.({
      operation: operation.name,
      attempt,
      input: redact(operation.input, input),
      durationMs: monotonic() - startedAt,
      status: response?.status,
      requestId: response?.header('x-amzn-RequestId'),
      error,
      retryInMs,
    })
    if (output !== undefined) return output
    if (retryInMs === undefined) throw error
    await sleep(retryInMs, signal)
  }
}

/**
 * A UUID of version 4. It has to be unlike the others and is no secret: whoever could guess it would still need the secrets
 * of the body. So it comes without `crypto`, which costs a program that starts two megabytes.
 */
function newId(): string {
  const digit = () => Math.trunc(Math.random() * 16).toString(16)
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit)
}
