/**
 * The errors of sso-oidc: those of the service model, and what the edge answers around them. Each call is marked as pure, since
 * not every bundler sees across files that `defineError` is, and a page that polls needs five of them.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html#API_CreateToken_Errors
 */
import { defineError } from '../error.ts'
import { oneOf, optional, string } from '../shape.ts'

export const AccessDeniedException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'AccessDeniedException',
  error: 'access_denied',
  members: { reason: optional(oneOf('KMS_AccessDeniedException')) },
})

export const AuthorizationPendingException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'AuthorizationPendingException',
  error: 'authorization_pending',
})

export const ExpiredTokenException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'ExpiredTokenException',
  error: 'expired_token',
})

/** 401, alone among the OAuth errors. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
export const InvalidClientException = /* @__PURE__ */ defineError({
  name: 'InvalidClientException',
  status: 401,
  fault: 'client',
  error: 'invalid_client',
})

export const InvalidClientMetadataException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidClientMetadataException',
  error: 'invalid_client_metadata',
})

export const InvalidGrantException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidGrantException',
  error: 'invalid_grant',
})

export const InvalidRedirectUriException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidRedirectUriException',
  error: 'invalid_redirect_uri',
})

export const InvalidRequestException = /* @__PURE__ */ defineError({
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

export const InvalidRequestRegionException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidRequestRegionException',
  error: 'invalid_request',
  members: { endpoint: optional(string()), region: optional(string()) },
})

export const InvalidScopeException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'InvalidScopeException',
  error: 'invalid_scope',
})

/** A client adds five seconds to its polling interval. @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5 */
export const SlowDownException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'SlowDownException',
  error: 'slow_down',
})

export const UnauthorizedClientException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'UnauthorizedClientException',
  error: 'unauthorized_client',
})

export const UnsupportedGrantTypeException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'UnsupportedGrantTypeException',
  error: 'unsupported_grant_type',
})

/** Of the authorization endpoint alone, which answers by redirect. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
export const UnsupportedResponseTypeException = /* @__PURE__ */ defineError({
  status: 400,
  fault: 'client',
  name: 'UnsupportedResponseTypeException',
  error: 'unsupported_response_type',
})

export const InternalServerException = /* @__PURE__ */ defineError({
  name: 'InternalServerException',
  status: 500,
  fault: 'server',
  error: 'server_error',
})

// ── Around the operations. Not in the service model; real front ends answer such things and SDKs know some by name ──────

/** A signature is missing or wrong. */
export const MissingAuthenticationTokenException = /* @__PURE__ */ defineError({
  name: 'MissingAuthenticationTokenException',
  status: 403,
  fault: 'client',
  error: 'invalid_client',
})

export const IncompleteSignatureException = /* @__PURE__ */ defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'IncompleteSignatureException',
})

export const UnrecognizedClientException = /* @__PURE__ */ defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'UnrecognizedClientException',
})

/** SDKs that see this name look at the `Date` header and sign again with a corrected clock. */
export const InvalidSignatureException = /* @__PURE__ */ defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'InvalidSignatureException',
})

/** The credentials that signed have expired. Not `ExpiredTokenException`: here that is the OAuth error of a grant. */
export const ExpiredCredentialsException = /* @__PURE__ */ defineError({
  status: 403,
  fault: 'client',
  error: 'invalid_client',
  name: 'ExpiredCredentialsException',
})

export const ForbiddenException = /* @__PURE__ */ defineError({
  name: 'ForbiddenException',
  status: 403,
  fault: 'client',
  error: 'access_denied',
})

export const UnknownOperationException = /* @__PURE__ */ defineError({
  name: 'UnknownOperationException',
  status: 404,
  fault: 'client',
  error: 'invalid_request',
})

export const MethodNotAllowedException = /* @__PURE__ */ defineError({
  name: 'MethodNotAllowedException',
  status: 405,
  fault: 'client',
  error: 'invalid_request',
})

export const RequestTooLargeException = /* @__PURE__ */ defineError({
  name: 'RequestTooLargeException',
  status: 413,
  fault: 'client',
  error: 'invalid_request',
})

/** Overload is never a 400 or 401: clients throw their tokens away on those. SDKs retry this type by name. */
export const TooManyRequestsException = /* @__PURE__ */ defineError({
  name: 'TooManyRequestsException',
  status: 429,
  fault: 'client',
  error: 'temporarily_unavailable',
})

export const ServiceUnavailableException = /* @__PURE__ */ defineError({
  name: 'ServiceUnavailableException',
  status: 503,
  fault: 'server',
  error: 'temporarily_unavailable',
})
