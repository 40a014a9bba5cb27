/** Second factors, links for one person, and, wherever somebody proved who they are, with what. */

import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'
import type { Migration } from '../migrations.ts'
import type { Database } from '../schema.ts'

/** Adds what version 2 remembers. Whoever was signed in before it had a password and nothing else. */
export const howPeopleProveThemselves: Migration = {
  version: 2,
  name: 'how people prove themselves',
  async up(db) {
    await rememberMethods(db)
    await createFactors(db)
    await createLinks(db)
    for (const table of ['groups', 'permissionSets'])
      await db.schema.alterTable(table).addColumn('requireSecondFactor', 'bigint', unless('0')).execute()
  },
}

const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey()
const required = (column: ColumnDefinitionBuilder) => column.notNull()
const unless = (value: string) => (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(sql.lit(value))
const ofUser = (column: ColumnDefinitionBuilder) => column.notNull().references('users.id').onDelete('cascade')

async function rememberMethods(db: Kysely<Database>): Promise<void> {
  const password = unless('["password"]')
  for (const table of ['sessions', 'signInSessions', 'authorizationCodes'])
    await db.schema.alterTable(table).addColumn('amr', 'text', password).execute()
  await db.schema.alterTable('deviceGrants').addColumn('amr', 'text').execute()
  await db.updateTable('deviceGrants').set({ amr: '["password"]' }).where('userId', 'is not', null).execute()
  await db.schema.alterTable('sessions').addColumn('address', 'text', unless('')).execute()
  await db.schema.alterTable('sessions').addColumn('userAgent', 'text', unless('')).execute()
  await db.schema.alterTable('sessions').addColumn('lastUsedAt', 'bigint', unless('0')).execute()
  await db
    .updateTable('sessions')
    .set((eb) => ({ lastUsedAt: eb.ref('rotatedAt') }))
    .execute()
}

async function createFactors(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('passkeys')
    .addColumn('id', 'text', key)
    .addColumn('userId', 'text', ofUser)
    .addColumn('name', 'text', required)
    .addColumn('publicKey', 'text', required)
    .addColumn('counter', 'bigint', required)
    .addColumn('transports', 'text', required)
    .addColumn('synced', 'bigint', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('lastUsedAt', 'bigint')
    .execute()
  await db.schema.createIndex('passkeysOfUser').on('passkeys').column('userId').execute()
  await db.schema
    .createTable('totps')
    .addColumn('userId', 'text', (column) => ofUser(column).primaryKey())
    .addColumn('secret', 'text', required)
    .addColumn('lastStep', 'bigint', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('lastUsedAt', 'bigint')
    .execute()
  await db.schema
    .createTable('recoveryCodes')
    .addColumn('mac', 'text', key)
    .addColumn('userId', 'text', ofUser)
    .addColumn('createdAt', 'bigint', required)
    .execute()
  await db.schema.createIndex('recoveryCodesOfUser').on('recoveryCodes').column('userId').execute()
  await db.schema
    .createTable('factorResets')
    .addColumn('userId', 'text', (column) => ofUser(column).primaryKey())
    .addColumn('at', 'bigint', required)
    .execute()
}

async function createLinks(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('personLinks')
    .addColumn('hash', 'text', key)
    .addColumn('userId', 'text', ofUser)
    .addColumn('purpose', 'text', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('expiresAt', 'bigint', required)
    .addColumn('usedAt', 'bigint')
    .addCheckConstraint('personLinksPurpose', sql`"purpose" in ('invitation', 'reset')`)
    .execute()
  await db.schema.createIndex('personLinksOfUser').on('personLinks').column('userId').execute()
  await db.schema.createIndex('personLinksExpiry').on('personLinks').column('expiresAt').execute()
}
