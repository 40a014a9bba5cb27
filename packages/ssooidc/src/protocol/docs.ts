/**
 * Words about a service, checked against its contract: a sentence for every operation, member and error. One that is missing,
 * or that speaks of a member which is gone, does not compile.
 *
 * The reference pages and the OpenAPI document are drawn from these. A client never imports them, so that it does not carry
 * prose. Not their job: anything that decides; a fact that code needs is in the contract.
 */
import type { ErrorClass } from './error.ts'
import type { Input, Operation, Operations, Output, Service } from './operation.ts'

export { ssoOidcDocs } from './sso-oidc/docs.ts'
export { ssoPortalDocs } from './sso-portal/docs.ts'

/** Words about a service. `Errors` is the module that exports its errors: `typeof import('./errors.ts')`. */
export type ServiceDocs<S extends Service, Errors = Readonly<Record<string, ErrorClass>>> = {
  /** One sentence: what the service is for. */
  readonly text: string
  readonly see: readonly string[]
  readonly operations: DocsOfOperations<S['operations']>
  /** By the error's name. */
  readonly errors: { readonly [Name in keyof Errors as Errors[Name] extends ErrorClass ? Name : never]: ErrorDocs }
}

type DocsOfOperations<Ops extends Operations> = { readonly [Name in keyof Ops]: OperationDocs<Ops[Name]> }

/** Words about one operation. */
export type OperationDocs<O extends Operation = Operation> = {
  /** One sentence: what a caller gains. */
  readonly text: string
  /** The RFC section and the AWS reference page. */
  readonly see: readonly string[]
  readonly input: StructureDocs<Input<O>>
  readonly output: StructureDocs<Output<O>>
}

/** Words about an error: when it is met, and what to do then. */
export type ErrorDocs = { readonly text: string; readonly see?: readonly string[] }

/** A sentence for each member of a structure. */
export type StructureDocs<T> = { readonly [Name in keyof T]-?: MemberDocs<NonNullable<T[Name]>> }

/** A sentence about a member; where structures are inside it, even in a list or a map, also one for each of their members. */
export type MemberDocs<V> = [Inner<V>] extends [never]
  ? string
  : { readonly text: string; readonly members: StructureDocs<Inner<V>> }

/** The structure inside a value, if there is one. */
type Inner<V> = unknown extends V
  ? never
  : V extends string | number | boolean
    ? never
    : V extends readonly (infer Item)[]
      ? Inner<Item>
      : string extends keyof V
        ? Inner<V[keyof V]>
        : V
