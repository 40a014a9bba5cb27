/**
 * Revocation and introspection: a client ends its session with a token of it, or asks whether a token is still good. Both
 * hold for tokens of either wire, since a session has only one kind.
 */
import { InvalidRequestException, UnauthorizedClientException } from 'ssooidc/protocol/sso-oidc'
import { type IntrospectInput, type IntrospectOutput, type RevokeInput, TOKEN_TYPES } from '../../protocol/oauth2.ts'
import { holderOf } from '../access/portal.ts'
import { auditEvent } from '../audit/audit.ts'
import { identifyClient } from '../clients/client-authentication.ts'
import type { Call, Deps } from '../deps.ts'
import { refusal } from '../sessions/mint-gate.ts'
import { COALESCE, isIdle } from '../sessions/sessions.ts'
import { openAccessToken, openRefreshToken, REVOCATION_LIFE } from '../sessions/tokens.ts'

/**
 * Ends the session that a token belongs to, whichever of its tokens that is: an access token that outlived its refresh token,
 * or the other way round, would be what nobody expects. A token that is none of ours, or no more, is as good as revoked.
 *
 * @throws InvalidRequestException the token is another client's
 * @see https://www.rfc-editor.org/rfc/rfc7009#section-2.1
 */
export async function revokeToken(deps: Deps, input: RevokeInput, call: Call, now: number): Promise<object> {
  const client = identifyClient(deps, input, now)
  const sessionId = (openAccessToken(deps, input.token) ?? openRefreshToken(deps, input.token))?.sessionId
  const session = sessionId === undefined ? undefined : await deps.storage.findSession({ id: sessionId })
  if (session === undefined) return {}
  if (session.clientHash !== client.hash) throw new InvalidRequestException('The token was given to another client.')
  await deps.storage.endSession({
    id: session.id,
    reason: 'logout',
    revokedUntil: now + REVOCATION_LIFE,
    now,
    audit: auditEvent('RevokeToken', call, session.userId, { sessionId: session.id }, now),
  })
  return {}
}

/**
 * Says whether a token of the asking client is good, and what it stands for. Of any other token it says what it says of
 * nonsense: inactive.
 *
 * @throws UnauthorizedClientException the client has nothing to prove itself with
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2
 */
export async function introspectToken(deps: Deps, input: IntrospectInput, now: number): Promise<IntrospectOutput> {
  const client = identifyClient(deps, input, now)
  if (client.withoutSecret) throw new UnauthorizedClientException('Only a client that has a secret may ask.')
  const found = (await activeAccessToken(deps, input.token, now)) ?? (await activeRefreshToken(deps, input.token, now))
  if (found?.clientHash !== client.hash) return { active: false }
  const { userName, userId, token_type, scopes, expiresAt, authenticatedAt, sessionId } = found
  return {
    active: true,
    token_type,
    scope: scopes.join(' '),
    client_id: input.client_id,
    username: userName,
    sub: userId,
    iss: deps.settings.origin,
    exp: Math.floor(expiresAt / 1000),
    auth_time: Math.floor(authenticatedAt / 1000),
    sid: sessionId,
  }
}

async function activeAccessToken(deps: Deps, token: string, now: number) {
  const holder = await holderOf(deps, token, now)
  if (holder === undefined) return undefined
  return { ...holder.claims, userName: holder.reach.user.userName, token_type: TOKEN_TYPES.access }
}

// A refresh token is good as long as presenting it would not be refused.
async function activeRefreshToken(deps: Deps, token: string, now: number) {
  const claims = openRefreshToken(deps, token)
  const session = claims && (await deps.storage.findSession({ id: claims.sessionId }))
  if (!session || session.endedAt !== null || isIdle(deps, session, now)) return undefined
  const age = session.generation - claims.generation
  if (age !== 0 && !(age === 1 && now < session.rotatedAt + COALESCE)) return undefined
  const reach = await deps.access.of(session.userId, now)
  const revocable = { ...session, sessionId: session.id }
  if (!reach || refusal(reach.user, revocable, deps.revocations, now) !== undefined) return undefined
  return { ...revocable, userName: reach.user.userName, token_type: TOKEN_TYPES.refresh }
}
