/**
 * An operation and a service, as data. Client methods, server routes, decoding, validation, encoding, error mapping,
 * reference pages and the OpenAPI document are all derived from these values.
 */
import type { ErrorClass } from './error.ts'
import type { Members, Structure } from './shape.ts'

/** How a caller proves who it is. */
export type Authentication = 'none' | 'bearer' | 'sigv4'

/** What of an operation goes over the wire: all that a client must know in order to ask. */
export type OperationWire<
  I extends Members = Members,
  O extends Members = Members,
  A extends Authentication = Authentication,
> = {
  /** Its name on the wire: `CreateToken`. */
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Query members that are part of the operation's address, such as `aws_iam=t`. */
  readonly fixedQuery?: Readonly<Record<string, string>>
  readonly authentication: A
  /** The body is JSON, where the service's dialect otherwise reads forms. */
  readonly jsonBody?: boolean
  /** HTTP status of a success, where it is not 200 and the dialect has a choice. */
  readonly success?: number
  /** Seconds for which anybody may keep the answer. Left out, nobody may. */
  readonly cacheFor?: number
  /** Whether it may be done twice without harm, although it is no GET. */
  readonly repeatable?: boolean
  readonly input: I
  readonly output: O
}

/** One operation of a service, whole. */
export type Operation<
  I extends Members = Members,
  O extends Members = Members,
  A extends Authentication = Authentication,
> = OperationWire<I, O, A> & {
  /** The errors it declares, beside its service's edge errors. */
  readonly errors: readonly ErrorClass[]
}

/** The form in which a service speaks. */
export type Dialect = 'restJson1' | 'awsQuery' | 'awsJson1_1' | 'oauth2'

/**
 * What a service answers before or around its operations. Each has the service's own form, so that no client ever sees an
 * error that it cannot name.
 */
export type EdgeErrors = {
  /** The input cannot be read or breaks a bound. */
  readonly malformed: ErrorClass
  /** No credential, or one that is not valid. */
  readonly unauthenticated: ErrorClass
  readonly forbidden: ErrorClass
  readonly unknownOperation: ErrorClass
  readonly methodNotAllowed: ErrorClass
  readonly tooLarge: ErrorClass
  readonly tooManyRequests: ErrorClass
  readonly unavailable: ErrorClass
  /** Everything that must not happen. */
  readonly internal: ErrorClass
}

/** Why a signature is not accepted, and how a service that takes signatures says so. */
export type SignatureErrors = {
  /** The request carries no signature. */
  readonly missing: ErrorClass
  /** It carries something that cannot be read as one, or that leaves out what must be signed. */
  readonly incomplete: ErrorClass
  /** Nobody holds the access key, or not together with this session token. */
  readonly 'unknown-access-key': ErrorClass
  /** Signed with another secret, for another service or region, or changed on the way. */
  readonly mismatch: ErrorClass
  /** Signed too long ago, or in the future. */
  readonly 'clock-skew': ErrorClass
  /** Rightly signed with credentials past their life. */
  readonly 'expired-credentials': ErrorClass
}

/** A service as a caller must know it: what all its operations have in common. */
export type Frame = {
  /** Short name, also the folder's: `sso-oidc`. */
  readonly name: string
  /** The name that endpoint settings derive from: `SSO OIDC`. */
  readonly serviceId: string
  /** First label of the service's host. */
  readonly endpointPrefix: string
  readonly signingName: string
  /** What `X-Amz-Target` says before the operation's name, where the dialect has that header. */
  readonly targetPrefix?: string
  readonly dialect: Dialect
  /** Every member that errors have beside their description. */
  readonly errorMembers?: readonly string[]
}

/** How a service answers, and what around its operations. */
export type Edge = {
  readonly apiVersion: string
  /** How an error's body reads: OAuth's two members, or a message and a namespaced type. */
  readonly errorBody: 'oauth' | 'message'
  /** Written before the type in error bodies that carry one. */
  readonly errorNamespace: string
  readonly edge: EdgeErrors
  /** Where some of its operations are signed. */
  readonly signature?: SignatureErrors
}

/** A service: its operations, its dialect and its errors. */
export type Service<Ops extends Operations = Operations> = Frame & Edge & { readonly operations: Ops }

/** Operations by method name: `createToken`. */
export type Operations = Readonly<Record<string, Operation>>

/** The input of an operation. */
export type Input<O extends OperationWire> = Structure<O['input']>

/** The output of an operation. */
export type Output<O extends OperationWire> = Structure<O['output']>

/** Declares an operation. */
export const operation = <const I extends Members, const O extends Members, const A extends Authentication>(
  of: Operation<I, O, A>,
): Operation<I, O, A> => of

/**
 * Declares what of an operation goes over the wire, by itself, since a client that bundles it needs no more.
 *
 * @__NO_SIDE_EFFECTS__
 */
export function wire<const I extends Members, const O extends Members, const A extends Authentication>(
  of: OperationWire<I, O, A>,
): OperationWire<I, O, A> {
  return of
}

/** The operation whose wire that is, with the errors it declares. */
export const declares = <const I extends Members, const O extends Members, const A extends Authentication>(
  of: OperationWire<I, O, A>,
  ...errors: readonly ErrorClass[]
): Operation<I, O, A> => ({ ...of, errors })

/** Declares a service. */
export const service = <const Ops extends Operations>(of: Service<Ops>): Service<Ops> => of

/** Whether an operation whose answer was lost may be asked for again. */
export function isRepeatable({ method, repeatable }: OperationWire): boolean {
  return method === 'GET' || repeatable === true
}

/** Every error that a caller of the operation may meet, declared and edge, each once. */
export function errorsOf(service: Pick<Edge, 'edge' | 'signature'>, operation: Operation): readonly ErrorClass[] {
  const signature = operation.authentication === 'sigv4' ? Object.values(service.signature ?? {}) : []
  return [...new Set([...operation.errors, ...Object.values(service.edge), ...signature])]
}
