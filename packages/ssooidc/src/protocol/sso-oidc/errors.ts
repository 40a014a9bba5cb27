/**
 * The errors of sso-oidc: those of the service model, and what the edge answers around them.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html#API_CreateToken_Errors
 */
import { defineError } from '../error.ts'
import { oneOf, optional, string } from '../shape.ts'

export const AccessDeniedException = defineError({
  status: 400,
  fault: 'client',
  name: 'AccessDeniedException',
  error: 'access_denied',
  members: { reason: optional(oneOf('KMS_AccessDeniedException')) },
})

export const AuthorizationPendingException = defineError({
  status: 400,
  fault: 'client',
  name: 'AuthorizationPendingException',
  error: 'authorization_pending',
})

export const ExpiredTokenException = defineError({
  status: 400,
  fault: 'client',
  name: 'ExpiredTokenException',
  error: 'expired_token',
})

/** 401, alone among the OAuth errors. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export const InvalidClientException = defineError({
  name: 'InvalidClientException',
  status: 401,
  fault: 'client',
  error: 'invalid_client',
})

export const InvalidClientMetadataException = defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidClientMetadataException',
  error: 'invalid_client_metadata',
})

export const InvalidGrantException = defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidGrantException',
  error: 'invalid_grant',
})

export const InvalidRedirectUriException = defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidRedirectUriException',
  error: 'invalid_redirect_uri',
})

export const InvalidRequestException = defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidRequestException',
  error: 'invalid_request',
  members: {
    reason: optional(
      oneOf(
        'KMS_NotFoundException',
        'KMS_InvalidKeyUsageException',
        'KMS_InvalidStateException',
        'KMS_DisabledException',
      ),
    ),
  },
})

export const InvalidRequestRegionException = defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidRequestRegionException',
  error: 'invalid_request',
  members: { endpoint: optional(string()), region: optional(string()) },
})

export const InvalidScopeException = defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidScopeException',
  error: 'invalid_scope',
})

/** A client adds five seconds to its polling interval. @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5 */
export const SlowDownException = defineError({
  status: 400,
  fault: 'client',
  name: 'SlowDownException',
  error: 'slow_down',
})

export const UnauthorizedClientException = defineError({
  status: 400,
  fault: 'client',
  name: 'UnauthorizedClientException',
  error: 'unauthorized_client',
})

export const UnsupportedGrantTypeException = defineError({
  status: 400,
  fault: 'client',
  name: 'UnsupportedGrantTypeException',
  error: 'unsupported_grant_type',
})

/** Of the authorization endpoint alone, which answers by redirect. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
export const UnsupportedResponseTypeException = defineError({
  status: 400,
  fault: 'client',
  name: 'UnsupportedResponseTypeException',
  error: 'unsupported_response_type',
})

export const InternalServerException = defineError({
  name: 'InternalServerException',
  status: 500,
  fault: 'server',
  error: 'server_error',
})

// ── Around the operations. Not in the service model; real front ends answer such things and SDKs know some by name ──────

/** A signature is missing or wrong. */
export const MissingAuthenticationTokenException = defineError({
  name: 'MissingAuthenticationTokenException',
  status: 403,
  fault: 'client',
  error: 'invalid_client',
})

export const IncompleteSignatureException = defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'IncompleteSignatureException',
})

export const UnrecognizedClientException = defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'UnrecognizedClientException',
})

/** SDKs that see this name look at the `Date` header and sign again with a corrected clock. */
export const InvalidSignatureException = defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'InvalidSignatureException',
})

/** The credentials that signed have expired. Not `ExpiredTokenException`: here that is the OAuth error of a grant. */
export const ExpiredCredentialsException = defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'ExpiredCredentialsException',
})

export const ForbiddenException = defineError({
  name: 'ForbiddenException',
  status: 403,
  fault: 'client',
  error: 'access_denied',
})

export const UnknownOperationException = defineError({
  name: 'UnknownOperationException',
  status: 404,
  fault: 'client',
  error: 'invalid_request',
})

export const MethodNotAllowedException = defineError({
  name: 'MethodNotAllowedException',
  status: 405,
  fault: 'client',
  error: 'invalid_request',
})

export const RequestTooLargeException = defineError({
  name: 'RequestTooLargeException',
  status: 413,
  fault: 'client',
  error: 'invalid_request',
})

/** Overload is never a 400 or 401: clients throw their tokens away on those. SDKs retry this type by name. */
export const TooManyRequestsException = defineError({
  name: 'TooManyRequestsException',
  status: 429,
  fault: 'client',
  error: 'temporarily_unavailable',
})

export const ServiceUnavailableException = defineError({
  name: 'ServiceUnavailableException',
  status: 503,
  fault: 'server',
  error: 'temporarily_unavailable',
})
