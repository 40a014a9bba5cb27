/** The client's options: read once when the client is made, so that a mistake shows before the first call. */
import type { Settings } from '../config/defaults.ts'
import { isGiven } from '../config/given.ts'
import { nearestHint } from '../config/nearest.ts'
import type { Environment } from '../config/surroundings.ts'
import { LONGEST_TIMER } from './attempt.ts'
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

/** What a value must be, in words, and whether it is. */
type Rule = readonly [demand: string, fits: (value: unknown) => boolean]

const ofType = (demand: string, ...types: string[]): Rule => [demand, (value) => types.includes(typeof value)]

const text = ofType('a string', 'string')
const flag = ofType('true or false', 'boolean')
const callback = ofType('a function', 'function')
const object = ofType('an object', 'object')
const objectOrFunction = ofType('an object or a function', 'object', 'function')
const textOrFunction = ofType('a string or a function', 'string', 'function')
const url: Rule = ['a string, a URL or a function', (value) => textOrFunction[1](value) || value instanceof URL]
const count: Rule = [
  `a whole number from 1 to ${LONGEST_TIMER}`,
  (value) => Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= LONGEST_TIMER,
]
const retryMode: Rule = [
  'standard, adaptive or legacy',
  (value) => value === 'standard' || value === 'adaptive' || value === 'legacy',
]
const reach: Rule = ['regional or legacy', (value) => value === 'regional' || value === 'legacy']

const rules: Readonly<Record<keyof ClientOptions, Rule>> = {
  endpoint: url,
  region: text,
  profile: text,
  credentials: objectOrFunction,
  anonymous: flag,
  signer: object,
  token: textOrFunction,
  useFipsEndpoint: flag,
  useDualstackEndpoint: flag,
  allowInsecure: flag,
  timeoutMs: count,
  connectTimeoutMs: count,
  deadlineMs: count,
  maxAttempts: count,
  retryMode,
  maxRetryAfterMs: count,
  maxResponseBytes: count,
  keepAlive: flag,
  caBundle: text,
  httpsProxy: text,
  httpProxy: text,
  noProxy: text,
  headers: object,
  userAgent: text,
  appId: text,
  s3ForcePathStyle: flag,
  stsRegionalEndpoints: reach,
  replaysAnswers: flag,
  fetch: callback,
  onAttempt: callback,
  env: object,
  strict: flag,
}

/** Looks at a number of milliseconds that is not the client's own. @throws ConfigError naming it */
export function checkMilliseconds(name: string, value: unknown): void {
  const [demand, fits] = count
  if (isGiven(value) && !fits(value)) throw new ConfigError(`${name} must be ${demand}`)
}

/**
 * Looks at every option.
 *
 * @throws ConfigError naming the option that is wrong, and what to write instead
 */
export function checkOptions(options: ClientOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) {
      const problem = `unknown option ${name}; ${nearestHint(name, Object.keys(rules))}`
      if (options.strict !== false) throw new ConfigError(problem)
      console.warn(`ssooidc: ${problem}`)
      continue
    }
    const [demand, fits] = rules[name as keyof ClientOptions]
    if (isGiven(value) && !fits(value)) throw new ConfigError(`${name} must be ${demand}`)
  }
  if (isGiven(options.credentials) && typeof options.credentials === 'object') checkCredentials(options.credentials)
}
