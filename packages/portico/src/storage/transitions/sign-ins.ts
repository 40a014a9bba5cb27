/** Sign-in sessions: the browsers that people signed in at. */

import { hot } from '../hot.ts'
import { toSignInSession } from '../schema.ts'
import { appendAudit } from './audit.ts'
import { revokeEach } from './endings.ts'
import { read, write } from './transition.ts'

export const beginSignIn = write<'beginSignIn'>({
  async run(db, { session, audit }) {
    await db
      .insertInto('signInSessions')
      .values({ ...session, amr: JSON.stringify(session.amr) })
      .execute()
    await appendAudit(db, audit, session.userId)
  },
})

export const listSignIns = read<'listSignIns'>(async (db, { userId, now }) => {
  const rows = await db
    .selectFrom('signInSessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('expiresAt', '>', now)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(toSignInSession)
})

export const findSignIn = read<'findSignIn'>(async (db, input) => {
  const [row] = await selectAlive(db, input)
  return row && toSignInSession(row)
})

export const noteSignInUses = write<'noteSignInUses'>({
  async run(db, { uses }) {
    for (const { id, at } of uses) await noteUse(db, { id, at })
  },
})

export const endSignIn = write<'endSignIn', 'revocations'>({
  async run(db, { id, revokedUntil, now, audit }, changed) {
    const ended = await db.deleteFrom('signInSessions').where('id', '=', id).returning('userId').executeTakeFirst()
    if (ended === undefined) return
    await appendAudit(db, audit, ended.userId)
    if (revokedUntil !== null) await revokeEach(db, changed, [id], { revokedUntil, now })
  },
})

const noteUse = hot((db, { id, at }: { id: string; at: number }) =>
  db
    .updateTable('signInSessions')
    .set({ lastUsedAt: at })
    .where('id', '=', id)
    .where('lastUsedAt', '<', at)
    .returning('id'),
)

const selectAlive = hot((db, { id, now }: { id: string; now: number }) =>
  db
    .selectFrom('signInSessions')
    .innerJoin('users', 'users.id', 'signInSessions.userId')
    .selectAll('signInSessions')
    .where('signInSessions.id', '=', id)
    .where('signInSessions.expiresAt', '>', now)
    .where('users.enabled', '=', 1),
)
