/**
 * The standard endpoints: what any OAuth 2.0 or OpenID Connect library speaks, beside the AWS wire and over the same use
 * cases. A session that begins here is listed, checked and ended there, and the other way round.
 *
 * Not its job: `/authorize` and the end of a sign-in, which are one for both and answer browsers.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414
 */
import { type Input, type Output, operation, service, shapes } from 'ssooidc/protocol'
import {
  AccessDeniedException,
  AuthorizationPendingException,
  ExpiredTokenException,
  ForbiddenException,
  InsufficientScopeException,
  InternalServerException,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRedirectUriException,
  InvalidRequestException,
  InvalidScopeException,
  InvalidTokenException,
  MethodNotAllowedException,
  RequestTooLargeException,
  ServiceUnavailableException,
  SlowDownException,
  TooManyRequestsException,
  UnauthorizedClientException,
  UnknownOperationException,
  UnsupportedGrantTypeException,
} from './oauth2-errors.ts'

const { boolean, document, header, integer, list, optional, secret, string } = shapes

/** How a client says who it is: in the form, or in `Authorization: Basic`, which the dialect puts into the same members. */
const client = { client_id: string(), client_secret: optional(secret()) } as const

/** How a client may prove itself. @see https://www.rfc-editor.org/rfc/rfc7591#section-2 */
export const AUTH_METHODS = { basic: 'client_secret_basic', post: 'client_secret_post', none: 'none' } as const

/**
 * Where a program sends a person who signs out of it, to sign out here as well. It answers browsers, as `/authorize` does.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout
 */
export const END_SESSION_PATH = '/oauth2/logout'

/** What `prompt` may ask for at the authorization endpoint. @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest */
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const

/** What a person's identity is told by, and what opens the access portal's API. */
export const SCOPES = ['openid', 'profile', 'email', 'offline_access', 'sso:account:access'] as const

const HOUR = 3_600

export const deviceAuthorization = operation({
  name: 'DeviceAuthorization',
  method: 'POST',
  path: '/oauth2/device_authorization',
  authentication: 'none',
  input: { ...client, scope: optional(string()) },
  output: {
    device_code: secret(),
    user_code: secret(),
    verification_uri: string(),
    verification_uri_complete: secret(),
    expires_in: integer(),
    interval: optional(integer()),
  },
  errors: [InvalidClientException, UnauthorizedClientException, InvalidScopeException],
})

export const token = operation({
  name: 'Token',
  method: 'POST',
  path: '/oauth2/token',
  authentication: 'none',
  input: {
    ...client,
    grant_type: string(),
    code: optional(secret()),
    redirect_uri: optional(string()),
    code_verifier: optional(secret()),
    device_code: optional(secret()),
    refresh_token: optional(secret()),
    scope: optional(string()),
  },
  output: {
    access_token: secret(),
    token_type: string(),
    expires_in: integer(),
    refresh_token: optional(secret()),
    scope: string(),
    id_token: optional(secret()),
  },
  errors: [
    InvalidClientException,
    InvalidGrantException,
    UnauthorizedClientException,
    UnsupportedGrantTypeException,
    InvalidScopeException,
    AuthorizationPendingException,
    SlowDownException,
    AccessDeniedException,
    ExpiredTokenException,
  ],
})

export const revoke = operation({
  name: 'Revoke',
  method: 'POST',
  path: '/oauth2/revoke',
  authentication: 'none',
  repeatable: true,
  input: { ...client, token: secret(), token_type_hint: optional(string()) },
  output: {},
  errors: [InvalidClientException],
})

export const introspect = operation({
  name: 'Introspect',
  method: 'POST',
  path: '/oauth2/introspect',
  authentication: 'none',
  repeatable: true,
  input: { ...client, token: secret(), token_type_hint: optional(string()) },
  output: {
    active: boolean(),
    token_type: optional(string()),
    scope: optional(string()),
    client_id: optional(string()),
    username: optional(string()),
    sub: optional(string()),
    iss: optional(string()),
    exp: optional(integer()),
    auth_time: optional(integer()),
    sid: optional(string()),
    aud: optional(string()),
  },
  errors: [InvalidClientException, UnauthorizedClientException],
})

export const register = operation({
  name: 'Register',
  method: 'POST',
  path: '/oauth2/register',
  authentication: 'none',
  jsonBody: true,
  success: 201,
  repeatable: true,
  input: {
    client_name: optional(string()),
    redirect_uris: optional(list(string())),
    post_logout_redirect_uris: optional(list(string())),
    grant_types: optional(list(string())),
    response_types: optional(list(string())),
    scope: optional(string()),
    token_endpoint_auth_method: optional(string()),
  },
  output: {
    client_id: string(),
    client_secret: optional(secret()),
    client_id_issued_at: integer(),
    client_secret_expires_at: optional(integer()),
    client_name: string(),
    redirect_uris: optional(list(string())),
    post_logout_redirect_uris: optional(list(string())),
    grant_types: list(string()),
    response_types: list(string()),
    scope: string(),
    token_endpoint_auth_method: string(),
  },
  errors: [InvalidClientMetadataException, InvalidRedirectUriException],
})

