/**
 * OAuth 2.0 as any authorization server speaks it, the client's half of the contract: the operations of `sso-oidc` in the
 * standard's words, and what is found out about the server first. What a server of unknown make need not say is optional.
 *
 * Not its job: the paths, which the server's metadata say, and what Portico's own standard endpoints promise beyond this.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749
 */
import { type Frame, type Output, wire } from '../operation.ts'
import { boolean, document, header, integer, list, optional, secret, string } from '../shape.ts'

/** All servers, as far as they have something in common. */
export const oauth2Frame: Frame = {
  name: 'oauth2',
  serviceId: 'OAuth2',
  endpointPrefix: 'oauth2',
  signingName: 'oauth2',
  dialect: 'oauth2',
}

/** How a client proves itself at an endpoint. @see https://www.rfc-editor.org/rfc/rfc7591#section-2 */
export type AuthMethod = 'client_secret_basic' | 'client_secret_post' | 'none'

/** Where metadata are, in the order to look: RFC 8414 puts its path before the issuer's, OpenID Connect behind it. */
export const metadataPaths = (issuer: URL): readonly string[] => {
  const path = issuer.pathname.replace(/\/$/, '')
  return [`/.well-known/oauth-authorization-server${path}`, `${path}/.well-known/openid-configuration`]
}

/** What a server says about itself. @see https://www.rfc-editor.org/rfc/rfc8414#section-2 */
export const discovery = wire({
  name: 'Discovery',
  method: 'GET',
  path: '',
  authentication: 'none',
  input: {},
  output: {
    issuer: string(),
    authorization_endpoint: optional(string()),
    token_endpoint: optional(string()),
    device_authorization_endpoint: optional(string()),
    revocation_endpoint: optional(string()),
    introspection_endpoint: optional(string()),
    registration_endpoint: optional(string()),
    userinfo_endpoint: optional(string()),
    jwks_uri: optional(string()),
    scopes_supported: optional(list(string())),
    grant_types_supported: optional(list(string())),
    code_challenge_methods_supported: optional(list(string())),
    token_endpoint_auth_methods_supported: optional(list(string())),
  },
})

const client = { client_id: string(), client_secret: optional(secret()) } as const

/** RegisterClient. Repeated, it leaves a second client behind. @see https://www.rfc-editor.org/rfc/rfc7591#section-3 */
export const registration = wire({
  name: 'RegisterClient',
  method: 'POST',
  path: '',
  authentication: 'none',
  jsonBody: true,
  input: {
    client_name: optional(string()),
    redirect_uris: optional(list(string())),
    grant_types: optional(list(string())),
    response_types: optional(list(string())),
    scope: optional(string()),
    token_endpoint_auth_method: optional(string()),
    initial_access_token: header('authorization', optional(secret())),
  },
  output: {
    client_id: string(),
    client_secret: optional(secret()),
    client_id_issued_at: optional(integer()),
    client_secret_expires_at: optional(integer()),
    token_endpoint_auth_method: optional(string()),
    scope: optional(string()),
  },
})

/** StartDeviceAuthorization. @see https://www.rfc-editor.org/rfc/rfc8628#section-3.1 */
export const deviceAuthorization = wire({
  name: 'StartDeviceAuthorization',
  method: 'POST',
  path: '',
  authentication: 'none',
  repeatable: true,
  input: { ...client, scope: optional(string()) },
  output: {
    device_code: secret(),
    user_code: secret(),
    verification_uri: string(),
    verification_uri_complete: optional(secret()),
    expires_in: integer(),
    interval: optional(integer()),
  },
})

/** CreateToken. @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2 */
export const token = wire({
  name: 'CreateToken',
  method: 'POST',
  path: '',
  authentication: 'none',
  input: {
    ...client,
    grant_type: string(),
    code: optional(secret()),
    redirect_uri: optional(string()),
    code_verifier: optional(secret()),
    device_code: optional(secret()),
    refresh_token: optional(secret()),
    assertion: optional(secret()),
    subject_token: optional(secret()),
    subject_token_type: optional(string()),
    requested_token_type: optional(string()),
    audience: optional(string()),
    resource: optional(string()),
    scope: optional(string()),
  },
  output: {
    access_token: secret(),
    token_type: string(),
    expires_in: optional(integer()),
    refresh_token: optional(secret()),
    id_token: optional(secret()),
    issued_token_type: optional(string()),
    scope: optional(string()),
  },
})

/** What each grant type redeems, in the words of `token`'s input. */
export const redeemsStandard = {
  authorization_code: 'code',
  'urn:ietf:params:oauth:grant-type:device_code': 'deviceCode',
  refresh_token: 'refreshToken',
  client_credentials: 'clientSecret',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'assertion',
  'urn:ietf:params:oauth:grant-type:token-exchange': 'subjectToken',
} as const

const tokenInHand = { ...client, token: secret(), token_type_hint: optional(string()) } as const

/** Ends a token. @see https://www.rfc-editor.org/rfc/rfc7009#section-2.1 */
export const revocation = wire({
  name: 'RevokeToken',
  method: 'POST',
  path: '',
  authentication: 'none',
  repeatable: true,
  input: tokenInHand,
  output: {},
})

/** Says what a token is worth. @see https://www.rfc-editor.org/rfc/rfc7662#section-2 */
export const introspection = wire({
  name: 'IntrospectToken',
  method: 'POST',
  path: '',
  authentication: 'none',
  repeatable: true,
  input: tokenInHand,
  output: {
    active: boolean(),
    scope: optional(string()),
    client_id: optional(string()),
    username: optional(string()),
    token_type: optional(string()),
    exp: optional(integer()),
    iat: optional(integer()),
    nbf: optional(integer()),
    sub: optional(string()),
    aud: optional(document()),
    iss: optional(string()),
    jti: optional(string()),
  },
})

/** What a server says about itself. */
export type Discovered = Output<typeof discovery>
