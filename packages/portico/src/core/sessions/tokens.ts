/**
 * The tokens of a session. Both are sealed: their holder cannot read them, and checking one needs no query.
 *
 * An access token lives an hour, or eight for clients without scopes, which cannot refresh; never past its session, nor longer
 * than a session may go unused; and half as long where it can be refreshed, so that whoever waits for its end is in time. A refresh
 * token names the session's generation and nothing else.
 */
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import type { Amr, Flow, Proximity, Session } from '../../storage/storage.ts'
import { LONGEST_ROLE_CREDENTIALS_LIFE } from '../access/session-token.ts'
import type { Client } from '../clients/client-authentication.ts'
import type { Deps } from '../deps.ts'
import { isDistant } from '../grants/device-policy.ts'
import { format, parse } from '../keys/opaque-token.ts'

const HOUR = 3_600_000

/** How long an access token of a client with scopes lives; the most that one without scopes does. */
export const ACCESS_TOKEN_LIFE = HOUR
const ACCESS_TOKEN_LIFE_WITHOUT_SCOPES = 8 * HOUR

/**
 * How long a revocation is remembered: after this, nothing that lives now is alive, neither an access token (eight hours at
 * most) nor role credentials of the built-in broker.
 */
export const REVOCATION_LIFE = Math.max(ACCESS_TOKEN_LIFE_WITHOUT_SCOPES, LONGEST_ROLE_CREDENTIALS_LIFE)

/** What an access token says. */
export type AccessTokenClaims = {
  sessionId: string
  userId: string
  clientHash: string
  flow: Flow
  scopes: readonly string[]
  authenticatedAt: number
  /** Absent in tokens from before it was written down, when there were only passwords. */
  amr?: Amr
  /** Absent in tokens from before it was written down. */
  proximity?: Proximity | null
  /** ARN of the application that its client is, or is for; absent where there is none. */
  application?: string
  expiresAt: number
}

/** What a refresh token says. */
export type RefreshTokenClaims = { sessionId: string; generation: number }

/** What CreateToken answers for a session. */
export type IssuedTokens = {
  accessToken: string
  tokenType: string
  expiresIn: number
  refreshToken?: string
}

/**
 * Issues tokens for a session: always an access token, which ends at `until` if not before; a refresh token where the client
 * may refresh.
 */
export function issueTokens(
  deps: Deps,
  client: Client,
  session: Session,
  now: number,
  until = Number.POSITIVE_INFINITY,
): IssuedTokens {
  const life = session.scopes.length > 0 ? ACCESS_TOKEN_LIFE : ACCESS_TOKEN_LIFE_WITHOUT_SCOPES
  const idle = (deps.settings.sessionIdleDuration ?? Infinity) / (session.scopes.length > 0 ? 2 : 1)
  const expiresAt = Math.min(now + life, now + idle, session.expiresAt, until)
  const claims: AccessTokenClaims = {
    sessionId: session.id,
    userId: session.userId,
    clientHash: session.clientHash,
    flow: session.flow,
    scopes: session.scopes,
    authenticatedAt: session.authenticatedAt,
    amr: session.amr,
    ...(session.proximity === null ? {} : { proximity: session.proximity }),
    ...(client.entitledApplicationArn ? { application: client.entitledApplicationArn } : {}),
    expiresAt,
  }
  return {
    accessToken: format('accessToken', deps.sealer.seal('access-token', claims)),
    tokenType: 'Bearer',
    expiresIn: Math.floor((expiresAt - now) / 1000),
    ...(mayRefresh(deps, client, session) ? { refreshToken: sealRefreshToken(deps, session) } : {}),
  }
}

/** The claims of an access token that we sealed, expired or not. */
export function openAccessToken(deps: Deps, token: string): AccessTokenClaims | undefined {
  const body = parse('accessToken', token)
  return body === undefined ? undefined : deps.sealer.open<AccessTokenClaims>('access-token', body)
}

/** The session and generation that a refresh token names. */
export function openRefreshToken(deps: Deps, token: string): RefreshTokenClaims | undefined {
  const body = parse('refreshToken', token)
  return body === undefined ? undefined : deps.sealer.open<RefreshTokenClaims>('refresh-token', body)
}

function sealRefreshToken(deps: Deps, { id, generation }: Session): string {
  const claims: RefreshTokenClaims = { sessionId: id, generation }
  return format('refreshToken', deps.sealer.seal('refresh-token', claims))
}

// Scopes decide whether a refresh token exists: that is how old and new AWS CLIs differ.
function mayRefresh({ settings }: Deps, client: Client, session: Session): boolean {
  if (isDistant(settings, session)) return false
  return session.scopes.length > 0 && client.grantTypes.includes(GRANT_TYPES.refreshToken)
}
