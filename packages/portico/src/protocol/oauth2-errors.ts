/**
 * The errors of the standard endpoints. They are OAuth's, so most are those of `sso-oidc`, which speaks OAuth in AWS's words:
 * the same use cases throw them, and only what `error` says goes over this wire. Here are the few that AWS has no word for.
 *
 * @see https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#extensions-error
 */
import { defineError } from 'ssooidc/protocol'

export {
  AccessDeniedException,
  AuthorizationPendingException,
  ExpiredTokenException,
  ForbiddenException,
  InternalServerException,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRedirectUriException,
  InvalidRequestException,
  InvalidScopeException,
  MethodNotAllowedException,
  RequestTooLargeException,
  ServiceUnavailableException,
  SlowDownException,
  TooManyRequestsException,
  UnauthorizedClientException,
  UnknownOperationException,
  UnsupportedGrantTypeException,
} from 'ssooidc/protocol/sso-oidc'

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 */
export const InvalidTokenException = defineError({
  name: 'InvalidTokenException',
  status: 401,
  fault: 'client',
  error: 'invalid_token',
})

// What the authorization endpoint alone says, by redirect. https://openid.net/specs/openid-connect-core-1_0.html#AuthError

/** The person has to sign in, and nobody may be asked or somebody else is expected. */
export const LoginRequiredException = defineError({
  name: 'LoginRequiredException',
  status: 400,
  fault: 'client',
  error: 'login_required',
})

/** The person has to consent, and nobody may be asked. */
export const ConsentRequiredException = defineError({
  name: 'ConsentRequiredException',
  status: 400,
  fault: 'client',
  error: 'consent_required',
})

/** The person has to prove more, and nobody may be asked. */
export const InteractionRequiredException = defineError({
  name: 'InteractionRequiredException',
  status: 400,
  fault: 'client',
  error: 'interaction_required',
})

/** `request` holds parameters that would count instead of those in the address: it must not be overlooked. */
export const RequestNotSupportedException = defineError({
  name: 'RequestNotSupportedException',
  status: 400,
  fault: 'client',
  error: 'request_not_supported',
})

/** So does what `request_uri` names. */
export const RequestUriNotSupportedException = defineError({
  name: 'RequestUriNotSupportedException',
  status: 400,
  fault: 'client',
  error: 'request_uri_not_supported',
})

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 */
export const InsufficientScopeException = defineError({
  name: 'InsufficientScopeException',
  status: 403,
  fault: 'client',
  error: 'insufficient_scope',
})
