/**
 * What happens to a database file before anybody may use it: it is made if need be, for its owner alone; a damaged or newer
 * one is refused untouched; an older one is brought up to date.
 */

import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { CorruptDatabaseError } from '../errors.ts'
import { migrate } from '../migrations.ts'
import { type Connection, connect } from './database.ts'

/** The path that stands for a database in memory. */
export const inMemory = ':memory:'

/**
 * Makes the file, and its folder if that is missing. Both are for the owner alone; SQLite gives its side files the same mode.
 */
export function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}

/**
 * Most bytes that are checked to the last at every start: some hundred milliseconds. What makes a database larger is its
 * audit log, which nobody waits for and which has a check of its own, by its chain; the rest is checked at any size.
 */
const WHOLE_UP_TO = 256 * 1024 * 1024

/**
 * Opens the database for writing, checks it and migrates it.
 *
 * @throws {CorruptDatabaseError} when the file is damaged or is no SQLite database.
 * @throws {NewerDatabaseError} when a newer version of Portico has written it.
 */
export async function openPrepared(path: string, now: number, wholeUpTo = WHOLE_UP_TO): Promise<Connection> {
  if (path !== inMemory) createFile(path)
  let connection: Connection | undefined
  try {
    connection = connect(path)
    checkSound(connection, path, wholeUpTo)
    connection.raw.exec('pragma journal_mode = wal')
    await migrateConnection(connection, now)
    return connection
  } catch (error) {
    connection?.raw.close()
    throw isCorrupt(error) ? new CorruptDatabaseError(path, error.message, { cause: error }) : error
  }
}

function checkSound({ raw }: Connection, path: string, wholeUpTo: number): void {
  const { size } = path === inMemory ? { size: 0 } : statSync(path)
  const tables = raw.prepare("select name from sqlite_schema where type = 'table' and name <> 'auditEvents'").all()
  // A number is how many findings are enough; a name, what to look at.
  const parts = size <= wholeUpTo ? ['1'] : tables.map(({ name }) => `"${name}"`)
  for (const part of parts) {
    const finding = String(raw.prepare(`pragma quick_check(${part})`).get()?.quick_check)
    if (finding !== 'ok') throw new CorruptDatabaseError(path, finding)
  }
}

/** `begin immediate` is SQLite's lock between processes: another that migrates waits here, and then finds it done. */
const migrateConnection = ({ raw, db }: Connection, now: number) =>
  migrate(
    'sqlite',
    async (step) => {
      raw.exec('begin immediate')
      try {
        await step(db)
        raw.exec('commit')
      } catch (error) {
        if (raw.isTransaction) raw.exec('rollback')
        throw error
      }
    },
    now,
  )

/** SQLITE_CORRUPT, SQLITE_NOTADB. @see https://www.sqlite.org/rescode.html */
const corruptCodes: readonly unknown[] = [11, 26]

const isCorrupt = (error: unknown): error is Error =>
  error instanceof Error && 'errcode' in error && corruptCodes.includes(Number(error.errcode) & 0xff)
