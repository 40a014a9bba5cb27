/** Ends a session at the service, so that nothing that came of it opens anything any more. */
import type { Connections } from '../client/connection.ts'
import { createToken, logout } from '../client/operations.ts'
import { GRANT_TYPES } from '../protocol/sso-oidc/index.ts'
import { UnauthorizedException } from '../protocol/sso-portal/index.ts'
import { type CachedToken, canRefresh } from './cache/token.ts'
import { type Clock, systemClock } from './clock.ts'
import { says } from './errors.ts'
import { withGrace } from './grace.ts'

/** Milliseconds. A person waits for it, and the session ends by itself anyway, later. */
const LIMIT = 5_000

/** Ends one that nobody will use, as far as that can be done soon: within five seconds, and one after `signal`. Never fails. */
export async function endUnclaimed(
  to: Connections,
  token: CachedToken,
  { signal, clock = systemClock }: { readonly signal?: AbortSignal | undefined; readonly clock?: Clock | undefined },
): Promise<void> {
  const end = (stop: AbortSignal) => endSession(to, token, clock.now(), stop)
  await withGrace(end, { signal, limitMs: LIMIT }).catch(() => {})
}

/**
 * Ends it. The service takes only a token that still opens the portal for this, but the session outlives that: such a token is
 * got first where that can be.
 *
 * @throws ServiceException, ConnectionError as Logout does, or CreateToken
 */
export async function endSession(
  to: Connections,
  token: CachedToken,
  now: number,
  signal?: AbortSignal | undefined,
): Promise<void> {
  const isRefreshable = canRefresh(token, now)
  if (token.expiresAt > now || !isRefreshable)
    try {
      await logout(to, { accessToken: token.accessToken }, { signal })
      return
    } catch (thrown) {
      // Over, or a clock is wrong.
      if (!says(thrown, UnauthorizedException) || !isRefreshable) throw thrown
    }
  const { client, refreshToken } = token
  if (client === undefined || refreshToken === undefined) return // it is not refreshable then
  const { clientId, clientSecret } = client
  const input = { grantType: GRANT_TYPES.refreshToken, clientId, clientSecret, refreshToken }
  const { accessToken } = await createToken(to, input, { signal })
  await logout(to, { accessToken }, { signal })
}
