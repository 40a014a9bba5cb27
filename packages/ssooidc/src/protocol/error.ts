/**
 * Errors as both sides of the wire know them: a class per declared error, whose name, status and words are data. A name that
 * came from the class itself would not survive a minifier.
 */
import type { Members, Structure } from './shape.ts'

/** What the contract says about one error. */
export type ErrorSpec = {
  /** The type on the wire: `SlowDownException`. */
  readonly name: string
  /** HTTP status. */
  readonly status: number
  /** Whose fault: decides whether a client may try again unchanged. */
  readonly fault: 'client' | 'server'
  /** The OAuth 2.0 error code, for services that answer in OAuth's form. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
  readonly error?: string | undefined
  /** Members beside the description. */
  readonly members?: Members
  /** Code on the wire where a dialect spells it differently from the name (awsQuery). */
  readonly code?: string
}

/** The constructor of a declared error. */
export type ErrorClass<M extends Members = Members> = {
  new (description: string, details?: ErrorDetails<M>): ServiceException
  readonly spec: ErrorSpec
}

/** What an error may carry beside its description. */
export type ErrorDetails<M extends Members = Members> = {
  /** Values of the error's own members. */
  members?: Partial<Structure<M>>
  /** Seconds after which trying again makes sense; travels as `Retry-After`. */
  retryAfter?: number | undefined
  /** The request's id, where the error came over the wire. */
  requestId?: string | undefined
  /** The HTTP status, where a server answered another one than the contract says. */
  status?: number
  /** Whether asking again, unchanged, can do harm, where the client knows better than the status. */
  retrySafe?: boolean
  cause?: unknown
}

/** An error whose name is data, and which carries what else is known about it. */
export class NamedError extends Error {
  constructor(name: string, message: string, { cause, ...details }: Readonly<Record<string, unknown>> = {}) {
    super(message, cause === undefined ? undefined : { cause })
    Object.assign(this, { name, ...details })
  }
}

const brand = Symbol.for('ssooidc.ServiceException')

/** An answer that says no: thrown by use cases on the server and by the client's operations, with the same meaning. */
export class ServiceException extends NamedError {
  declare readonly spec: ErrorSpec
  declare readonly members: Readonly<Record<string, unknown>>
  declare readonly retryAfter: number | undefined
  declare readonly requestId: string | undefined
  /** HTTP status. */
  declare readonly status: number
  /** Whether asking again, unchanged, does no harm: nothing was given away, or giving it twice is the same as once. */
  declare readonly retrySafe: boolean

  constructor(spec: ErrorSpec, description: string, details: ErrorDetails = {}) {
    const { name, status, fault } = spec
    super(name, description, { members: {}, status, retrySafe: fault === 'client', ...details, spec })
  }

  get [brand](): true {
    return true
  }

  /** The OAuth 2.0 error code, such as `slow_down`, where the service has them. */
  get error(): string | undefined {
    return this.spec.error
  }
}

/**
 * Declares an error and makes its class. A client makes its exceptions from what the service said and holds no class of
 * them; `instanceof` asks for the name, so that it is right all the same, and across copies of the package.
 *
 * @__NO_SIDE_EFFECTS__
 */
export function defineError<const M extends Members = Record<never, never>>(
  spec: ErrorSpec & { readonly members?: M },
): ErrorClass<M> {
  return class extends ServiceException {
    static readonly spec: ErrorSpec = spec
    static override [Symbol.hasInstance](thrown: unknown): boolean {
      return isServiceException(thrown, spec.name)
    }
    constructor(description: string, details: ErrorDetails<M> = {}) {
      super(spec, description, details as ErrorDetails)
    }
  }
}

/**
 * The type that an OAuth code goes by: the same words, as the services spell types. Of the codes that are no type's own,
 * the status tells which.
 */
export function typeOfCode(code: string, status: number): string {
  const own = {
    server_error: 'InternalServer',
    temporarily_unavailable: status === 429 ? 'TooManyRequests' : 'ServiceUnavailable',
  }
  const words = code.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return `${Object.hasOwn(own, code) ? own[code as keyof typeof own] : words}Exception`
}

/**
 * Whether something thrown is an answer of a service, and, where a name is given, this one. Works across copies of the
 * package and across realms, where `instanceof` does not. The name may be the type (`SlowDownException`) or the OAuth code
 * (`slow_down`).
 */
export function isServiceException(thrown: unknown): thrown is ServiceException
// Narrowed by the name as well, so that what is left over after a "no" is not nothing at all.
export function isServiceException<const N extends string>(thrown: unknown, name: N): thrown is NamedException<N>
export function isServiceException(thrown: unknown, name?: string): boolean {
  if (typeof thrown !== 'object' || thrown === null || !(brand in thrown)) return false
  const exception = thrown as unknown as ServiceException // the brand is only ever set by the constructor above
  const { name: own, error, status } = exception
  return name === undefined || own === name || error === name || own === typeOfCode(name, status)
}

/** An exception of this type or this OAuth code. */
export type NamedException<N extends string> = ServiceException & {
  readonly spec: { readonly name: N } | { readonly error: N }
}
