/** What can go wrong before a service has answered. Their names are data, so that they survive a minifier. */

/** An option is unknown, contradictory or missing. Nothing was sent. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

/** The service could not be reached, or the connection broke; `cause` has the transport's own words. */
export class ConnectionError extends Error {
  readonly host: string
  constructor(operation: string, host: string, cause: unknown) {
    super(`${operation}: no answer from ${host}: ${reasonOf(cause)}`, { cause })
    this.name = 'ConnectionError'
    this.host = host
  }
}

/** The attempt took longer than `timeoutMs`, from its start to the last byte of the answer. */
export class TimeoutError extends Error {
  readonly timeoutMs: number
  constructor(operation: string, host: string, timeoutMs: number) {
    super(`${operation}: ${host} did not answer in full within ${timeoutMs} ms`)
    this.name = 'TimeoutError'
    this.timeoutMs = timeoutMs
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

/** fetch says `fetch failed` and hides why one level down. */
function reasonOf(thrown: unknown): string {
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  if (!(inner instanceof Error)) return String(inner)
  const code = 'code' in inner ? String(inner.code) : ''
  return inner.message || code || inner.name
}
