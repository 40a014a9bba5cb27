/** The door to the network: what carries a request there and its answer back. */
import type { ResponseParts } from '../../protocol/rest-json/client.ts'

/** A request, whole. Header names are in lower case. */
export type TransportRequest = {
  readonly operation: string
  readonly method: string
  /** Path and query, below the endpoint. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** A request under way. */
export type Exchange = {
  /** The answer in full, whatever its status; a redirect comes without its body. */
  readonly answer: Promise<ResponseParts>
  /** Lets go of the connection. The answer's promise may then end in any way, or never. */
  cancel(reason: unknown): void
}

/** What a transport is made from. */
export type TransportSetup = {
  /** Where the service is; its path is put before every target. */
  readonly endpoint: URL
  readonly connectTimeoutMs: number
  readonly maxResponseBytes: number
  readonly keepAlive: boolean
  readonly caBundle?: string | undefined
  readonly httpsProxy?: string | undefined
  readonly httpProxy?: string | undefined
  readonly noProxy?: string | undefined
}

/**
 * Carries requests to one endpoint. It never follows a redirect, and stops reading an answer that is larger than it may be.
 * Deadlines are not its job, except that of a connection.
 */
export interface Transport {
  start(request: TransportRequest): Exchange
  /** Closes what is idle; a request under way goes on. */
  close(): void
}

/** The endpoint's path without a slash at its end, so that targets can be appended. */
export function prefixOf(endpoint: URL): string {
  return endpoint.pathname.replace(/\/+$/, '')
}
