/** Revocation: a client ends its session with a token of it, of either wire, since a session has only one kind. */
import { InvalidRequestException } from 'ssooidc/protocol/sso-oidc'
import type { RevokeInput } from '../../protocol/oauth2.ts'
import { auditEvent } from '../audit/audit.ts'
import { identifyClient } from '../clients/client-authentication.ts'
import type { Call, Deps } from '../deps.ts'
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
