/** Dynamic client registration: RegisterClient in the standard's words, and as free of a table. */
import type { ServiceException } from 'ssooidc/protocol'
import {
  GRANT_TYPES,
  InvalidClientMetadataException,
  InvalidScopeException,
  UnsupportedGrantTypeException,
} from 'ssooidc/protocol/sso-oidc'
import { AUTH_METHODS, type RegisterInput, type RegisterOutput } from '../../protocol/oauth2.ts'
import { type Registration, sealRegistration } from '../clients/client-registration.ts'
import { acceptRegistration } from '../clients/register-client.ts'
import { parseScopeParameter } from '../clients/scopes.ts'
import type { Call, Deps } from '../deps.ts'

/** What a client may ask for that named no scopes: to know the person, but not to enter their accounts. */
const IDENTITY = ['openid', 'profile', 'email', 'offline_access'] as const

/**
 * Registers a client for 90 days. One that says it authenticates by `none` gets no secret, and needs none at these endpoints.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7591#section-3
 */
export async function registerDynamically(
  deps: Deps,
  input: RegisterInput,
  call: Call,
  now: number,
): Promise<RegisterOutput> {
  const method = input.token_endpoint_auth_method ?? AUTH_METHODS.basic
  if (!Object.values<string>(AUTH_METHODS).includes(method))
    throw new InvalidClientMetadataException(
      `token_endpoint_auth_method must be one of ${Object.values(AUTH_METHODS).join(', ')}.`,
    )
  if (input.response_types?.some((type) => type !== 'code'))
    throw new InvalidClientMetadataException('response_types may hold "code" only.')
  const withoutSecret = method === AUTH_METHODS.none
  const registration = accept(deps, input, withoutSecret, call, now)
  const { clientId, clientSecret } = sealRegistration(deps.sealer, registration)
  const browser = registration.grantTypes.includes(GRANT_TYPES.authorizationCode)
  return {
    client_id: clientId,
    ...(withoutSecret
      ? {}
      : { client_secret: clientSecret, client_secret_expires_at: Math.floor(registration.expiresAt / 1000) }),
    client_id_issued_at: Math.floor(registration.issuedAt / 1000),
    client_name: registration.name,
    redirect_uris: registration.redirectUris.length > 0 ? registration.redirectUris : undefined,
    post_logout_redirect_uris: registration.postLogoutRedirectUris,
    grant_types: registration.grantTypes,
    response_types: browser ? ['code'] : [],
    scope: registration.scopes.join(' '),
    token_endpoint_auth_method: method,
  }
}

function accept(deps: Deps, input: RegisterInput, withoutSecret: boolean, call: Call, now: number): Registration {
  const { client_name, redirect_uris = [], grant_types, scope } = input
  const { post_logout_redirect_uris: postLogoutRedirectUris = [] } = input
  const scopes = parseScopeParameter(scope)
  const asked = {
    clientName: client_name ?? 'A program without a name',
    clientType: 'public',
    scopes: scopes.length > 0 ? scopes : IDENTITY,
    redirectUris: redirect_uris,
    // RFC 7591 §2: who names none means the authorization code grant.
    grantTypes: grant_types ?? [GRANT_TYPES.authorizationCode],
  }
  try {
    return acceptRegistration(deps, asked, { withoutSecret, postLogoutRedirectUris }, call, now)
  } catch (error) {
    // RFC 7591 §3.2.2 has one word for what RegisterClient has three.
    if (error instanceof InvalidScopeException || error instanceof UnsupportedGrantTypeException)
      throw new InvalidClientMetadataException((error as ServiceException).message)
    throw error
  }
}
