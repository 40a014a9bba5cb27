/** The instance and its keys: made once, and then only added to. */

import { announce } from './changes.ts'
import { read, write } from './transition.ts'

export const initialize = write<'initialize', 'keys'>({
  async run(db, { instance, keys }, changed) {
    const made = await db
      .insertInto('instances')
      .values({ one: 1, ...instance })
      .onConflict((conflict) => conflict.column('one').doNothing())
      .returning('one')
      .executeTakeFirst()
    if (made !== undefined) {
      if (keys.length > 0) await db.insertInto('dataKeys').values(keys).execute()
      await announce(db, changed, 'keys')
      return instance
    }
    return await db.selectFrom('instances').select(columns).executeTakeFirstOrThrow().then(plain)
  },
})

export const readInstance = read<'readInstance'>(async (db) => {
  const row = await db.selectFrom('instances').select(columns).executeTakeFirst()
  return row && plain(row)
})

export const readKeys = read<'readKeys'>(async (db) => {
  const rows = await db
    .selectFrom('dataKeys')
    .selectAll()
    .where('state', '!=', 'retired')
    .orderBy('createdAt')
    .execute()
  return rows.map(plain)
})

export const addKey = write<'addKey', 'keys'>({
  async run(db, { key }, changed) {
    const added = await db
      .insertInto('dataKeys')
      .values(key)
      .onConflict((conflict) => conflict.column('kid').doNothing())
      .returning('kid')
      .executeTakeFirst()
    if (added !== undefined) await announce(db, changed, 'keys')
  },
})

const columns = ['instanceId', 'identityStoreId', 'createdAt'] as const

// node:sqlite gives rows without a prototype; a record is an ordinary object.
const plain = <Row extends object>(row: Row): Row => ({ ...row })
