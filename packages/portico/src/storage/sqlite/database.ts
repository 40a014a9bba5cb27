/**
 * `node:sqlite` as Kysely's SQLite dialect wants it, with every statement prepared once and found again by its text.
 *
 * Not its job: which thread a connection belongs to (`sqlite.ts`), and what is in the file (`prepare.ts`).
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, SqliteDialect, type SqliteStatement } from 'kysely'
import { runHotDirectly } from '../hot.ts'
import type { Database } from '../schema.ts'

/** One connection, as itself and through Kysely. */
export type Connection = { raw: DatabaseSync; db: Kysely<Database> }

/** How long a connection waits for another process's write, in milliseconds. */
const busyTimeout = 5_000

/**
 * Opens a connection. Commits made on it are durable: `synchronous=FULL` syncs the write-ahead log before a commit returns,
 * so that neither a crash nor a power cut undoes it. `alone` says that whoever has it asks one thing after another, so that no
 * two can meet in one transaction.
 */
export function connect(path: string, { readOnly = false, alone = false } = {}): Connection {
  const raw = new DatabaseSync(path, { readOnly, timeout: busyTimeout, enableForeignKeyConstraints: true })
  try {
    // Apple's fsync does not reach the platter; elsewhere the last two say nothing.
    raw.exec('pragma synchronous = full; pragma fullfsync = on; pragma checkpoint_fullfsync = on')
  } catch (error) {
    raw.close()
    throw error
  }
  const statements = new Map<string, SqliteStatement>()
  const prepare = (sql: string): SqliteStatement => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = adapt(raw.prepare(sql))
    // Statements built with lists of values have many texts; those worth keeping come back at once.
    if (statements.size >= maxStatements) statements.clear()
    statements.set(sql, statement)
    return statement
  }
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: { prepare, close: () => raw.close() } }) })
  runHotDirectly(db, (sql, parameters) => {
    if (!alone && raw.isTransaction) return undefined
    const statement = prepare(sql)
    if (statement.reader) return statement.all(parameters)
    statement.run(parameters)
    return []
  })
  return { raw, db }
}

const maxStatements = 500

function adapt(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (values) => statement.all(...bindable(values)),
    run: (values) => statement.run(...bindable(values)),
    iterate: (values) => statement.iterate(...bindable(values)),
  }
}

// The schema has texts and numbers only, so what Kysely binds is one of those; node:sqlite throws on anything else.
const bindable = (values: readonly unknown[]) => values as readonly SQLInputValue[]
