/** The numbers that an approval page offers, of which the device shows one. */

import type { Migration } from '../migrations.ts'

/** Adds what version 10 remembers. Devices from before it show no number. */
export const numberMatch: Migration = {
  version: 10,
  name: 'number match',
  async up(db) {
    await db.schema.alterTable('deviceGrants').addColumn('numbers', 'text').execute()
  },
}
