/** When each browser's sign-in was used last. */

import { sql } from 'kysely'
import type { Migration } from '../migrations.ts'

/** Adds what version 11 remembers. Sign-ins from before it count as unused since they began. */
export const signInUses: Migration = {
  version: 11,
  name: 'sign-in uses',
  async up(db) {
    await db.schema
      .alterTable('signInSessions')
      .addColumn('lastUsedAt', 'bigint', (column) => column.notNull().defaultTo(sql.lit(0)))
      .execute()
    await db
      .updateTable('signInSessions')
      .set((eb) => ({ lastUsedAt: eb.ref('createdAt') }))
      .execute()
  },
}
