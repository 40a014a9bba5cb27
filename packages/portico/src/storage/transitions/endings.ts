/** Endings by others than the one who is signed in: an administrator's view of sessions, and how they end in numbers. */

import type { Kysely } from 'kysely'
import type { Ending } from '../administration.ts'
import { type Database, toSession } from '../schema.ts'
import { appendAudit } from './audit.ts'
import { revoke } from './revocations.ts'
import { type Changed, read, write } from './transition.ts'

export const findSessions = read<'findSessions'>(async (db, { userId, clientHash, now, limit }) => {
  let query = db.selectFrom('sessions').selectAll().where('endedAt', 'is', null).where('expiresAt', '>', now)
  if (userId !== null) query = query.where('userId', '=', userId)
  if (clientHash !== null) query = query.where('clientHash', '=', clientHash)
  const rows = await query.orderBy('createdAt', 'desc').orderBy('id').limit(limit).execute()
  return rows.map(toSession)
})

export const endSessionsOfClient = write<'endSessionsOfClient', 'revocations'>({
  async run(db, { clientHash, ...ending }, changed) {
    await appendAudit(db, ending.audit)
    const { sessions, living } = await closeSessionsOfClient(db, clientHash, ['approved'], ending)
    await revokeEach(db, changed, sessions, ending)
    return living
  },
})

export const denyClient = write<'denyClient', 'revocations'>({
  async run(db, { clientHash, deniedUntil, ...ending }, changed) {
    await appendAudit(db, ending.audit)
    const { sessions, living } = await closeSessionsOfClient(db, clientHash, ['pending', 'approved'], ending)
    await revokeEach(db, changed, sessions, ending)
    const line = { kind: 'client', subject: clientHash, notBefore: ending.now, expiresAt: deniedUntil } as const
    await revoke(db, changed, line)
    return living
  },
})

export const endAllSessions = write<'endAllSessions', 'revocations'>({
  async run(db, { reason, revokedUntil, now, audit }, changed) {
    await appendAudit(db, audit)
    // Grants and codes first, as for one user: whoever redeems one at this moment is waited for, and then ended.
    await db.updateTable('deviceGrants').set({ state: 'denied' }).where('state', '=', 'approved').execute()
    await db.deleteFrom('authorizationCodes').where('usedAt', 'is', null).execute()
    const result = await db
      .updateTable('sessions')
      .set({ endedAt: now, endReason: reason })
      .where('endedAt', 'is', null)
      .where('expiresAt', '>', now)
      .executeTakeFirst()
    await db.deleteFrom('signInSessions').execute()
    await revoke(db, changed, { kind: 'instance', subject: '', notBefore: now, expiresAt: revokedUntil })
    return Number(result.numUpdatedRows)
  },
})

/** Sessions that ended and are still to be revoked, and how many of them were alive. */
export type Closed = { sessions: readonly string[]; living: number }

/**
 * Ends what a client has open. A session that was over already is among it while something that was given through it may be
 * alive: that can live as long after the session's end as the revocation of a session that ends now is kept.
 */
export async function closeSessionsOfClient(
  db: Kysely<Database>,
  clientHash: string,
  grants: readonly ('pending' | 'approved')[],
  { reason, revokedUntil, now }: Omit<Ending, 'audit'>,
): Promise<Closed> {
  await db
    .updateTable('deviceGrants')
    .set({ state: 'denied' })
    .where('clientHash', '=', clientHash)
    .where('state', 'in', grants)
    .execute()
  await db.deleteFrom('authorizationCodes').where('clientHash', '=', clientHash).where('usedAt', 'is', null).execute()
  const ended = await db
    .updateTable('sessions')
    .set({ endedAt: now, endReason: reason })
    .where('clientHash', '=', clientHash)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now - (revokedUntil - now))
    .returning(['id', 'expiresAt'])
    .execute()
  return { sessions: ended.map(({ id }) => id), living: ended.filter(({ expiresAt }) => expiresAt > now).length }
}

/** One line for each session, and none for its client: that would be its denial, and role credentials know only their session. */
export async function revokeEach(
  db: Kysely<Database>,
  changed: Changed<'revocations'>,
  sessions: readonly string[],
  { revokedUntil, now }: Pick<Ending, 'revokedUntil' | 'now'>,
): Promise<void> {
  for (const subject of sessions)
    await revoke(db, changed, { kind: 'session', subject, notBefore: now, expiresAt: revokedUntil })
}
