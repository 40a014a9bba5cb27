/** The client's options: read once when the client is made, so that a mistake shows before the first call. */
import type { Settings } from '../config/defaults.ts'
import { isGiven } from '../config/given.ts'
import { nearestHint } from '../config/nearest.ts'
import type { Environment } from '../config/surroundings.ts'
import { type Credentials, type CredentialsProvider, checkCredentials, type Signer } from './credentials.ts'
import { ConfigError } from './errors.ts'

/** How requests are made. The global `fetch` fits, and so does a server's own `fetch` in a test. */
export type Fetch = (request: Request) => Response | Promise<Response>

/** Says where the service is. Asked when the first call needs it, and again only if it failed. */
export type EndpointProvider = () => string | URL | Promise<string | URL>

/** Knows an access token; `tokenProvider()` of `ssooidc/sign-in` fits, which keeps it fresh. */
export type TokenProvider = () => Promise<string | { readonly token: string }>

/** One attempt of a call, after it ended, safe to print: secrets of the input are redacted. */
export type AttemptReport = {
  readonly operation: string
  /** 1 for the first. */
  readonly attempt: number
  readonly input: Readonly<Record<string, unknown>>
  readonly durationMs: number
  /** The HTTP status, when there was an answer. */
  readonly status: number | undefined
  readonly requestId: string | undefined
  /** What was thrown, when it failed. */
  readonly error: unknown
  /** Milliseconds until the next attempt, when there will be one. */
  readonly retryInMs: number | undefined
}

/**
 * What a client may be told. '', null and undefined count as not given; what is not given comes from the environment and the
 * shared AWS files, where the runtime has them.
 */
export type ClientOptions = Omit<Settings, 'endpoint' | 'token'> & {
  /** Where the service is, when not at AWS: a whole URL, whose path is kept, or a function that says it when it is first needed. */
  readonly endpoint?: string | URL | EndpointProvider | undefined
  /** The access token of portal calls whose input has none, or who knows it: asked at each such call. */
  readonly token?: string | TokenProvider | undefined
  /** Plain http is refused except to this machine, since requests carry secrets. True allows it anywhere. */
  readonly allowInsecure?: boolean | undefined
  /** Headers for every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Put before this package's own name in `User-Agent`. */
  readonly userAgent?: string | undefined
  /** Makes the requests in place of the runtime's own transport. */
  readonly fetch?: Fetch | undefined
  /** What signed calls are signed with, or who finds it. Default: AWS's own chain, in Node.js, Bun and Deno. */
  readonly credentials?: Credentials | CredentialsProvider | undefined
  /** Signs in place of AWS's own signer; needed in browsers and workers. */
  readonly signer?: Signer | undefined
  /** True: look for no credentials. Public operations never need any, so this only forbids the signed one. */
  readonly anonymous?: boolean | undefined
  /**
   * True: the service answers a repeated `amz-sdk-invocation-id` as it did the first time, as Portico does, so that even
   * CreateToken is tried again after a lost answer. Default false, which is right for AWS.
   */
  readonly replaysAnswers?: boolean | undefined
  /** Told of every attempt. */
  readonly onAttempt?: ((report: AttemptReport) => void) | undefined
  /** Read in place of the process's environment variables. */
  readonly env?: Environment | undefined
  /** False: an unknown option is only warned about, on the console. Default true. */
  readonly strict?: boolean | undefined
}

type Kind = 'text' | 'flag' | 'count' | 'function' | 'object' | 'url' | 'credentials' | 'sts' | 'retry' | 'token'

const kinds: Readonly<Record<keyof ClientOptions, Kind>> = {
  endpoint: 'url',
  region: 'text',
  profile: 'text',
  credentials: 'credentials',
  anonymous: 'flag',
  signer: 'object',
  token: 'token',
  useFipsEndpoint: 'flag',
  useDualstackEndpoint: 'flag',
  allowInsecure: 'flag',
  timeoutMs: 'count',
  connectTimeoutMs: 'count',
  deadlineMs: 'count',
  maxAttempts: 'count',
  retryMode: 'retry',
  maxRetryAfterMs: 'count',
  maxResponseBytes: 'count',
  keepAlive: 'flag',
  caBundle: 'text',
  httpsProxy: 'text',
  httpProxy: 'text',
  noProxy: 'text',
  headers: 'object',
  userAgent: 'text',
  appId: 'text',
  s3ForcePathStyle: 'flag',
  stsRegionalEndpoints: 'sts',
  replaysAnswers: 'flag',
  fetch: 'function',
  onAttempt: 'function',
  env: 'object',
  strict: 'flag',
}

// A timer holds at most this many milliseconds; more would fire at once.
const MAX_COUNT = 2 ** 31 - 1

const demands: Readonly<Record<Kind, readonly [test: (value: unknown) => boolean, demand: string]>> = {
  text: [(value) => typeof value === 'string', 'must be a string'],
  flag: [(value) => typeof value === 'boolean', 'must be true or false'],
  count: [
    (value) => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_COUNT,
    `must be a whole number from 1 to ${MAX_COUNT}`,
  ],
  function: [(value) => typeof value === 'function', 'must be a function'],
  object: [(value) => typeof value === 'object', 'must be an object'],
  url: [
    (value) => typeof value === 'string' || typeof value === 'function' || value instanceof URL,
    'must be a string, a URL or a function',
  ],
  retry: [
    (value) => value === 'standard' || value === 'adaptive' || value === 'legacy',
    'must be standard, adaptive or legacy',
  ],
  token: [(value) => typeof value === 'string' || typeof value === 'function', 'must be a string or a function'],
  sts: [(value) => value === 'regional' || value === 'legacy', 'must be regional or legacy'],
  credentials: [(value) => typeof value === 'function' || typeof value === 'object', 'must be an object or a function'],
}

/**
 * Looks at every option.
 *
 * @throws ConfigError naming the option that is wrong, and what to write instead
 */
export function checkOptions(options: ClientOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name)) {
      const problem = `unknown option ${name}; ${nearestHint(name, Object.keys(kinds))}`
      if (options.strict !== false) throw new ConfigError(problem)
      console.warn(`ssooidc: ${problem}`)
      continue
    }
    if (!isGiven(value)) continue
    const [test, demand] = demands[kinds[name as keyof ClientOptions]]
    if (!test(value)) throw new ConfigError(`${name} ${demand}`)
  }
  if (isGiven(options.credentials) && typeof options.credentials === 'object') checkCredentials(options.credentials)
}
