/** What a library needs to know before it can talk to us, and the keys that verify id tokens. */
import { AUTHORIZATION_PATH, GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import {
  AUTH_METHODS,
  deviceAuthorization,
  END_SESSION_PATH,
  introspect,
  type JwksOutput,
  jwks,
  type Metadata,
  PROMPTS,
  register,
  revoke,
  SCOPES,
  token,
  userInfo,
} from '../../protocol/oauth2.ts'
import type { Deps } from '../deps.ts'
import { publicKeys, SIGNING_ALGORITHMS } from '../keys/signing-keys.ts'

/**
 * The server's metadata, the same for OAuth and for OpenID Connect.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8414#section-2
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export async function describeServer({ settings: { origin } }: Deps): Promise<Metadata> {
  const methods = Object.values(AUTH_METHODS)
  return {
    issuer: origin,
    authorization_endpoint: origin + AUTHORIZATION_PATH,
    token_endpoint: origin + token.path,
    device_authorization_endpoint: origin + deviceAuthorization.path,
    revocation_endpoint: origin + revoke.path,
    introspection_endpoint: origin + introspect.path,
    userinfo_endpoint: origin + userInfo.path,
    end_session_endpoint: origin + END_SESSION_PATH,
    registration_endpoint: origin + register.path,
    jwks_uri: origin + jwks.path,
    scopes_supported: SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: [GRANT_TYPES.authorizationCode, GRANT_TYPES.deviceCode, GRANT_TYPES.refreshToken],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: [AUTH_METHODS.basic, AUTH_METHODS.post],
    code_challenge_methods_supported: ['S256'],
    claims_supported: [
      'iss',
      'sub',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'amr',
      'nonce',
      'sid',
      'preferred_username',
      'name',
      'given_name',
      'family_name',
      'email',
    ],
    prompt_values_supported: PROMPTS,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    // Left out, this would mean yes.
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  }
}

/** The keys that verify id tokens. Whoever fetches them before the first id token finds its key already. */
export async function listPublicKeys(deps: Deps, now: number): Promise<JwksOutput> {
  for (const alg of SIGNING_ALGORITHMS) await deps.signingKeys.active(alg, now)
  return publicKeys(deps)
}
