/** The audit log's chain: a place and a hash for each line, and where the chain ends. */

import type { ColumnDefinitionBuilder } from 'kysely'
import type { Migration } from '../migrations.ts'

/** Adds what version 6 remembers. Lines from before it are sealed like new ones. */
export const auditChain: Migration = {
  version: 6,
  name: 'audit chain',
  async up(db) {
    await db.schema.alterTable('auditEvents').addColumn('seq', 'bigint').execute()
    await db.schema.alterTable('auditEvents').addColumn('hash', 'text').execute()
    await db.schema.createIndex('auditEventsChain').on('auditEvents').column('seq').unique().execute()
    await db.schema
      .createTable('auditChains')
      .addColumn('one', 'bigint', (column) => column.notNull().primaryKey())
      .addColumn('seq', 'bigint', required)
      .addColumn('hash', 'text', required)
      .execute()
    await db
      .insertInto('auditChains')
      .values({ one: 1, seq: 0, hash: '0'.repeat(64) })
      .execute()
  },
}

const required = (column: ColumnDefinitionBuilder) => column.notNull()
