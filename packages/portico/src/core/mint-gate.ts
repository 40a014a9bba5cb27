/**
 * One question in front of everything that mints: may this person, through this session, have what is asked for, now? Every
 * grant and GetRoleCredentials ask here and nowhere else, so no sibling can forget a check.
 */
import type { User } from '../storage/storage.ts'
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
