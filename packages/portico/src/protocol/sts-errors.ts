/**
 * The errors of sts. AWS declares none for GetCallerIdentity: these are the codes that every query service may answer, with
 * the statuses that AWS's own answers have.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
import { defineError } from 'ssooidc/protocol'

const refused = { status: 403, fault: 'client' } as const

export const MissingAuthenticationToken = defineError({ ...refused, name: 'MissingAuthenticationToken' })

export const IncompleteSignature = defineError({ name: 'IncompleteSignature', status: 400, fault: 'client' })

export const InvalidClientTokenId = defineError({ ...refused, name: 'InvalidClientTokenId' })

/** Also for a clock that is off: SDKs that see this name look at the `Date` header and sign again with a corrected one. */
export const SignatureDoesNotMatch = defineError({ ...refused, name: 'SignatureDoesNotMatch' })

export const ExpiredToken = defineError({ ...refused, name: 'ExpiredToken' })

export const AccessDenied = defineError({ ...refused, name: 'AccessDenied' })

export const InvalidAction = defineError({ name: 'InvalidAction', status: 400, fault: 'client' })

export const ValidationError = defineError({ name: 'ValidationError', status: 400, fault: 'client' })

export const MethodNotAllowed = defineError({ name: 'MethodNotAllowed', status: 405, fault: 'client' })

export const RequestEntityTooLarge = defineError({ name: 'RequestEntityTooLarge', status: 413, fault: 'client' })

export const Throttling = defineError({ name: 'Throttling', status: 429, fault: 'client' })

export const InternalFailure = defineError({ name: 'InternalFailure', status: 500, fault: 'server' })

export const ServiceUnavailable = defineError({ name: 'ServiceUnavailable', status: 503, fault: 'server' })
