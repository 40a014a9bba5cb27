/**
 * The engine for several nodes on one PostgreSQL. Each write transition is one transaction at READ COMMITTED: a conditional
 * update that met another's waits for it and then looks again, which is what the transitions are written for. What other
 * nodes commit is heard through NOTIFY, and looked for every 250 ms in case that fails.
 *
 * Not its job: replicas. Every read goes to the same server as the writes, so that it sees what was acknowledged.
 */

import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool, types } from 'pg'
import { createStorage, runWrite, type Written } from '../engine.ts'
import { migrate } from '../migrations.ts'
import { createNotices } from '../notices.ts'
import type { Database } from '../schema.ts'
import type { Change, Storage } from '../storage.ts'
import { readChanges } from '../transitions/changes.ts'
import { type Name, Undone } from '../transitions/transition.ts'
import { channel, listen } from './listen.ts'

/** How often counters are read in case a notification was lost, in milliseconds. */
const lookInterval = 250

/** Where the database is, and how much of it to use. */
export type PostgresOptions = {
  /** `postgres://user:password@host/database`. */
  connectionString: string
  /** Connections that this node may hold, besides the one that listens. */
  maxConnections?: number
}

/**
 * Connects, and makes or migrates the tables. Of several nodes that start at once, one migrates and the others wait.
 *
 * @throws {NewerDatabaseError} when a newer version of Portico has written the database.
 */
export async function openPostgres({ connectionString, maxConnections = 10 }: PostgresOptions): Promise<Storage> {
  const db = connect(connectionString, maxConnections)
  try {
    await migrate('postgres', (step) => migrateAlone(db, step), Date.now())
    const notices = await createNotices(() => readChanges(db))
    const listener = listen(connectionString, lookInterval, () => notices.look())
    return createStorage({
      read: db,
      write: (name, input) => writeRetrying(db, name, input),
      notices,
      async close() {
        await listener.stop()
        await db.destroy()
      },
    })
  } catch (error) {
    await db.destroy()
    throw error
  }
}

function connect(connectionString: string, max: number): Kysely<Database> {
  const pool = new Pool({
    connectionString,
    max,
    connectionTimeoutMillis: 5_000,
    // A statement of ours takes milliseconds; one that takes seconds waits for something that is broken.
    statement_timeout: 10_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
    types: { getTypeParser },
  })
  // The pool has dropped the broken connection already. Whoever asks next gets another, or the error.
  pool.on('error', () => {})
  // And one that breaks while it is lent out, between two statements, must not take the process with it: the next statement
  // on it fails, and the pool takes it for what it is.
  pool.on('connect', (client) => client.on('error', () => {}))
  const dialect = new PostgresDialect({
    pool,
    // A server may be set up to answer before a commit is durable; what we acknowledge has to be.
    onCreateConnection: async (connection) => {
      const durable = sql`
        select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`
      await connection.executeQuery(durable.compile(db))
    },
  })
  const db = new Kysely<Database>({ dialect })
  return db
}

/** Times and counts are `int8`, which the driver would give as text; all of ours are exact as numbers. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format as 'text')
}

/** 'port' in ASCII: the key of the lock that migrations take. */
const migrationLock = 0x706f7274

async function migrateAlone(db: Kysely<Database>, step: (db: Kysely<Database>) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`set local statement_timeout = 0`.execute(transaction)
    await sql`set local lock_timeout = 0`.execute(transaction)
    await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(transaction)
    await step(transaction)
  })
}

const maxTries = 5

/** Runs a write again when PostgreSQL undid it for the sake of another, which its transitions are made to bear. */
async function writeRetrying(db: Kysely<Database>, name: Name, input: unknown): Promise<Written> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write(db, name, input)
    } catch (error) {
      if (error instanceof Undone) return { output: error.answer, changes: [] }
      if (tries === maxTries || !isConflict(error)) throw error
    }
  }
}

async function write(db: Kysely<Database>, name: Name, input: unknown): Promise<Written> {
  const changes = new Set<Change>()
  const output = await db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (transaction) => {
      const written = await runWrite(transaction, name, input, (kind) => changes.add(kind))
      // Sent when the transaction commits, and not if it does not.
      if (changes.size > 0) await sql`select pg_notify(${channel}, '')`.execute(transaction)
      return written
    })
  return { output, changes: [...changes] }
}

/**
 * serialization_failure, deadlock_detected, and unique_violation, which is how two that apply one organization at once meet.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const conflicts: readonly unknown[] = ['40001', '40P01', '23505']

const isConflict = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && conflicts.includes(error.code)
