/** Passkeys: added, used, named, removed. @see https://www.w3.org/TR/webauthn-3/#sctn-sign-counter */

import type { Kysely } from 'kysely'
import type { Passkey } from '../factors.ts'
import { type Database, toPasskey } from '../schema.ts'
import { appendAudit } from './audit.ts'
import { afterRemoval, countFactors, isEnough } from './removing-factors.ts'
import { read, write } from './transition.ts'
import { isSignedIn } from './user-life.ts'

export const addPasskey = write<'addPasskey'>({
  async run(db, { passkey, first, signInId = null, audit }) {
    const before = await countFactors(db, passkey.userId)
    if (signInId !== null && !(await isSignedIn(db, signInId))) return false
    if (first && isEnough('factor', before)) return false
    if (!(await insertPasskey(db, passkey))) return false
    await appendAudit(db, audit, passkey.userId)
    return true
  },
})

export const findPasskey = read<'findPasskey'>(async (db, { id }) => {
  const row = await db.selectFrom('passkeys').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toPasskey(row)
})

export const usePasskey = write<'usePasskey'>({
  async run(db, { id, counter, synced, now }) {
    const used = await db
      .updateTable('passkeys')
      .set({ counter, synced: Number(synced), lastUsedAt: now })
      .where('id', '=', id)
      .where((eb) => (counter === 0 ? eb('counter', '=', 0) : eb('counter', '<', counter)))
      .returning('id')
      .executeTakeFirst()
    return used !== undefined
  },
})

export const renamePasskey = write<'renamePasskey'>({
  async run(db, { id, userId, name, audit }) {
    const renamed = await db
      .updateTable('passkeys')
      .set({ name })
      .where('id', '=', id)
      .where('userId', '=', userId)
      .returning('id')
      .executeTakeFirst()
    if (renamed === undefined) return false
    await appendAudit(db, audit, userId)
    return true
  },
})

export const removePasskey = write<'removePasskey', 'revocations'>({
  async run(db, { id, ...removal }, changed) {
    const { userId, keep } = removal
    const before = await countFactors(db, userId)
    const theirs = db.selectFrom('passkeys').select('id').where('id', '=', id).where('userId', '=', userId)
    if ((await theirs.executeTakeFirst()) === undefined) return 'unknown'
    const left = { ...before, passkeys: before.passkeys - 1 }
    if (!isEnough(keep, left)) return 'last'
    await db.deleteFrom('passkeys').where('id', '=', id).execute()
    await afterRemoval(db, 'passkey', removal, left, changed)
    return 'removed'
  },
})

/** Stores a passkey unless there is one with its id. */
export async function insertPasskey(db: Kysely<Database>, passkey: Passkey): Promise<boolean> {
  const added = await db
    .insertInto('passkeys')
    .values({ ...passkey, transports: JSON.stringify(passkey.transports), synced: Number(passkey.synced) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}
