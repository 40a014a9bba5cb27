/** An administrator's end to somebody's factors: for the day on which everything was lost, or stolen. */
import type { AuditEvent, User } from '../../storage/storage.ts'
import type { Deps } from '../deps.ts'
import { type Post, tell } from '../people/letters.ts'
import { REVOCATION_LIFE } from '../sessions/tokens.ts'

/**
 * Takes passkeys, app, recovery codes and unused links away, signs the person out everywhere, and tells them: by letter, and
 * at their next sign-in. Their password stays. False when there is no such person.
 */
export async function resetFactors(
  deps: Pick<Deps, 'storage'> & Post,
  user: User,
  by: Pick<AuditEvent, 'userId' | 'address' | 'userAgent'>,
  now: number,
): Promise<boolean> {
  const audit: AuditEvent = { at: now, eventName: 'ResetFactors', ...by, detail: { userName: user.userName } }
  const reset = await deps.storage.resetFactors({ userId: user.id, revokedUntil: now + REVOCATION_LIFE, now, audit })
  if (reset) tell(deps, user, 'factors-reset', undefined)
  return reset
}
