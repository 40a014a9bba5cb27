/** What can go wrong before a service has answered. Their names are data, so that they survive a minifier. */
import { isRepeatable, type Operation } from '../protocol/operation.ts'

export { ConfigError, ProfileNotFoundError } from '../config/errors.ts'

/** The service could not be reached, or the connection broke; `cause` has the transport's own words. */
export class ConnectionError extends Error {
  readonly host: string
  /** The system's name for what happened, such as `ECONNREFUSED`, where there is one. */
  readonly code: string | undefined
  /** Whether asking again, unchanged, does no harm: nothing was sent, or the operation may be repeated. */
  readonly retrySafe: boolean
  constructor(operation: Operation, host: string, cause: unknown) {
    const { code, message, sent } = reasonOf(cause)
    super(`${operation.name}: no answer from ${host}: ${message}`, { cause })
    this.name = 'ConnectionError'
    this.host = host
    this.code = code
    this.retrySafe = !sent || isRepeatable(operation)
  }
}

/** The call took longer than it may: an attempt longer than `timeoutMs`, or all of them together longer than `deadlineMs`. */
export class TimeoutError extends Error {
  readonly timeoutMs: number
  /** Whether asking again, unchanged, does no harm. */
  readonly retrySafe: boolean
  constructor(operation: Operation, host: string, timeoutMs: number) {
    super(`${operation.name}: ${host} did not answer in full within ${timeoutMs} ms`)
    this.name = 'TimeoutError'
    this.timeoutMs = timeoutMs
    this.retrySafe = isRepeatable(operation)
  }
}

/** The server answered with a redirect. It was not followed, since the request may carry secrets. */
export class UnexpectedRedirectError extends Error {
  /** Where the redirect pointed, when it could be seen. */
  readonly location: string | undefined
  constructor(operation: string, host: string, location: string | undefined) {
    super(
      `${operation}: ${host} answered with a redirect${location ? ` to ${location}` : ''}; set endpoint to where the service is`,
    )
    this.name = 'UnexpectedRedirectError'
    this.location = location
  }
}

/** An answer larger than `maxResponseBytes`; its reading was stopped. */
export class ResponseTooLargeError extends Error {
  readonly maxResponseBytes: number
  constructor(operation: string, host: string, maxResponseBytes: number) {
    super(`${operation}: the answer of ${host} is larger than ${maxResponseBytes} bytes`)
    this.name = 'ResponseTooLargeError'
    this.maxResponseBytes = maxResponseBytes
  }
}

// What runtimes say when no connection came about, so that not a byte of the request was sent.
const unsent =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ConnectionRefused)$/

/** fetch says `fetch failed` and hides why one level down. */
function reasonOf(thrown: unknown): { code: string | undefined; message: string; sent: boolean } {
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  if (!(inner instanceof Error)) return { code: undefined, message: String(inner), sent: true }
  const { code, syscall } = inner as NodeJS.ErrnoException // absent in other runtimes
  return {
    code,
    message: inner.message || code || inner.name,
    sent: !(unsent.test(code ?? '') || syscall === 'connect'),
  }
}