const userInfoEndpoint = {
  path: '/oauth2/userinfo',
  authentication: 'bearer',
  input: { authorization: header('Authorization', optional(secret())) },
  output: {
    sub: string(),
    preferred_username: optional(string()),
    name: optional(string()),
    given_name: optional(string()),
    family_name: optional(string()),
    email: optional(string()),
  },
  errors: [InsufficientScopeException],
} as const

export const userInfo = operation({ name: 'UserInfo', method: 'GET', ...userInfoEndpoint })

/** @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo on both methods */
export const userInfoByPost = operation({
  name: 'UserInfoByPost',
  method: 'POST',
  repeatable: true,
  ...userInfoEndpoint,
})

const metadata = {
  issuer: string(),
  authorization_endpoint: string(),
  token_endpoint: string(),
  device_authorization_endpoint: string(),
  revocation_endpoint: string(),
  introspection_endpoint: string(),
  userinfo_endpoint: string(),
  end_session_endpoint: string(),
  registration_endpoint: string(),
  jwks_uri: string(),
  scopes_supported: list(string()),
  response_types_supported: list(string()),
  response_modes_supported: list(string()),
  grant_types_supported: list(string()),
  subject_types_supported: list(string()),
  id_token_signing_alg_values_supported: list(string()),
  token_endpoint_auth_methods_supported: list(string()),
  revocation_endpoint_auth_methods_supported: list(string()),
  introspection_endpoint_auth_methods_supported: list(string()),
  code_challenge_methods_supported: list(string()),
  claims_supported: list(string()),
  prompt_values_supported: list(string()),
  claims_parameter_supported: boolean(),
  request_parameter_supported: boolean(),
  request_uri_parameter_supported: boolean(),
  authorization_response_iss_parameter_supported: boolean(),
} as const

export const openidConfiguration = operation({
  name: 'OpenIDConfiguration',
  method: 'GET',
  path: '/.well-known/openid-configuration',
  authentication: 'none',
  cacheFor: HOUR,
  input: {},
  output: metadata,
  errors: [],
})

export const authorizationServerMetadata = operation({
  name: 'AuthorizationServerMetadata',
  method: 'GET',
  path: '/.well-known/oauth-authorization-server',
  authentication: 'none',
  cacheFor: HOUR,
  input: {},
  output: metadata,
  errors: [],
})

export const jwks = operation({
  name: 'JWKS',
  method: 'GET',
  path: '/.well-known/jwks.json',
  authentication: 'none',
  // A new key is published before it signs; a reader that kept the old set for so long has fetched it by then.
  cacheFor: HOUR / 4,
  input: {},
  output: { keys: list(document()) },
  errors: [],
})

export const oauth2 = service({
  name: 'oauth2',
  serviceId: 'OAuth2',
  apiVersion: '2.0',
  endpointPrefix: 'oauth2',
  signingName: 'oauth2',
  dialect: 'oauth2',
  errorBody: 'oauth',
  errorNamespace: '',
  operations: {
    deviceAuthorization,
    token,
    revoke,
    introspect,
    register,
    userInfo,
    userInfoByPost,
    openidConfiguration,
    authorizationServerMetadata,
    jwks,
  },
  edge: {
    malformed: InvalidRequestException,
    unauthenticated: InvalidTokenException,
    forbidden: ForbiddenException,
    unknownOperation: UnknownOperationException,
    methodNotAllowed: MethodNotAllowedException,
    tooLarge: RequestTooLargeException,
    tooManyRequests: TooManyRequestsException,
    unavailable: ServiceUnavailableException,
    internal: InternalServerException,
  },
})

export type DeviceAuthorizationInput = Input<typeof deviceAuthorization>
export type DeviceAuthorizationOutput = Output<typeof deviceAuthorization>
export type TokenInput = Input<typeof token>
export type TokenOutput = Output<typeof token>
export type RevokeInput = Input<typeof revoke>
export type IntrospectInput = Input<typeof introspect>
export type IntrospectOutput = Output<typeof introspect>
export type RegisterInput = Input<typeof register>
export type RegisterOutput = Output<typeof register>
export type UserInfoOutput = Output<typeof userInfo>
export type Metadata = Output<typeof openidConfiguration>
export type JwksOutput = Output<typeof jwks>
