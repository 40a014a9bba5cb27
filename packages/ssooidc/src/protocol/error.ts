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
  readonly error?: string
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
  retryAfter?: number
  /** The request's id, where the error came over the wire. */
  requestId?: string
  /** The HTTP status, where a server answered another one than the contract says. */
  status?: number
  /** Whether asking again, unchanged, can do harm, where the client knows better than the status. */
  retrySafe?: boolean
  cause?: unknown
}

const brand = Symbol.for('ssooidc.ServiceException')

/** An answer that says no: thrown by use cases on the server and by the client's operations, with the same meaning. */
export class ServiceException extends Error {
  readonly spec: ErrorSpec
  readonly members: Readonly<Record<string, unknown>>
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined
  /** HTTP status. */
  readonly status: number
  /** Whether asking again, unchanged, does no harm: nothing was given away, or giving it twice is the same as once. */
  readonly retrySafe: boolean

  constructor(spec: ErrorSpec, description: string, details: ErrorDetails = {}) {
    super(description, details.cause === undefined ? undefined : { cause: details.cause })
    Object.defineProperty(this, brand, { value: true })
    this.name = spec.name
    this.spec = spec
    this.members = details.members ?? {}
    this.retryAfter = details.retryAfter
    this.requestId = details.requestId
    this.status = details.status ?? spec.status
    this.retrySafe = details.retrySafe ?? spec.fault === 'client'
  }

  /** The OAuth 2.0 error code, such as `slow_down`, where the service has them. */
  get error(): string | undefined {
    return this.spec.error
  }
}

/** Declares an error and makes its class. */
export function defineError<const M extends Members = Record<never, never>>(
  spec: ErrorSpec & { readonly members?: M },
): ErrorClass<M> {
  return class extends ServiceException {
    static readonly spec: ErrorSpec = spec
    constructor(description: string, details: ErrorDetails<M> = {}) {
      super(spec, description, details as ErrorDetails)
    }
  }
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
  return name === undefined || exception.name === name || exception.spec.error === name
}

/** An exception of this type or this OAuth code. */
export type NamedException<N extends string> = ServiceException & {
  readonly spec: { readonly name: N } | { readonly error: N }
}
