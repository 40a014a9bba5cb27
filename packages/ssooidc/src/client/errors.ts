/** What can go wrong before a service has answered. Their names are data, so that they survive a minifier. */
import { NamedError } from '../protocol/error.ts'
import { isRepeatable, type OperationWire } from '../protocol/operation.ts'

export { ConfigError, ProfileNotFoundError } from '../config/errors.ts'

/** The service could not be reached, or the connection broke; `cause` has the transport's own words. */
export class ConnectionError extends NamedError {
  declare readonly host: string
  /** The system's name for what happened, such as `ECONNREFUSED`, where there is one. */
  declare readonly code: string | undefined
  /** Whether asking again, unchanged, does no harm: nothing was sent, or the operation may be repeated. */
  declare readonly retrySafe: boolean
  constructor(operation: OperationWire, host: string, cause: unknown, isUnsent = (_: NodeJS.ErrnoException) => false) {
    // fetch says `fetch failed` and hides why one level down.
    const inner: unknown = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
    const told = inner instanceof Error ? inner : new Error(String(inner))
    const { code, name } = told as NodeJS.ErrnoException // absent in browsers
    const message = told.message || code || name
    const retrySafe = isUnsent(told) || isRepeatable(operation)
    super('ConnectionError', `${operation.name}: no answer from ${host}: ${message}`, { host, code, retrySafe, cause })
  }
}

/** The call took longer than it may: an attempt longer than `timeoutMs`, or all of them together longer than `deadlineMs`. */
export class TimeoutError extends NamedError {
  declare readonly timeoutMs: number
  /** Whether asking again, unchanged, does no harm. */
  declare readonly retrySafe: boolean
  constructor(operation: OperationWire, host: string, timeoutMs: number) {
    const message = `${operation.name}: ${host} did not answer in full within ${timeoutMs} ms`
    super('TimeoutError', message, { timeoutMs, retrySafe: isRepeatable(operation) })
  }
}

/** The server answered with a redirect. It was not followed, since the request may carry secrets. */
export class UnexpectedRedirectError extends NamedError {
  /** Where the redirect pointed, when it could be seen. */
  declare readonly location: string | undefined
  constructor(operation: string, host: string, location: string | undefined) {
    const to = location ? ` to ${location}` : ''
    const message = `${operation}: ${host} answered with a redirect${to}; set endpoint to where the service is`
    super('UnexpectedRedirectError', message, { location })
  }
}

/** An answer larger than `maxResponseBytes`; its reading was stopped. */
export class ResponseTooLargeError extends NamedError {
  declare readonly maxResponseBytes: number
  constructor(operation: string, host: string, maxResponseBytes: number) {
    const message = `${operation}: the answer of ${host} is larger than ${maxResponseBytes} bytes`
    super('ResponseTooLargeError', message, { maxResponseBytes })
  }
}
