/** Programs that got access from another network than that of the person who approved it. */

import type { ColumnDefinitionBuilder } from 'kysely'
import type { Migration } from '../migrations.ts'

/** Adds what version 8 remembers. Of what was approved before it, people are told nothing new. */
export const distantDevices: Migration = {
  version: 8,
  name: 'distant devices',
  async up(db) {
    await db.schema
      .createTable('distantDevices')
      .addColumn('sessionId', 'text', (column) => column.notNull().primaryKey())
      .addColumn('userId', 'text', required)
      .addColumn('clientName', 'text', required)
      .addColumn('address', 'text', required)
      .addColumn('userAgent', 'text', required)
      .addColumn('at', 'bigint', required)
      .addColumn('expiresAt', 'bigint', required)
      .execute()
    await db.schema.createIndex('distantDevicesOfUser').on('distantDevices').column('userId').execute()
    await db.schema.createIndex('distantDevicesExpiry').on('distantDevices').column('expiresAt').execute()
  },
}

const required = (column: ColumnDefinitionBuilder) => column.notNull()
