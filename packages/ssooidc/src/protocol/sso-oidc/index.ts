/**
 * `sso-oidc`, API version 2019-06-10: how a program registers itself and turns a person's approval into tokens.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 */
import { type Input, type Output, operation, service } from '../operation.ts'
import { integer, list, optional, secret, string, structure } from '../shape.ts'
import {
  AccessDeniedException,
  AuthorizationPendingException,
  ExpiredCredentialsException,
  ExpiredTokenException,
  ForbiddenException,
  IncompleteSignatureException,
  InternalServerException,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRedirectUriException,
  InvalidRequestException,
  InvalidRequestRegionException,
  InvalidScopeException,
  InvalidSignatureException,
  MethodNotAllowedException,
  MissingAuthenticationTokenException,
  RequestTooLargeException,
  ServiceUnavailableException,
  SlowDownException,
  TooManyRequestsException,
  UnauthorizedClientException,
  UnknownOperationException,
  UnrecognizedClientException,
  UnsupportedGrantTypeException,
} from './errors.ts'

export * from './errors.ts'

/** The grant types, spelt as clients send them. (The service's own example has a hyphen in the second; nobody sends it.) */
export const GRANT_TYPES = {
  authorizationCode: 'authorization_code',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  refreshToken: 'refresh_token',
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
} as const

export const registerClient = operation({
  name: 'RegisterClient',
  method: 'POST',
  path: '/client/register',
  authentication: 'none',
  repeatable: true,
  input: {
    clientName: string(),
    clientType: string(),
    scopes: optional(list(string())),
    redirectUris: optional(list(string())),
    grantTypes: optional(list(string())),
    issuerUrl: optional(string()),
    entitledApplicationArn: optional(string()),
  },
  output: {
    clientId: string(),
    clientSecret: secret(),
    clientIdIssuedAt: integer(),
    clientSecretExpiresAt: integer(),
    authorizationEndpoint: optional(string()),
    tokenEndpoint: optional(string()),
  },
  errors: [
    InvalidRequestException,
    InvalidScopeException,
    InvalidClientMetadataException,
    InternalServerException,
    InvalidRedirectUriException,
    UnsupportedGrantTypeException,
    SlowDownException,
  ],
})

export const startDeviceAuthorization = operation({
  name: 'StartDeviceAuthorization',
  method: 'POST',
  path: '/device_authorization',
  authentication: 'none',
  repeatable: true,
  input: { clientId: string(), clientSecret: secret(), startUrl: string() },
  output: {
    deviceCode: secret(),
    userCode: secret(),
    verificationUri: string(),
    verificationUriComplete: secret(),
    expiresIn: integer(),
    interval: optional(integer()),
  },
  errors: [
    InvalidRequestException,
    InvalidClientException,
    UnauthorizedClientException,
    SlowDownException,
    InternalServerException,
  ],
})

const tokenErrors = [
  InvalidRequestException,
  InvalidClientException,
  InvalidGrantException,
  UnauthorizedClientException,
  UnsupportedGrantTypeException,
  InvalidScopeException,
  AuthorizationPendingException,
  SlowDownException,
  AccessDeniedException,
  ExpiredTokenException,
  InternalServerException,
] as const

export const createToken = operation({
  name: 'CreateToken',
  method: 'POST',
  path: '/token',
  authentication: 'none',
  input: {
    clientId: string(),
    clientSecret: secret(),
    grantType: string(),
    deviceCode: optional(secret()),
    code: optional(secret()),
    refreshToken: optional(secret()),
    scope: optional(list(string())),
    redirectUri: optional(string()),
    codeVerifier: optional(secret()),
  },
  output: {
    accessToken: secret(),
    tokenType: string(),
    expiresIn: integer(),
    refreshToken: optional(secret()),
    idToken: optional(secret()),
  },
  errors: tokenErrors,
})

export const createTokenWithIAM = operation({
  name: 'CreateTokenWithIAM',
  method: 'POST',
  path: '/token',
  fixedQuery: { aws_iam: 't' },
  authentication: 'sigv4',
  input: {
    clientId: string(),
    grantType: string(),
    code: optional(secret()),
    refreshToken: optional(secret()),
    assertion: optional(secret()),
    scope: optional(list(string())),
    redirectUri: optional(string()),
    subjectToken: optional(secret()),
    subjectTokenType: optional(string()),
    requestedTokenType: optional(string()),
    codeVerifier: optional(secret()),
  },
  output: {
    accessToken: secret(),
    tokenType: string(),
    expiresIn: integer(),
    refreshToken: optional(secret()),
    idToken: optional(secret()),
    issuedTokenType: optional(string()),
    scope: optional(list(string())),
    awsAdditionalDetails: optional(structure({ identityContext: optional(secret()) })),
  },
  errors: [...tokenErrors, InvalidRequestRegionException],
})

export const ssoOidc = service({
  name: 'sso-oidc',
  serviceId: 'SSO OIDC',
  apiVersion: '2019-06-10',
  endpointPrefix: 'oidc',
  signingName: 'sso-oauth',
  dialect: 'restJson1',
  errorBody: 'oauth',
  errorNamespace: 'com.amazonaws.ssooidc',
  operations: { registerClient, startDeviceAuthorization, createToken, createTokenWithIAM },
  edge: {
    malformed: InvalidRequestException,
    unauthenticated: MissingAuthenticationTokenException,
    forbidden: ForbiddenException,
    unknownOperation: UnknownOperationException,
    methodNotAllowed: MethodNotAllowedException,
    tooLarge: RequestTooLargeException,
    tooManyRequests: TooManyRequestsException,
    unavailable: ServiceUnavailableException,
    internal: InternalServerException,
  },
  signature: {
    missing: MissingAuthenticationTokenException,
    incomplete: IncompleteSignatureException,
    'unknown-access-key': UnrecognizedClientException,
    mismatch: InvalidSignatureException,
    'clock-skew': InvalidSignatureException,
    'expired-credentials': ExpiredCredentialsException,
  },
})

export type RegisterClientInput = Input<typeof registerClient>
export type RegisterClientOutput = Output<typeof registerClient>
export type StartDeviceAuthorizationInput = Input<typeof startDeviceAuthorization>
export type StartDeviceAuthorizationOutput = Output<typeof startDeviceAuthorization>
export type CreateTokenInput = Input<typeof createToken>
export type CreateTokenOutput = Output<typeof createToken>
export type CreateTokenWithIAMInput = Input<typeof createTokenWithIAM>
export type CreateTokenWithIAMOutput = Output<typeof createTokenWithIAM>
