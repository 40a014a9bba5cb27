/**
 * How a database becomes what this version of Portico expects: numbered steps, forward only, each in one transaction that
 * also records it. A database that a newer version has written is refused before anything is changed.
 *
 * Not its job: opening transactions, which engines do differently. Kysely's own migrator is not used because on SQLite it
 * takes no lock between processes, and because it cannot tell a newer database from a broken one.
 */

import type { Kysely } from 'kysely'
import { NewerDatabaseError } from './errors.ts'
import { firstTables } from './migrations/1-first-tables.ts'
import { howPeopleProveThemselves } from './migrations/2-how-people-prove-themselves.ts'
import { endings } from './migrations/3-endings.ts'
import { applications } from './migrations/4-applications.ts'
import { deviceFlow } from './migrations/5-device-flow.ts'
import { auditChain } from './migrations/6-audit-chain.ts'
import { resourceServers } from './migrations/7-resource-servers.ts'
import { distantDevices } from './migrations/8-distant-devices.ts'
import { subscribers } from './migrations/9-subscribers.ts'
import { numberMatch } from './migrations/10-number-match.ts'
import { signInUses } from './migrations/11-sign-in-uses.ts'
import type { Database } from './schema.ts'

/** What a migration may have to know of the engine that it runs on. */
export type Engine = 'sqlite' | 'postgres'

/** One step. `up` runs in a transaction, alone. */
export type Migration = {
  version: number
  name: string
  up(db: Kysely<Database>, engine: Engine): Promise<void>
}

/** Runs `step` in a transaction that no other process's migration can be in at the same time. */
export type Exclusively = (step: (db: Kysely<Database>) => Promise<void>) => Promise<void>

/**
 * Brings the database up to date, one transaction for each missing step.
 *
 * @throws {NewerDatabaseError} when a newer version of Portico has written the database.
 */
export async function migrate(
  engine: Engine,
  exclusively: Exclusively,
  now: number,
  steps: readonly Migration[] = migrations,
): Promise<void> {
  const latest = steps.at(-1)?.version ?? 0
  for (const step of steps) {
    await exclusively(async (db) => {
      const version = await readVersion(db)
      if (version > latest) throw new NewerDatabaseError(version, latest)
      if (version >= step.version) return
      await step.up(db, engine)
      await db.insertInto('migrations').values({ version: step.version, name: step.name, appliedAt: now }).execute()
    })
  }
}

async function readVersion(db: Kysely<Database>): Promise<number> {
  await db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('version', 'bigint', (column) => column.notNull().primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('appliedAt', 'bigint', (column) => column.notNull())
    .execute()
  const row = await db
    .selectFrom('migrations')
    .select((eb) => eb.fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? 0
}

/** Every step, in order. A step that has been released is never changed: a database that ran it does not run it again. */
const migrations: readonly Migration[] = [
  firstTables,
  howPeopleProveThemselves,
  endings,
  applications,
  deviceFlow,
  auditChain,
  resourceServers,
  distantDevices,
  subscribers,
  numberMatch,
  signInUses,
]
