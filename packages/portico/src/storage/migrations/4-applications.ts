/** Applications, the issuers that they trust, and the assertions that were used. */

import type { ColumnDefinitionBuilder } from 'kysely'
import type { Migration } from '../migrations.ts'

/** Adds what version 4 remembers. */
export const applications: Migration = {
  version: 4,
  name: 'applications',
  async up(db) {
    for (const table of ['applications', 'trustedTokenIssuers'])
      await db.schema
        .createTable(table)
        .addColumn('id', 'text', key)
        .addColumn('name', 'text', (column) => column.notNull().unique())
        .addColumn('definition', 'text', required)
        .execute()
    await db.schema
      .createTable('usedAssertions')
      .addColumn('key', 'text', key)
      .addColumn('expiresAt', 'bigint', required)
      .execute()
    await db.schema.createIndex('usedAssertionsExpiry').on('usedAssertions').column('expiresAt').execute()
    await db.schema.createIndex('usersByEmail').on('users').column('email').execute()
  },
}

const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey()
const required = (column: ColumnDefinitionBuilder) => column.notNull()
