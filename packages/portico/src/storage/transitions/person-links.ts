/** One-time links by which one person chooses a first or a new password, or a passkey in place of one. */

import { toUser } from '../schema.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { insertPasskey } from './passkeys.ts'
import { countFactors, isEnough } from './removing-factors.ts'
import { endEverySession } from './sessions.ts'
import { read, write } from './transition.ts'
import { holdUser, voidPersonLinks } from './user-life.ts'

export const createPersonLink = write<'createPersonLink'>({
  async run(db, { link, audit }) {
    if ((await holdUser(db, link.userId))?.enabled !== 1) return false
    await voidPersonLinks(db, link.userId)
    await db
      .insertInto('personLinks')
      .values({ ...link, usedAt: null })
      .execute()
    await appendAudit(db, audit)
    return true
  },
})

export const findPersonLink = read<'findPersonLink'>(async (db, { hash, now }) => {
  const row = await db
    .selectFrom('personLinks')
    .innerJoin('users', 'users.id', 'personLinks.userId')
    .selectAll('personLinks')
    .where('personLinks.hash', '=', hash)
    .where('personLinks.usedAt', 'is', null)
    .where('personLinks.expiresAt', '>', now)
    .where('users.enabled', '=', 1)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { usedAt: _, ...link } = row
  return link
})

export const redeemPersonLink = write<'redeemPersonLink', 'directory' | 'revocations'>({
  async run(db, { hash, chosen, revokedUntil, now, audit }, changed) {
    const named = await db.selectFrom('personLinks').select('userId').where('hash', '=', hash).executeTakeFirst()
    if (named === undefined || (await holdUser(db, named.userId))?.enabled !== 1) return undefined
    // A link stands in for no factor: whoever set one up since the page was shown proves that one.
    if (chosen.passkey !== null && isEnough('factor', await countFactors(db, named.userId))) return undefined
    const link = await db
      .updateTable('personLinks')
      .set({ usedAt: now })
      .where('hash', '=', hash)
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', now)
      .returning('userId')
      .executeTakeFirst()
    if (link === undefined) return undefined
    const { passwordHash, passkey } = chosen
    const user = await db
      .updateTable('users')
      .set((eb) => ({ passwordHash: passwordHash ?? eb.ref('passwordHash') }))
      .where('id', '=', link.userId)
      .returningAll()
      .executeTakeFirstOrThrow()
    if (passkey !== null && !(await insertPasskey(db, passkey))) throw new Error('a new passkey has the id of another')
    await appendAudit(db, audit, user.id)
    await announce(db, changed, 'directory')
    await endEverySession(db, { userId: user.id, reason: 'credential-change', revokedUntil, now }, changed)
    return toUser(user)
  },
})
