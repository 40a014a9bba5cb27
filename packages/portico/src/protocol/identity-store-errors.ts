/**
 * The errors of identitystore: those of the service model, and what every service of AWS that speaks JSON may answer.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/CommonErrors.html
 */
import { defineError, shapes } from 'ssooidc/protocol'

const { oneOf, optional, string } = shapes
const refused = { status: 400, fault: 'client' } as const

export const ResourceNotFoundException = defineError({
  ...refused,
  name: 'ResourceNotFoundException',
  members: {
    ResourceType: optional(oneOf('GROUP', 'USER', 'IDENTITY_STORE', 'GROUP_MEMBERSHIP')),
    ResourceId: optional(string()),
  },
})
export const ValidationException = defineError({ ...refused, name: 'ValidationException' })
export const AccessDeniedException = defineError({ ...refused, name: 'AccessDeniedException' })
export const ThrottlingException = defineError({ ...refused, name: 'ThrottlingException' })
export const InternalServerException = defineError({ name: 'InternalServerException', status: 500, fault: 'server' })

export const MissingAuthenticationTokenException = defineError({
  ...refused,
  name: 'MissingAuthenticationTokenException',
})
export const IncompleteSignatureException = defineError({ ...refused, name: 'IncompleteSignatureException' })
export const UnrecognizedClientException = defineError({ ...refused, name: 'UnrecognizedClientException' })
/** Also for a clock that is off: SDKs that see this name look at the `Date` header and sign again. */
export const InvalidSignatureException = defineError({ ...refused, name: 'InvalidSignatureException' })
export const ExpiredTokenException = defineError({ ...refused, name: 'ExpiredTokenException' })
export const UnknownOperationException = defineError({ ...refused, name: 'UnknownOperationException' })
export const MethodNotAllowedException = defineError({ ...refused, name: 'MethodNotAllowedException', status: 405 })
export const RequestTooLargeException = defineError({ ...refused, name: 'RequestTooLargeException', status: 413 })
export const ServiceUnavailableException = defineError({
  name: 'ServiceUnavailableException',
  status: 503,
  fault: 'server',
})
