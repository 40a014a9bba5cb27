/**
 * The token endpoint: the grants of `create-token.ts`, redeemed by any OAuth client. Only the words differ, and an id token
 * is added for whoever asked to know the person.
 */
import { GRANT_TYPES, InvalidRequestException, InvalidScopeException } from 'ssooidc/protocol/sso-oidc'
import type { TokenInput, TokenOutput } from '../../protocol/oauth2.ts'
import type { Session } from '../../storage/storage.ts'
import { type Client, identifyClient } from '../clients/client-authentication.ts'
import { parseScopeParameter } from '../clients/scopes.ts'
import type { Call, Deps } from '../deps.ts'
import { nonceOf } from '../grants/authorization-codes.ts'
import { redeemGrant } from '../grants/create-token.ts'
import { signIdToken } from '../keys/signing-keys.ts'
import { withScopesNow } from '../sessions/sessions.ts'
import { issueTokens, openRefreshToken } from '../sessions/tokens.ts'
import { identityOf, methodReferences } from './identity.ts'

/**
 * Turns a grant into tokens. What they may be used for was approved by the person; `scope` says so. Whoever refreshes may ask
 * for less, and then gets an access token for that; the refresh token stays what it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.1
 */
export async function exchangeToken(deps: Deps, input: TokenInput, call: Call, now: number): Promise<TokenOutput> {
  const client = identifyClient(deps, input, now)
  const missing = (needed.get(input.grant_type) ?? []).filter((name) => input[name] === undefined)
  if (missing.length > 0) throw new InvalidRequestException(`Missing for this grant: ${missing.join(', ')}.`)
  const grant = {
    grantType: input.grant_type,
    code: input.code,
    redirectUri: input.redirect_uri,
    codeVerifier: input.code_verifier,
    deviceCode: input.device_code,
    refreshToken: input.refresh_token,
  }
  const narrower = await narrowerScopes(deps, client, input)
  const redeemed = await redeemGrant(deps, client, grant, call, now)
  const session = narrower === undefined ? redeemed : withScopesNow(deps, client, { ...redeemed, scopes: narrower })
  const tokens = issueTokens(deps, client, session, now)
  return {
    access_token: tokens.accessToken,
    token_type: tokens.tokenType,
    expires_in: tokens.expiresIn,
    refresh_token: tokens.refreshToken,
    scope: session.scopes.join(' '),
    id_token: await idToken(deps, session, input, tokens.expiresIn, now),
  }
}

// No object: a client may call its grant type `constructor`, which every object has.
const needed: ReadonlyMap<string, readonly (keyof TokenInput)[]> = new Map<string, readonly (keyof TokenInput)[]>([
  [GRANT_TYPES.authorizationCode, ['code', 'redirect_uri', 'code_verifier']],
  [GRANT_TYPES.deviceCode, ['device_code']],
  [GRANT_TYPES.refreshToken, ['refresh_token']],
])

/**
 * What a refresh asks for, if it says so. Asked before the refresh token is used, which a mistake should not use up.
 *
 * @throws InvalidScopeException it is more than was approved
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
async function narrowerScopes(
  deps: Deps,
  client: Client,
  { grant_type, refresh_token = '', scope }: TokenInput,
): Promise<readonly string[] | undefined> {
  const asked = grant_type === GRANT_TYPES.refreshToken ? parseScopeParameter(scope) : []
  const claims = asked.length === 0 ? undefined : openRefreshToken(deps, refresh_token)
  const session = claims && (await deps.storage.findSession({ id: claims.sessionId }))
  // Whose token it is, redeeming it says.
  if (session?.clientHash !== client.hash) return undefined
  if (!asked.every((each) => session.scopes.includes(each)))
    throw new InvalidScopeException('A scope was asked for that the session was not approved with.')
  return asked
}

/** Who signed in, for a client that asked with the scope `openid`. @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken */
async function idToken(
  deps: Deps,
  session: Session,
  input: TokenInput,
  expiresIn: number,
  now: number,
): Promise<string | undefined> {
  if (!session.scopes.includes('openid')) return undefined
  const reach = await deps.access.of(session.userId, now)
  if (reach === undefined) throw new Error('a session was admitted for somebody who is not there')
  const claims = {
    iss: deps.settings.origin,
    aud: input.client_id,
    exp: Math.floor(now / 1000) + expiresIn,
    auth_time: Math.floor(session.authenticatedAt / 1000),
    amr: session.amr.length > 0 ? methodReferences(session.amr) : undefined,
    sid: session.id,
    // Of the code that was redeemed here and of no other: a refresh brings none.
    nonce: input.grant_type === GRANT_TYPES.authorizationCode ? nonceOf(deps, input.code) : undefined,
    ...identityOf(reach.user, session.scopes),
  }
  // RS256 is the one algorithm that every reader of id tokens must know.
  return signIdToken(deps, claims, now, 'RS256')
}
