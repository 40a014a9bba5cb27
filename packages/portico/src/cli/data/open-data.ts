/** Opens what a command works on: the embedded database of a data folder, or a PostgreSQL server. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CorruptDatabaseError, DataFolderInUseError, NewerDatabaseError } from '../../storage/errors.ts'
import type { Storage } from '../../storage/storage.ts'
import { Failure } from '../failure.ts'
import { makeFolder } from '../folder.ts'
import type { Settings } from '../settings.ts'

/** How to open. */
export type OpenOptions = {
  /** Take the data folder for one server alone. */
  lock?: boolean
  /** Make a database where there is none; else that is a mistake in the command. */
  create: boolean
}

/**
 * Opens the storage that the settings name. `await using` closes it.
 *
 * @throws Failure when the data is in use, damaged, of a newer version, or not there
 */
export async function openData(
  { data, database }: Pick<Settings, 'data' | 'database'>,
  { lock = false, create }: OpenOptions,
): Promise<{ storage: Storage } & AsyncDisposable> {
  const parts = new AsyncDisposableStack()
  try {
    if (!create && !hasData({ data, database })) {
      throw new Failure(
        'data',
        `There is no database in ${data}. Name its folder with --data, or start with \`portico serve\`.`,
      )
    }
    const storage = database === undefined ? await openFolder(data, lock, parts) : await openServer(database)
    parts.defer(() => storage.close())
    return { storage, [Symbol.asyncDispose]: () => parts.disposeAsync() }
  } catch (error) {
    await parts.disposeAsync()
    throw explain(error, data)
  }
}

/** Whether there is a database already, as far as can be told without opening it. */
export function hasData({ data, database }: Pick<Settings, 'data' | 'database'>): boolean {
  return database !== undefined || existsSync(join(data, 'portico.db'))
}

// Engines are loaded when they are wanted: `pg` alone costs more than the rest of a command.
async function openFolder(data: string, lock: boolean, parts: AsyncDisposableStack): Promise<Storage> {
  const { lockDataFolder, openSqlite } = await import('../../storage/sqlite/sqlite.ts')
  makeFolder(data)
  if (lock) parts.defer(lockDataFolder(data))
  return openSqlite({ path: join(data, 'portico.db') })
}

async function openServer(connectionString: string): Promise<Storage> {
  const { openPostgres } = await import('../../storage/postgres/postgres.ts')
  return openPostgres({ connectionString })
}

function explain(error: unknown, data: string): unknown {
  if (
    error instanceof CorruptDatabaseError ||
    error instanceof NewerDatabaseError ||
    error instanceof DataFolderInUseError
  ) {
    return new Failure('data', error.message, { cause: error })
  }
  const { code, syscall } = error as NodeJS.ErrnoException
  // PostgreSQL's classes 28 and 3D: it does not let us in, or there is no such database.
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || /^(28|3D)...$/.test(code ?? '')) {
    const reason = code === 'ECONNREFUSED' || code === 'ENOTFOUND' ? code : (error as Error).message
    const message = `The PostgreSQL server does not let us in (${reason}). Check PORTICO_DATABASE and the server.`
    return new Failure('data', message, { cause: error })
  }
  const isUnusable = ['EACCES', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? '') || syscall === 'mkdir'
  if (syscall !== undefined && isUnusable) {
    return new Failure(
      'data',
      `The data folder ${data} cannot be used (${code}). Give this user a folder of its own with --data.`,
      { cause: error },
    )
  }
  return error
}
