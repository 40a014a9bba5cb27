/** The client's options: read once when the client is made, so that a mistake shows before the first call. */
import type { Service } from '../protocol/operation.ts'
import { endpointOf } from './endpoint.ts'
import { ConfigError } from './errors.ts'
import { USER_AGENT } from './version.ts'

/** How requests are made. The global `fetch` fits, and so does a server's own `fetch` in a test. */
export type Fetch = (request: Request) => Response | Promise<Response>

/** What a client needs to know. Of `endpoint` and `region` one must be given; '', null and undefined mean not given. */
export type ClientOptions = {
  /** Where the service is, when not at AWS. A path in it is kept. */
  readonly endpoint?: string | URL | undefined
  /** The AWS Region, from which the endpoint follows. */
  readonly region?: string | undefined
  /** The FIPS 140 endpoint of the Region. */
  readonly useFipsEndpoint?: boolean | undefined
  /** The endpoint of the Region that also speaks IPv6. */
  readonly useDualstackEndpoint?: boolean | undefined
  /** Plain http is refused except to this machine, since requests carry secrets. True allows it anywhere. */
  readonly allowInsecure?: boolean | undefined
  /** Milliseconds for a whole attempt, from its start to the last byte of the answer. Default 60,000. */
  readonly timeoutMs?: number | undefined
  /** Headers for every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Put before this package's own name in `User-Agent`. */
  readonly userAgent?: string | undefined
  /** Makes the requests. Default: the global `fetch`. */
  readonly fetch?: Fetch | undefined
}

/** Options with everything decided. */
export type ResolvedOptions = {
  /** No trailing slash. */
  readonly endpoint: string
  readonly host: string
  readonly timeoutMs: number
  readonly headers: Headers
  readonly fetch: Fetch
}

const names: Readonly<Record<keyof ClientOptions, true>> = {
  endpoint: true,
  region: true,
  useFipsEndpoint: true,
  useDualstackEndpoint: true,
  allowInsecure: true,
  timeoutMs: true,
  headers: true,
  userAgent: true,
  fetch: true,
}

// A timer holds at most this many milliseconds; more would fire at once.
const MAX_TIMER = 2 ** 31 - 1

/** @throws ConfigError naming the option that is wrong, and what to write instead */
export function resolveOptions(service: Service, options: ClientOptions): ResolvedOptions {
  for (const name of Object.keys(options)) if (!Object.hasOwn(names, name)) throw new ConfigError(unknown(name))
  const given: ClientOptions = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  )
  const { timeoutMs = 60_000, userAgent, fetch = globalThis.fetch } = given
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_TIMER)
    throw new ConfigError(`timeoutMs must be a whole number of milliseconds from 1 to ${MAX_TIMER}`)
  const headers = new Headers({ accept: 'application/json' })
  headers.set('user-agent', userAgent ? `${userAgent} ${USER_AGENT}` : USER_AGENT)
  for (const [name, value] of Object.entries(given.headers ?? {})) headers.set(name, value)
  const endpoint = endpointOf(service.endpointPrefix, given)
  return { endpoint: endpoint.href.replace(/\/+$/, ''), host: endpoint.host, timeoutMs, headers, fetch }
}

function unknown(name: string): string {
  const [nearest] = Object.keys(names)
    .map((known) => ({ known, distance: distance(name.toLowerCase(), known.toLowerCase()) }))
    .filter(({ known, distance }) => distance <= Math.max(2, known.length / 3))
    .sort((a, b) => a.distance - b.distance)
  const hint = nearest ? `did you mean ${nearest.known}?` : `the options are ${Object.keys(names).join(', ')}`
  return `unknown option ${name}; ${hint}`
}

/** How many letters to add, take away or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length] ?? 0
}
