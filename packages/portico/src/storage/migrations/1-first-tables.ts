/** The first schema: the instance, its directory, and everything that a sign-in leaves behind. */

import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'
import type { Migration } from '../migrations.ts'
import type { Database } from '../schema.ts'

/** Makes every table of version 1. */
export const firstTables: Migration = {
  version: 1,
  name: 'first tables',
  async up(db, engine) {
    await createInstance(db)
    await createDirectory(db)
    await createGrants(db)
    await createSessions(db)
    await createSafeguards(db)
    // An audit line has no key of its own; each engine has its own way to number rows.
    const auditEvents = db.schema.createTable('auditEvents')
    await (engine === 'sqlite'
      ? auditEvents.addColumn('id', 'integer', key)
      : auditEvents.addColumn('id', 'bigint', (column) => key(column).generatedAlwaysAsIdentity())
    )
      .addColumn('at', 'bigint', required)
      .addColumn('eventName', 'text', required)
      .addColumn('userId', 'text')
      .addColumn('address', 'text')
      .addColumn('userAgent', 'text')
      .addColumn('detail', 'text', required)
      .execute()
  },
}

const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey()
const required = (column: ColumnDefinitionBuilder) => column.notNull()
const unique = (column: ColumnDefinitionBuilder) => column.notNull().unique()

/** A row that says something about another one goes with it. */
const partOf = (table: 'users' | 'groups' | 'accounts' | 'permissionSets') => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(`${table}.id`).onDelete('cascade')

