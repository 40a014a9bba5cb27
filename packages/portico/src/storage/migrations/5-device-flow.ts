/** How near a device was to the person who approved it, and which roles mind. */

import type { Migration } from '../migrations.ts'

/** Adds what version 5 remembers. Of what was approved before it, nobody knows how near it was. */
export const deviceFlow: Migration = {
  version: 5,
  name: 'device flow',
  async up(db) {
    for (const table of ['deviceGrants', 'sessions'])
      await db.schema.alterTable(table).addColumn('proximity', 'text').execute()
    await db.schema.alterTable('permissionSets').addColumn('deviceFlow', 'text').execute()
  },
}
