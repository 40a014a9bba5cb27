/** What every handler of the server knows about the request in hand. */
import type { Context, Hono } from 'hono'
import type { Deps, Origin } from '../core/deps.ts'
import type { RawRequest } from '../protocol/raw-request.ts'

/** Something about the bytes of a request that makes it unfit to be read further. */
export type RequestFault = { kind: 'malformed' | 'tooLarge'; description: string }

/** What the listener hands to the application beside the request. */
export type Bindings = {
  raw?: RawRequest
  fault?: RequestFault | undefined
}

/** A request in hand: what is learnt of it once, before anything is decided. */
export type Exchange = {
  raw: RawRequest
  requestId: string
  /** The one clock reading of the request, epoch milliseconds. */
  now: number
  /** What the log line says beside the usual: the operation, an error's type. */
  log: Record<string, unknown>
}

export type Environment = { Bindings: Bindings; Variables: Exchange }
export type App = Hono<Environment>
export type RequestContext = Context<Environment>

/** Where lines go; what pino is. */
export type Logger = {
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** What the application needs beside the use cases' deps. */
export type ServerDeps = {
  readonly deps: Deps
  readonly logger: Logger
  /** The clock: epoch milliseconds. */
  readonly clock: () => number
}

/** A header by name, without regard to case, from what came off the socket. */
export function rawHeader(raw: RawRequest, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return raw.headers.find(([each]) => each.length === wanted.length && each.toLowerCase() === wanted)?.[1]
}

/** The path of a request-target. */
export function pathOf(raw: RawRequest): string {
  const mark = raw.target.indexOf('?')
  return mark < 0 ? raw.target : raw.target.slice(0, mark)
}

/** The query of a request-target, undecoded, without its question mark. */
export function queryOf(raw: RawRequest): string {
  const mark = raw.target.indexOf('?')
  return mark < 0 ? '' : raw.target.slice(mark + 1)
}

/** Where a request came from, as limits and audit know it. */
export function originOf(raw: RawRequest): Origin {
  return { address: raw.peerAddress, userAgent: (rawHeader(raw, 'user-agent') ?? '').slice(0, 512) }
}
