/** Set-up links: how the first administrator comes to be. */

import { toUser } from '../schema.ts'
import { userNameKey } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { read, write } from './transition.ts'

export const createSetupLink = write<'createSetupLink'>({
  async run(db, { hash, expiresAt, now, audit }) {
    await db.deleteFrom('setupLinks').where('usedAt', 'is', null).execute()
    await db.insertInto('setupLinks').values({ hash, createdAt: now, expiresAt, usedAt: null }).execute()
    await appendAudit(db, audit)
  },
})

export const isSetupLinkLive = read<'isSetupLinkLive'>(async (db, { hash, now }) => {
  const link = await db
    .selectFrom('setupLinks')
    .select('hash')
    .where('hash', '=', hash)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
  return link !== undefined
})

export const redeemSetupLink = write<'redeemSetupLink', 'directory'>({
  async run(db, { hash, user, now, audit }, changed) {
    const link = await db
      .updateTable('setupLinks')
      .set({ usedAt: now })
      .where('hash', '=', hash)
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', now)
      .returning('hash')
      .executeTakeFirst()
    if (link === undefined) return undefined
    const { id, ...person } = { ...user, enabled: 1, administrator: 1, userNameKey: userNameKey(user.userName) }
    const row = await db
      .insertInto('users')
      .values({ id, ...person })
      // The organization file may have named the person already; who can sign in already is somebody else.
      .onConflict((conflict) =>
        conflict
          .column('userNameKey')
          .doUpdateSet(person)
          .where('users.passwordHash', 'is', null)
          .where((eb) =>
            eb.not(
              eb.exists(eb.selectFrom('passkeys').select('passkeys.id').whereRef('passkeys.userId', '=', 'users.id')),
            ),
          ),
      )
      .returningAll()
      .executeTakeFirst()
    if (row === undefined) {
      await db.updateTable('setupLinks').set({ usedAt: null }).where('hash', '=', hash).execute()
      return undefined
    }
    await appendAudit(db, audit, row.id)
    await announce(db, changed, 'directory')
    return toUser(row)
  },
})
