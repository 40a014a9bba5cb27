/** What signed calls are signed with. Finding it is left to AWS's own chain; this says what it looks like. */
import { ConfigError } from './errors.ts'

/** AWS credentials. */
export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** When they end: a date, its text, or epoch milliseconds. */
  readonly expiration?: Date | string | number | undefined
}

/** Finds credentials. Asked again five minutes before those that it gave last end. */
export type CredentialsProvider = () => Promise<Credentials>

/** A request as AWS's signer takes it. */
export type SignableRequest = {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query: Record<string, string>
  readonly headers: Record<string, string>
  readonly body?: string | undefined
}

/** Signs a request: an instance of `SignatureV4` from `@smithy/signature-v4` fits. */
export interface Signer {
  /** Resolves with the request and its signature in the headers. `signingDate` is the service's clock, as far as known. */
  sign(request: SignableRequest, options: { signingDate: Date }): Promise<{ headers: Readonly<Record<string, string>> }>
}

const REFRESH_BEFORE = 300_000

/**
 * Checks credentials, and remembers what a provider found until five minutes before it ends.
 *
 * @throws ConfigError for half a pair of keys, and when nothing is found
 */
export function rememberCredentials(source: Credentials | CredentialsProvider): CredentialsProvider {
  if (typeof source !== 'function') {
    const whole = checkCredentials(source)
    return async () => whole
  }
  let known: Promise<Credentials> | undefined
  let until = 0
  return () => {
    if (known !== undefined && Date.now() < until) return known
    const asked = Promise.resolve()
      .then(source)
      .then(
        (found) => {
          const ends = found.expiration === undefined ? Number.POSITIVE_INFINITY : new Date(found.expiration).getTime()
          until = ends - REFRESH_BEFORE
          return checkCredentials(found)
        },
        (cause) => {
          throw new ConfigError(`no AWS credentials to sign with: ${cause instanceof Error ? cause.message : cause}`, {
            cause,
          })
        },
      )
    until = Number.POSITIVE_INFINITY // whoever asks meanwhile waits for the same answer
    known = asked
    asked.catch(() => {
      if (known === asked) known = undefined
    })
    return asked
  }
}

/** @throws ConfigError for half a pair of keys, or none */
export function checkCredentials(credentials: Credentials): Credentials {
  const { accessKeyId, secretAccessKey } = credentials ?? {}
  if (accessKeyId && secretAccessKey) return credentials
  if (accessKeyId) throw new ConfigError('credentials have an accessKeyId and no secretAccessKey')
  if (secretAccessKey) throw new ConfigError('credentials have a secretAccessKey and no accessKeyId')
  throw new ConfigError('credentials must have an accessKeyId and a secretAccessKey')
}
