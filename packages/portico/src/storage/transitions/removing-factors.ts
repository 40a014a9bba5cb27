/**
 * What passkeys and apps for one-time codes have in common while they come and go: how many there are must stay true until the
 * commit, and what a factor that goes had proved goes with it.
 */

import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import type { AuthenticationMethod, FactorRemoval } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { revokeEach } from './endings.ts'
import type { Changed } from './transition.ts'
import { holdUser } from './user-life.ts'

/** How many factors a user has. */
export type FactorCount = { passkeys: number; totps: number }

/** Counts them. Until the commit nobody else adds or removes one of this user: they wait, and count anew. */
export async function countFactors(db: Kysely<Database>, userId: string): Promise<FactorCount> {
  await holdUser(db, userId)
  const count = async (table: 'passkeys' | 'totps') => {
    const counted = await db
      .selectFrom(table as 'totps') // all that is asked of either is its `userId`; Kysely wants to see one
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('userId', '=', userId)
      .executeTakeFirst()
    return counted?.count ?? 0
  }
  return { passkeys: await count('passkeys'), totps: await count('totps') }
}

/** Whether these are enough to be left. */
export function isEnough(keep: FactorRemoval['keep'], { passkeys, totps }: FactorCount): boolean {
  if (keep === 'passkey') return passkeys > 0
  return keep === 'nothing' || passkeys + totps > 0
}

/** Writes the removal of a factor down, voids recovery codes that recover nothing any more, and ends what it had proved. */
export async function afterRemoval(
  db: Kysely<Database>,
  method: AuthenticationMethod,
  removal: FactorRemoval,
  left: FactorCount,
  changed: Changed<'revocations'>,
): Promise<void> {
  const { userId, audit } = removal
  await appendAudit(db, audit, userId)
  if (!isEnough('factor', left)) {
    const voided = await db.deleteFrom('recoveryCodes').where('userId', '=', userId).returning('mac').executeTakeFirst()
    if (voided !== undefined) await appendAudit(db, { ...audit, eventName: 'VoidRecoveryCodes', detail: {} }, userId)
  }
  await endWhatItProved(db, method, removal, changed)
}

/** Ends what a user has open that was proved in this way, but for one browser. */
export async function endWhatItProved(
  db: Kysely<Database>,
  method: AuthenticationMethod,
  { userId, spare, revokedUntil, now }: Pick<FactorRemoval, 'userId' | 'spare' | 'revokedUntil' | 'now'>,
  changed: Changed<'revocations'>,
): Promise<void> {
  const proved = `%"${method}"%`
  // Grants and codes first, as where everything is ended: whoever redeems one at this moment is waited for, and then ended.
  await db
    .updateTable('deviceGrants')
    .set({ state: 'denied' })
    .where('userId', '=', userId)
    .where('state', '=', 'approved')
    .where('amr', 'like', proved)
    .execute()
  await db
    .deleteFrom('authorizationCodes')
    .where('userId', '=', userId)
    .where('usedAt', 'is', null)
    .where('amr', 'like', proved)
    .execute()
  const sessions = await db
    .updateTable('sessions')
    .set({ endedAt: now, endReason: 'credential-change' })
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .where('amr', 'like', proved)
    // What was given through a session may be alive for as long after its end.
    .where('expiresAt', '>', now - (revokedUntil - now))
    .returning('id')
    .execute()
  const signIns = await db
    .deleteFrom('signInSessions')
    .where('userId', '=', userId)
    .where('id', '!=', spare ?? '')
    .where('amr', 'like', proved)
    .returning('id')
    .execute()
  const ended = [...sessions, ...signIns].map(({ id }) => id)
  await revokeEach(db, changed, ended, { revokedUntil, now })
}
