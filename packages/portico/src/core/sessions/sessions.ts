/** Sessions: what a client's tokens belong to. How one is made, continued and ended. */
import {
  AccessDeniedException,
  type CreateTokenInput,
  InvalidGrantException,
  InvalidRequestException,
} from 'ssooidc/protocol/sso-oidc'
import { type Flow, type NewSession, type Rotation, rotated, rotationOf, type Session } from '../../storage/storage.ts'
import { scopesNow } from '../applications/applications.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Client } from '../clients/client-authentication.ts'
import type { Call, Deps, Origin } from '../deps.ts'
import { randomId } from '../keys/random.ts'
import { type Refusal, refusal, SECOND_FACTOR_NEEDED, type Shortfall, shortfall } from './mint-gate.ts'
import { openRefreshToken, REVOCATION_LIFE } from './tokens.ts'

/**
 * Stock clients refresh in several processes at once, without a lock, and retry a lost answer after a minute: for this long a
 * session moves one generation at most, and the generation before gets the same successor.
 */
export const COALESCE = 120_000

/** A session that is about to begin: it ends a fixed time after its person proved who they are. `origin` is its client's. */
export function newSession(deps: Deps, flow: Flow, authenticatedAt: number, origin: Origin, now: number): NewSession {
  return {
    id: randomId(deps.random),
    flow,
    address: origin.address,
    userAgent: origin.userAgent,
    createdAt: now,
    expiresAt: authenticatedAt + deps.settings.sessionDuration,
  }
}

/**
 * Asks the mint gate before a grant becomes a session.
 *
 * @throws InvalidGrantException saying why not; AccessDeniedException where the client is, or is for, an application that is
 * not the person's
 */
export async function admit(
  deps: Deps,
  { hash: clientHash, entitledApplicationArn: application }: Pick<Client, 'hash' | 'entitledApplicationArn'>,
  { userId, authenticatedAt, amr, scopes }: Pick<Session, 'userId' | 'authenticatedAt' | 'amr' | 'scopes'>,
  session: { id: string; expiresAt: number },
  now: number,
): Promise<void> {
  const reach = await deps.access.of(userId, now)
  const revocable = { sessionId: session.id, userId, clientHash, authenticatedAt, expiresAt: session.expiresAt }
  const refused = refusal(reach?.user, revocable, deps.revocations, now)
  if (refused !== undefined || reach === undefined)
    throw new InvalidGrantException(sentences[refused ?? 'user-unknown'])
  const lacking = shortfall(deps, reach, { amr, application })
  if (lacking === 'assignment') throw new AccessDeniedException(sentences[lacking])
  if (lacking !== undefined) throw new InvalidGrantException(sentences[lacking])
  if (scopesNow(deps, application, scopes) === undefined) throw new InvalidGrantException(NO_SCOPE_LEFT)
}

/**
 * The session of a client, with those of its scopes that it may have by now.
 *
 * @throws InvalidGrantException none of them is left
 */
export function withScopesNow(
  deps: Deps,
  { entitledApplicationArn: application }: Pick<Client, 'entitledApplicationArn'>,
  session: Session,
): Session {
  const scopes = scopesNow(deps, application, session.scopes)
  if (scopes === undefined) throw new InvalidGrantException(NO_SCOPE_LEFT)
  return { ...session, scopes }
}

const NO_SCOPE_LEFT = 'The application may no longer have any of the scopes that this was approved for.'

/** Notes that a session's tokens were given again, to a client that asked once more. */
export function auditReissue(deps: Deps, { id, userId }: Session, grantType: string, call: Call, now: number): void {
  deps.auditQueue.add(auditEvent('ReissueTokens', call, userId, { grantType, sessionId: id }, now))
}

/**
 * Continues a session with a refresh token.
 *
 * @throws InvalidGrantException the token is not ours, not this client's, or its session is over; it says which
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
export async function refreshSession(
  deps: Deps,
  client: Client,
  input: Omit<CreateTokenInput, 'clientId' | 'clientSecret'>,
  call: Call,
  now: number,
): Promise<Session> {
  if (input.refreshToken === undefined) throw new InvalidRequestException('refreshToken is missing.')
  const claims = openRefreshToken(deps, input.refreshToken)
  if (claims === undefined) throw new InvalidGrantException('Invalid refresh token provided.')

  const known = await deps.storage.findSession({ id: claims.sessionId })
  if (known === undefined || known.clientHash !== client.hash)
    throw new InvalidGrantException('Invalid refresh token provided.')
  if (known.endedAt === null) {
    await admit(deps, client, known, known, now)
    refuseIdle(deps, known, now)
  }
  const rotation = await rotate(deps, known, claims.generation, call, now)
  switch (rotation.outcome) {
    case 'rotated':
      return rotated(known, now)
    case 'reissued':
      auditReissue(deps, rotation.session, 'refresh_token', call, now)
      return rotation.session
    case 'reused':
      throw new InvalidGrantException(
        'Invalid refresh token provided: it was replaced long ago, so the session was ended for safety. Sign in again.',
      )
    case 'expired':
      throw new InvalidGrantException(sentences['session-over'])
    case 'ended':
      throw new InvalidGrantException(sentences.revoked)
    case 'ahead':
    case 'unknown':
      throw new InvalidGrantException('Invalid refresh token provided.')
  }
}

/** Moves the session on, or ends it, where what was read says so; all else takes no write. */
async function rotate(deps: Deps, known: Session, generation: number, call: Call, now: number): Promise<Rotation> {
  const { id, clientHash, userId } = known
  const presented = { clientHash, generation, coalesce: COALESCE, now }
  const outcome = rotationOf(known, presented)
  if (outcome === 'reissued') return { outcome, session: known }
  if (outcome !== 'rotated' && outcome !== 'reused') return { outcome }
  const audit = auditEvent('CreateToken', call, userId, { grantType: 'refresh_token', sessionId: id }, now)
  return deps.storage.rotateSession({ id, ...presented, revokedUntil: now + REVOCATION_LIFE, audit })
}

/**
 * Of the two clocks of a session, admission reads the one that began when its person signed in; this is the other.
 *
 * @throws InvalidGrantException
 */
export function refuseIdle(deps: Deps, session: Session, now: number): void {
  if (!isIdle(deps, session, now)) return
  const minutes = Math.floor((deps.settings.sessionIdleDuration ?? 0) / 60_000)
  throw new InvalidGrantException(`The session went unused for too long: it may for ${minutes} minutes. Sign in again.`)
}

/** Whether a session went unused for longer than the instance lets it, so that it cannot be continued. */
export function isIdle(
  { settings, sessionUses }: Pick<Deps, 'settings' | 'sessionUses'>,
  { id, lastUsedAt, rotatedAt }: Pick<Session, 'id' | 'lastUsedAt' | 'rotatedAt'>,
  now: number,
): boolean {
  const { sessionIdleDuration: limit } = settings
  // Storage learns of uses a moment after they were made.
  return limit !== null && now - Math.max(lastUsedAt, rotatedAt, sessionUses.lastOf(id) ?? 0) >= limit
}

const sentences: Readonly<Record<Refusal | Shortfall, string>> = {
  'user-unknown': 'The person who approved this is no longer here. Sign in again.',
  'user-disabled': 'The person who approved this is disabled. Ask an administrator.',
  revoked: 'The session was ended. Sign in again.',
  application: 'The application that this was approved for is no longer here.',
  assignment: 'The person is not assigned to this application.',
  'second-factor': SECOND_FACTOR_NEEDED,
  'session-over': 'The session has reached its end, counted from when its person signed in. Sign in again.',
}
