/** Whose device grants are: addresses of one IPv6 subscriber are counted together. */

import type { Migration } from '../migrations.ts'

/** Adds what version 9 remembers. Whose a grant from before is, nobody knows for the ten minutes that it lives. */
export const subscribers: Migration = {
  version: 9,
  name: 'subscribers',
  async up(db) {
    await db.schema
      .alterTable('deviceGrants')
      .addColumn('subscriber', 'text', (column) => column.notNull().defaultTo(''))
      .execute()
    // Counting what is pending reads this index alone.
    await db.schema.dropIndex('deviceGrantsPending').execute()
    await db.schema
      .createIndex('deviceGrantsPending')
      .on('deviceGrants')
      .columns(['state', 'expiresAt', 'subscriber'])
      .execute()
  },
}
