/**
 * `portico backup` and `portico restore`: a consistent copy of the embedded database, taken while it is in use, and the way
 * back. The root key is not in it, and belongs elsewhere.
 */
import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { REVOCATION_LIFE } from '../../core/sessions/tokens.ts'
import { DataFolderInUseError } from '../../storage/errors.ts'
import { lockDataFolder, openSqlite } from '../../storage/sqlite/sqlite.ts'
import { Failure } from '../failure.ts'
import { makeFolder } from '../folder.ts'
import type { Settings } from '../settings.ts'
import { commandEvent } from './known-user.ts'

/** Copies the database as it is at this moment into a new file, which only its owner may read. */
export function backup({ data, database }: Settings, file: string): void {
  refuseServer(database, 'pg_dump')
  const source = join(data, 'portico.db')
  if (!existsSync(source)) throw new Failure('data', `There is no database in ${data}. Name its folder with --data.`)
  let descriptor: number
  try {
    descriptor = openSync(file, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'EEXIST' ? 'is there already. Name a new file.' : `cannot be written (${code}).`
    throw new Failure('data', `${file} ${reason}`, { cause: error })
  }
  try {
    using connection = new DatabaseSync(source, { timeout: 5_000 })
    recordBackup(connection, file, Date.now())
    // One snapshot, however much is written meanwhile; the file must be empty, and is.
    connection.prepare('vacuum into ?').run(file)
    fsyncSync(descriptor)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
  console.log(`The database is in ${file}. Keep the root key elsewhere: with both, somebody has everything.`)
}

/**
 * Writes down that the database was copied, before it is, so that the copy says it too. Not through the storage: opening one
 * migrates it, and a copy is what one takes before a newer version does so. The audit log has had these columns from the first.
 */
function recordBackup(connection: DatabaseSync, file: string, now: number): void {
  const { at, eventName, userAgent, detail } = commandEvent('portico backup', 'CreateBackup', null, { file }, now)
  connection
    .prepare('insert into "auditEvents" ("at", "eventName", "userAgent", "detail") values (?, ?, ?, ?)')
    .run(at, eventName, userAgent, JSON.stringify(detail))
}

/**
 * Puts a copy in the place of the database, while no server runs. What was revoked since the copy was made would be good again,
 * so that everything is ended: people sign in again.
 *
 * @throws Failure when a server runs, the file is no sound database of ours, or there is a database and `replace` is not said
 */
export async function restore(settings: Settings, file: string, { replace }: { replace: boolean }): Promise<void> {
  const { data, database } = settings
  refuseServer(database, 'pg_restore')
  check(file)
  makeFolder(data)
  const unlock = lock(data)
  try {
    const target = join(data, 'portico.db')
    if (existsSync(target) && !replace)
      throw new Failure('data', `There is a database in ${data} already. Say --replace to put it aside.`)
    const draft = `${target}.restored`
    copyFileSync(file, draft)
    // A copy of a file has that file's mode, and a copy that came back from elsewhere may be everybody's to read.
    chmodSync(draft, 0o600)
    // Before it takes its place: a restore that is cut short must bring nobody back who was shut out since.
    const ended = await endAll(draft)
    if (existsSync(`${draft}-wal`)) throw new Error('the restored database was not closed in order')
    const descriptor = openSync(draft, 'r+')
    fsyncSync(descriptor)
    closeSync(descriptor)
    const aside = `${target}.before-${new Date().toISOString().replaceAll(':', '')}`
    // With its log: without it, the database that is put aside would lack what was written last.
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(target + suffix)) renameSync(target + suffix, aside + suffix)
    renameSync(draft, target)
    console.log(`The database is that of ${file}. ${ended} sessions have ended: people sign in again.`)
    if (existsSync(aside)) console.log(`The one before is ${aside}.`)
  } finally {
    unlock()
  }
}

async function endAll(path: string): Promise<number> {
  const storage = await openSqlite({ path })
  try {
    const now = Date.now()
    return await storage.endAllSessions({
      ...{ reason: 'administrator', revokedUntil: now + REVOCATION_LIFE, now },
      audit: commandEvent('portico restore', 'RestoreBackup', null, {}, now),
    })
  } finally {
    // The last to close writes the log into the file and takes it away.
    await storage.close()
  }
}

function check(file: string): void {
  if (!existsSync(file)) throw new Failure('data', `There is no file ${file}.`)
  try {
    using connection = new DatabaseSync(file, { readOnly: true })
    const [verdict] = Object.values(connection.prepare('pragma quick_check').get() ?? {})
    if (verdict !== 'ok') throw new Error(String(verdict))
    connection.prepare('select "version" from "migrations"').get()
  } catch (cause) {
    throw new Failure('data', `${file} is no sound database of Portico. Nothing was changed.`, { cause })
  }
}

function lock(data: string): () => void {
  try {
    return lockDataFolder(data)
  } catch (error) {
    if (error instanceof DataFolderInUseError) throw new Failure('data', error.message, { cause: error })
    throw error
  }
}

function refuseServer(database: string | undefined, tool: string): void {
  if (database !== undefined)
    throw new Failure('configuration', `The database is a PostgreSQL server: use its own \`${tool}\`.`)
}
