/** Resource servers: the services that may ask about access tokens of others. */

import type { ColumnDefinitionBuilder } from 'kysely'
import type { Migration } from '../migrations.ts'

/** Adds what version 7 remembers. */
export const resourceServers: Migration = {
  version: 7,
  name: 'resource servers',
  async up(db) {
    await db.schema
      .createTable('resourceServers')
      .addColumn('id', 'text', (column) => column.notNull().primaryKey())
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('definition', 'text', required)
      .execute()
  },
}

const required = (column: ColumnDefinitionBuilder) => column.notNull()
