/** The settings of a client that are plain values, and what they are when nobody says otherwise. */

/** Everything about a client that can be written in a file, in the environment or in code. */
export type Settings = {
  /** The profile of the shared files that all other settings and the credentials come from. Default: `default`. */
  readonly profile?: string | undefined
  /** Where the service is, when not at AWS: a whole URL. A path in it is kept. */
  readonly endpoint?: string | URL | undefined
  /** The AWS Region, from which the endpoint follows. Not needed when there is an endpoint, unless a call is signed. */
  readonly region?: string | undefined
  /** The FIPS 140 endpoint of the Region. Default false. */
  readonly useFipsEndpoint?: boolean | undefined
  /** The endpoint of the Region that also speaks IPv6. Default false. */
  readonly useDualstackEndpoint?: boolean | undefined
  /** Milliseconds for a whole attempt: name look-up, connection, TLS, headers and body. Default 60,000. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds until the connection stands, in Node.js; elsewhere only `timeoutMs` counts. Default 10,000. */
  readonly connectTimeoutMs?: number | undefined
  /** Milliseconds for a call with all its attempts and the waits between them. Default: no such limit. */
  readonly deadlineMs?: number | undefined
  /** How often a call is tried in all. Default 3. */
  readonly maxAttempts?: number | undefined
  /** Accepted so that a configuration can be shared with other clients: each of them means what `standard` does here. */
  readonly retryMode?: 'standard' | 'adaptive' | 'legacy' | undefined
  /** The longest `Retry-After` that is waited for, in milliseconds; a longer one ends the call. Default 30,000. */
  readonly maxRetryAfterMs?: number | undefined
  /** The largest answer that is read. Default 1,048,576 bytes. */
  readonly maxResponseBytes?: number | undefined
  /** Whether connections are kept for the next call. Default true. */
  readonly keepAlive?: boolean | undefined
  /** A file with the certificates to trust in place of the system's (PEM). Node.js, Bun and Deno. */
  readonly caBundle?: string | undefined
  /** The proxy for https endpoints: a URL. Other runtimes than Node.js have a way of their own. */
  readonly httpsProxy?: string | undefined
  /** The proxy for http endpoints on other machines than this one: a URL. */
  readonly httpProxy?: string | undefined
  /** Hosts that are asked directly: names, `.suffixes`, addresses, `host:port`, or `*`, parted by commas. */
  readonly noProxy?: string | undefined
  /** The name of the program, put into `User-Agent` after this package's own. At most 50 characters. */
  readonly appId?: string | undefined
  /** The access token that portal calls carry when their input has none. */
  readonly token?: string | undefined
  /** Accepted so that a configuration can be shared with other clients; this package never calls S3, so it has no effect. */
  readonly s3ForcePathStyle?: boolean | undefined
  /** Whether AWS's own credential chain, when it assumes a role to sign with, asks the Region's STS or the global one. Default `regional`. */
  readonly stsRegionalEndpoints?: 'regional' | 'legacy' | undefined
}

/** What holds when neither code nor environment nor files say otherwise. */
export const DEFAULTS = {
  useFipsEndpoint: false,
  useDualstackEndpoint: false,
  timeoutMs: 60_000,
  connectTimeoutMs: 10_000,
  maxAttempts: 3,
  retryMode: 'standard',
  maxRetryAfterMs: 30_000,
  maxResponseBytes: 2 ** 20,
  keepAlive: true,
  stsRegionalEndpoints: 'regional',
} as const satisfies Settings
