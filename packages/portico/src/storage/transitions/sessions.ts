/** Sessions: what a client's tokens belong to. How they begin, rotate and end. */

import type { Kysely } from 'kysely'
import { hot } from '../hot.ts'
import { type Database, type Stored, toSession } from '../schema.ts'
import { type AuditEvent, type EndReason, type NewSession, rotationOf, type Session } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { revoke } from './revocations.ts'
import { type Changed, type Input, read, write } from './transition.ts'

export const findSession = read<'findSession'>((db, { id }) => readSession(db, id))

export const listSessions = read<'listSessions'>(async (db, { userId, now }) => {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(toSession)
})

export const noteSessionUses = write<'noteSessionUses'>({
  async run(db, { uses }) {
    for (const { id, at } of uses) await noteUse(db, { id, at })
  },
})

export const rotateSession = write<'rotateSession', 'revocations'>({
  async run(db, input, changed) {
    const { id, clientHash, generation, coalesce, now, audit } = input
    const rotatedBefore = now - coalesce
    const [moved] = await rotate(db, { id, clientHash, generation, next: generation + 1, rotatedBefore, now })
    if (moved !== undefined) {
      await appendAudit(db, audit, moved.userId)
      return { outcome: 'rotated' }
    }
    const session = await readSession(db, id)
    const outcome = rotationOf(session, input)
    if (session === undefined) return { outcome: 'unknown' }
    // Where the statement above found nothing to rotate, nothing is to be rotated.
    if (outcome === 'rotated') throw new Error('a session that could be rotated was not')
    if (outcome === 'reissued') return { outcome, session }
    if (outcome === 'reused') await endForReuse(db, id, 'refresh-token-reuse', input, changed)
    return { outcome }
  },
})

export const endSession = write<'endSession', 'revocations'>({
  async run(db, { id, reason, revokedUntil, now, audit }, changed) {
    const [ended] = await end(db, { id, reason, now })
    if (ended === undefined) return false
    await appendAudit(db, audit, ended.userId)
    await revoke(db, changed, { kind: 'session', subject: id, notBefore: now, expiresAt: revokedUntil })
    return true
  },
})

export const endSessionsOfUser = write<'endSessionsOfUser', 'revocations'>({
  async run(db, input, changed) {
    await appendAudit(db, input.audit)
    return await endEverySession(db, input, changed)
  },
})

/**
 * Ends all that a user has open. Grants and codes that could still become a session go first: a redemption that is under
 * way holds the grant's row, so waiting for it makes its session visible to the statement that ends sessions.
 */
export async function endEverySession(
  db: Kysely<Database>,
  { userId, reason, revokedUntil, now }: Omit<Input<'endSessionsOfUser'>, 'audit'>,
  changed: Changed<'revocations'>,
): Promise<number> {
  const ended = await closeSessionsOfUser(db, { userId, reason, now })
  await revoke(db, changed, { kind: 'user', subject: userId, notBefore: now, expiresAt: revokedUntil })
  return ended
}

/** The same without the revocation, for whoever appends that later because others wait for it. */
export async function closeSessionsOfUser(
  db: Kysely<Database>,
  { userId, reason, now }: Pick<Input<'endSessionsOfUser'>, 'userId' | 'reason' | 'now'>,
): Promise<number> {
  await db
    .updateTable('deviceGrants')
    .set({ state: 'denied' })
    .where('userId', '=', userId)
    .where('state', '=', 'approved')
    .execute()
  await db.deleteFrom('authorizationCodes').where('userId', '=', userId).where('usedAt', 'is', null).execute()
  const ended = await db
    .updateTable('sessions')
    .set({ endedAt: now, endReason: reason })
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning('id')
    .execute()
  await db.deleteFrom('signInSessions').where('userId', '=', userId).execute()
  return ended.length
}

/** Makes the session of a redeemed grant or code, and of the person and client that those name. */
export async function beginSession(
  db: Kysely<Database>,
  { id, flow, address, userAgent, createdAt, expiresAt }: NewSession,
  owner: Pick<Session, 'userId' | 'authenticatedAt' | 'amr' | 'clientHash' | 'clientName' | 'scopes'> &
    Partial<Pick<Session, 'proximity'>>,
): Promise<Session> {
  const times = { rotatedAt: createdAt, createdAt, lastUsedAt: createdAt, expiresAt }
  const life = { generation: 0, ...times, endedAt: null, endReason: null }
  const session: Session = { id, flow, address, userAgent, proximity: null, ...owner, ...life }
  await insert(db, { ...session, scopes: JSON.stringify(session.scopes), amr: JSON.stringify(session.amr) })
  return session
}

/**
 * Ends a session because a token that belongs to it was used once too often; one that has ended stays as it was. The audit
 * line says so, in place of the line for what the caller meant to do.
 */
export async function endForReuse(
  db: Kysely<Database>,
  id: string,
  reason: EndReason,
  { revokedUntil, now, audit }: { revokedUntil: number; now: number; audit: AuditEvent },
  changed: Changed<'revocations'>,
): Promise<void> {
  const [ended] = await end(db, { id, reason, now })
  if (ended === undefined) return
  const detail = { ...audit.detail, sessionId: id, reason }
  await appendAudit(db, { ...audit, eventName: 'EndSession', detail }, ended.userId)
  await revoke(db, changed, { kind: 'session', subject: id, notBefore: now, expiresAt: revokedUntil })
}

/** The session, whatever its state. */
export async function readSession(db: Kysely<Database>, id: string): Promise<Session | undefined> {
  const [row] = await selectById(db, { id })
  return row && toSession(row)
}

const selectById = hot((db, { id }: { id: string }) => db.selectFrom('sessions').selectAll().where('id', '=', id))

const rotate = hot(
  (db, $: { id: string; clientHash: string; generation: number; next: number; rotatedBefore: number; now: number }) =>
    db
      .updateTable('sessions')
      .set({ generation: $.next, rotatedAt: $.now, lastUsedAt: $.now })
      .where('id', '=', $.id)
      .where('clientHash', '=', $.clientHash)
      .where('generation', '=', $.generation)
      .where('rotatedAt', '<=', $.rotatedBefore)
      .where('endedAt', 'is', null)
      .where('expiresAt', '>', $.now)
      .returning('userId'),
)

const noteUse = hot((db, { id, at }: { id: string; at: number }) =>
  db
    .updateTable('sessions')
    .set({ lastUsedAt: at })
    .where('id', '=', id)
    .where('lastUsedAt', '<', at)
    .where('endedAt', 'is', null)
    .returning('id'),
)

const end = hot((db, { id, reason, now }: { id: string; reason: EndReason; now: number }) =>
  db
    .updateTable('sessions')
    .set({ endedAt: now, endReason: reason })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returning(['userId', 'expiresAt']),
)

const insert = hot((db, row: Stored<Session>) =>
  db.insertInto('sessions').values({
    id: row.id,
    userId: row.userId,
    clientHash: row.clientHash,
    clientName: row.clientName,
    flow: row.flow,
    scopes: row.scopes,
    generation: row.generation,
    rotatedAt: row.rotatedAt,
    authenticatedAt: row.authenticatedAt,
    amr: row.amr,
    proximity: row.proximity,
    address: row.address,
    userAgent: row.userAgent,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    expiresAt: row.expiresAt,
    endedAt: row.endedAt,
    endReason: row.endReason,
  }),
)
