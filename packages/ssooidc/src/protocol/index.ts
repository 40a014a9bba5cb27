/**
 * The contract: what goes over the wire, as data. Operations, errors, shapes, the codec of each dialect, and redaction.
 *
 * Imports no I/O: it runs wherever JavaScript runs. Not its job: asking (`client`), and deciding what to answer (the server).
 */
export {
  defineError,
  type ErrorClass,
  type ErrorDetails,
  type ErrorSpec,
  isServiceException,
  type NamedException,
  ServiceException,
} from './error.ts'
export { parseJsonObject } from './json.ts'
export {
  type Authentication,
  type Dialect,
  type EdgeErrors,
  errorsOf,
  type Input,
  type Operation,
  type Operations,
  type Output,
  operation,
  type Service,
  type SignatureErrors,
  service,
} from './operation.ts'
export { isObject, ownValue, read } from './read.ts'
export { readInput } from './read-input.ts'
export { REDACTED, redact } from './redact.ts'
export type { Members, Shape, Structure, Value } from './shape.ts'
export * as shapes from './shape.ts'
export { ssoOidc } from './sso-oidc/index.ts'
export { ssoPortal } from './sso-portal/index.ts'
export type { WireRequest, WireResponse } from './wire.ts'
