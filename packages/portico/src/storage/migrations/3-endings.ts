/** Sessions are found by their client as well, so that all of one client's can be ended. */

import type { Migration } from '../migrations.ts'

/** Adds the index that finding them takes. */
export const endings: Migration = {
  version: 3,
  name: 'endings',
  async up(db) {
    await db.schema.createIndex('sessionsOfClient').on('sessions').column('clientHash').execute()
  },
}
