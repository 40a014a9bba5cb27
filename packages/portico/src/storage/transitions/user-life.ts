/** How a user is taken out, for a while or for good. */

import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { userNameKey } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { endEverySession } from './sessions.ts'
import { shuttingNobodyOut } from './shut-out.ts'
import { write } from './transition.ts'

export const setUserEnabled = write<'setUserEnabled', 'directory' | 'revocations'>({
  async run(db, { userName, enabled, revokedUntil, now, audit, shutOut = false }, changed) {
    const named = db.selectFrom('users').select(['id', 'enabled']).where('userNameKey', '=', userNameKey(userName))
    const user = await named.executeTakeFirst()
    if (user === undefined) return 'unknown'
    return await shuttingNobodyOut(db, enabled || shutOut, async () => {
      const updated = await db
        .updateTable('users')
        .set({ enabled: Number(enabled) })
        .where('id', '=', user.id)
        .where('enabled', '!=', Number(enabled))
        .returning('id')
        .executeTakeFirst()
      if (updated === undefined) return 'unchanged'
      if (!enabled) await voidPersonLinks(db, user.id)
      await appendAudit(db, audit, user.id)
      await announce(db, changed, 'directory')
      if (!enabled) await endEverySession(db, { userId: user.id, reason: 'administrator', revokedUntil, now }, changed)
      return 'changed'
    })
  },
})

export const deleteUser = write<'deleteUser', 'directory' | 'revocations'>({
  async run(db, { userName, revokedUntil, now, audit, shutOut = false }, changed) {
    return await shuttingNobodyOut(db, shutOut, async () => {
      // What says something about a user goes with them, by its foreign key; sessions have none, because they are evidence.
      const user = await db
        .deleteFrom('users')
        .where('userNameKey', '=', userNameKey(userName))
        .returning('id')
        .executeTakeFirst()
      if (user === undefined) return 'unknown'
      await db.deleteFrom('distantDevices').where('userId', '=', user.id).execute()
      await appendAudit(db, audit, user.id)
      await announce(db, changed, 'directory')
      await endEverySession(db, { userId: user.id, reason: 'administrator', revokedUntil, now }, changed)
      return 'deleted'
    })
  },
})

/**
 * Holds the row of a user to the end of the transaction: whoever else changes how they sign in waits, and comes before or
 * after as a whole. Links are taken after this, by everybody, so that no two wait for each other.
 */
export function holdUser(db: Kysely<Database>, userId: string): Promise<{ enabled: number } | undefined> {
  return db
    .updateTable('users')
    .set((eb) => ({ enabled: eb.ref('enabled') }))
    .where('id', '=', userId)
    .returning('enabled')
    .executeTakeFirst()
}

/**
 * Whether a browser's sign-in is there, for whoever holds the row of its user: whoever ends what somebody has open, and so takes
 * that row, has the last word before what the browser had just begun.
 */
export async function isSignedIn(db: Kysely<Database>, signInId: string): Promise<boolean> {
  const row = db.selectFrom('signInSessions').select('id').where('id', '=', signInId)
  return (await row.executeTakeFirst()) !== undefined
}

/** Links that a user has not used are of no use any more. */
export async function voidPersonLinks(db: Kysely<Database>, userId: string): Promise<void> {
  await db.deleteFrom('personLinks').where('userId', '=', userId).where('usedAt', 'is', null).execute()
}