async function createInstance(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('instances')
    .addColumn('one', 'bigint', (column) => key(column).check(sql`"one" = 1`))
    .addColumn('instanceId', 'text', required)
    .addColumn('identityStoreId', 'text', required)
    .addColumn('createdAt', 'bigint', required)
    .execute()
  await db.schema
    .createTable('changes')
    .addColumn('kind', 'text', key)
    .addColumn('counter', 'bigint', required)
    .execute()
  await db
    .insertInto('changes')
    .values([
      { kind: 'directory', counter: 0 },
      { kind: 'keys', counter: 0 },
      { kind: 'revocations', counter: 0 },
    ])
    .execute()
  await db.schema
    .createTable('dataKeys')
    .addColumn('kid', 'text', key)
    .addColumn('purpose', 'text', required)
    .addColumn('wrapped', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('activeAt', 'bigint', required)
    .addCheckConstraint('dataKeysState', sql`"state" in ('published', 'active', 'verify-only', 'retired')`)
    .execute()
  await db.schema.createTable('settings').addColumn('name', 'text', key).addColumn('value', 'text', required).execute()
}

async function createDirectory(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', key)
    .addColumn('userName', 'text', required)
    .addColumn('userNameKey', 'text', unique)
    .addColumn('displayName', 'text', required)
    .addColumn('givenName', 'text')
    .addColumn('familyName', 'text')
    .addColumn('email', 'text')
    .addColumn('enabled', 'bigint', required)
    .addColumn('passwordHash', 'text')
    .addColumn('administrator', 'bigint', required)
    .execute()
  await db.schema.createTable('groups').addColumn('id', 'text', key).addColumn('displayName', 'text', unique).execute()
  await db.schema
    .createTable('memberships')
    .addColumn('userId', 'text', partOf('users'))
    .addColumn('groupId', 'text', partOf('groups'))
    .addPrimaryKeyConstraint('membershipsKey', ['userId', 'groupId'])
    .execute()
  await db.schema.createIndex('membershipsOfGroup').on('memberships').column('groupId').execute()
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', key)
    .addColumn('name', 'text', required)
    .addColumn('email', 'text')
    .addColumn('broker', 'text', required)
    .execute()
  await db.schema
    .createTable('permissionSets')
    .addColumn('id', 'text', key)
    .addColumn('name', 'text', unique)
    .addColumn('sessionDuration', 'bigint', required)
    .addColumn('administrator', 'bigint', required)
    .execute()
  await db.schema
    .createTable('userAssignments')
    .addColumn('userId', 'text', partOf('users'))
    .addColumn('accountId', 'text', partOf('accounts'))
    .addColumn('permissionSetId', 'text', partOf('permissionSets'))
    .addPrimaryKeyConstraint('userAssignmentsKey', ['userId', 'accountId', 'permissionSetId'])
    .execute()
  await db.schema
    .createTable('groupAssignments')
    .addColumn('groupId', 'text', partOf('groups'))
    .addColumn('accountId', 'text', partOf('accounts'))
    .addColumn('permissionSetId', 'text', partOf('permissionSets'))
    .addPrimaryKeyConstraint('groupAssignmentsKey', ['groupId', 'accountId', 'permissionSetId'])
    .execute()
}

async function createGrants(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('deviceGrants')
    .addColumn('id', 'text', key)
    .addColumn('userCodeMac', 'text', unique)
    .addColumn('clientHash', 'text', required)
    .addColumn('clientName', 'text', required)
    .addColumn('scopes', 'text', required)
    .addColumn('address', 'text', required)
    .addColumn('userAgent', 'text', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('expiresAt', 'bigint', required)
    .addColumn('state', 'text', required)
    .addColumn('userId', 'text')
    .addColumn('decidedAt', 'bigint')
    .addColumn('authenticatedAt', 'bigint')
    .addColumn('sessionId', 'text')
    .addCheckConstraint('deviceGrantsState', sql`"state" in ('pending', 'approved', 'denied', 'redeemed')`)
    .execute()
  // Counting what is pending reads this index alone.
  await db.schema
    .createIndex('deviceGrantsPending')
    .on('deviceGrants')
    .columns(['state', 'expiresAt', 'address'])
    .execute()
  await db.schema.createIndex('deviceGrantsExpiry').on('deviceGrants').column('expiresAt').execute()
  await db.schema.createIndex('deviceGrantsOfUser').on('deviceGrants').column('userId').execute()
  await db.schema
    .createTable('authorizationCodes')
    .addColumn('id', 'text', key)
    .addColumn('clientHash', 'text', required)
    .addColumn('clientName', 'text', required)
    .addColumn('scopes', 'text', required)
    .addColumn('redirectUri', 'text', required)
    .addColumn('codeChallenge', 'text', required)
    .addColumn('userId', 'text', required)
    .addColumn('authenticatedAt', 'bigint', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('expiresAt', 'bigint', required)
    .addColumn('usedAt', 'bigint')
    .addColumn('requestHash', 'text')
    .addColumn('sessionId', 'text')
    .execute()
  await db.schema.createIndex('authorizationCodesExpiry').on('authorizationCodes').column('expiresAt').execute()
  await db.schema.createIndex('authorizationCodesOfUser').on('authorizationCodes').column('userId').execute()
}

async function createSessions(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', key)
    .addColumn('userId', 'text', required)
    .addColumn('clientHash', 'text', required)
    .addColumn('clientName', 'text', required)
    .addColumn('flow', 'text', required)
    .addColumn('scopes', 'text', required)
    .addColumn('generation', 'bigint', required)
    .addColumn('rotatedAt', 'bigint', required)
    .addColumn('authenticatedAt', 'bigint', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('expiresAt', 'bigint', required)
    .addColumn('endedAt', 'bigint')
    .addColumn('endReason', 'text')
    .execute()
  await db.schema.createIndex('sessionsOfUser').on('sessions').column('userId').execute()
  await db.schema.createIndex('sessionsExpiry').on('sessions').column('expiresAt').execute()
  await db.schema
    .createTable('signInSessions')
    .addColumn('id', 'text', key)
    .addColumn('userId', 'text', required)
    .addColumn('authenticatedAt', 'bigint', required)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('expiresAt', 'bigint', required)
    .addColumn('address', 'text', required)
    .addColumn('userAgent', 'text', required)
    .execute()
  await db.schema.createIndex('signInSessionsOfUser').on('signInSessions').column('userId').execute()
  await db.schema.createIndex('signInSessionsExpiry').on('signInSessions').column('expiresAt').execute()
  await db.schema
    .createTable('revocations')
    .addColumn('seq', 'bigint', key)
    .addColumn('kind', 'text', required)
    .addColumn('subject', 'text', required)
    .addColumn('notBefore', 'bigint', required)
    .addColumn('expiresAt', 'bigint', required)
    .addCheckConstraint('revocationsKind', sql`"kind" in ('session', 'user', 'client', 'instance')`)
    .execute()
  await db.schema.createIndex('revocationsExpiry').on('revocations').column('expiresAt').execute()
}

async function createSafeguards(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('attempts')
    .addColumn('bucket', 'text', key)
    .addColumn('times', 'text', required)
    .addColumn('expiresAt', 'bigint', required)
    .execute()
  await db.schema.createIndex('attemptsExpiry').on('attempts').column('expiresAt').execute()
  await db.schema
    .createTable('setupLinks')
    .addColumn('hash', 'text', key)
    .addColumn('createdAt', 'bigint', required)
    .addColumn('expiresAt', 'bigint', required)
    .addColumn('usedAt', 'bigint')
    .execute()
}
