/**
 * One question in front of everything that mints: may this person, through this session, have what is asked for, now? Every
 * grant and GetRoleCredentials ask here and nowhere else, so no sibling can forget a check.
 */
import type { Amr, User } from '../../storage/storage.ts'
import { hasSecondFactor } from '../factors/requirements.ts'
import type { Revocable, Revocations } from './revocations.ts'

/** Why nothing is minted. */
export type Refusal = 'user-unknown' | 'user-disabled' | 'revoked' | 'session-over'

/** Decides. Undefined means yes. */
export function refusal(
  user: User | undefined,
  session: Revocable & { expiresAt: number },
  revocations: Revocations,
  now: number,
): Refusal | undefined {
  if (user === undefined) return 'user-unknown'
  if (!user.enabled) return 'user-disabled'
  if (now >= session.expiresAt) return 'session-over'
  if (revocations.covers(session)) return 'revoked'
  return undefined
}

/** Whether a session may have credentials of this role: some are only for people who proved themselves with two factors. */
export function mayAssume(role: { requireSecondFactor: boolean }, session: { amr: Amr }): boolean {
  return !role.requireSecondFactor || hasSecondFactor(session.amr)
}
