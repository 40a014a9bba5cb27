/** How a user is taken out, for a while or for good. */

import { userNameKey } from '../schema.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { endEverySession } from './sessions.ts'
import { write } from './transition.ts'

export const setUserEnabled = write<'setUserEnabled', 'directory' | 'revocations'>({
  async run(db, { userName, enabled, revokedUntil, now, audit }, changed) {
    const named = db.selectFrom('users').select(['id', 'enabled']).where('userNameKey', '=', userNameKey(userName))
    const user = await named.executeTakeFirst()
    if (user === undefined) return 'unknown'
    const updated = await db
      .updateTable('users')
      .set({ enabled: Number(enabled) })
      .where('id', '=', user.id)
      .where('enabled', '!=', Number(enabled))
      .returning('id')
      .executeTakeFirst()
    if (updated === undefined) return 'unchanged'
    await appendAudit(db, audit, user.id)
    await announce(db, changed, 'directory')
    if (!enabled) await endEverySession(db, { userId: user.id, reason: 'administrator', revokedUntil, now }, changed)
    return 'changed'
  },
})

export const deleteUser = write<'deleteUser', 'directory' | 'revocations'>({
  async run(db, { userName, revokedUntil, now, audit }, changed) {
    // What says something about a user goes with them, by its foreign key; sessions have none, because they are evidence.
    const user = await db
      .deleteFrom('users')
      .where('userNameKey', '=', userNameKey(userName))
      .returning('id')
      .executeTakeFirst()
    if (user === undefined) return false
    await appendAudit(db, audit, user.id)
    await announce(db, changed, 'directory')
    await endEverySession(db, { userId: user.id, reason: 'administrator', revokedUntil, now }, changed)
    return true
  },
})
