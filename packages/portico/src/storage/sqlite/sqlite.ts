/**
 * The embedded engine, and the default: one SQLite file in WAL mode. Reads run where they are asked, on a connection that
 * cannot write; writes run in one thread, which groups them into durable commits. Several processes may open one file: what
 * others commit is noticed within 100 ms.
 *
 * Not its job: keeping a second server away from the data. That is `lockDataFolder`, which only `serve` takes.
 */

import { resolve } from 'node:path'
import { createStorage } from '../engine.ts'
import { createNotices } from '../notices.ts'
import type { Storage } from '../storage.ts'
import { readChanges } from '../transitions/changes.ts'
import { type Connection, connect } from './database.ts'
import { inlineWriter } from './inline-writer.ts'
import { inMemory, openPrepared } from './prepare.ts'
import { startWriter } from './writer.ts'

export { lockDataFolder } from './data-folder.ts'

/** How often a look is taken at whether another process has committed, in milliseconds. */
const lookInterval = 100

/**
 * Opens the database at `path`, making or migrating it first; `:memory:` is a fresh one that is gone when closed.
 *
 * @throws {CorruptDatabaseError} when the file is damaged or is no SQLite database.
 * @throws {NewerDatabaseError} when a newer version of Portico has written it.
 */
export async function openSqlite({ path }: { path: string }): Promise<Storage> {
  if (path === inMemory) return await openInMemory(await openPrepared(path, Date.now()))
  const file = resolve(path)
  return await openFile(await openPrepared(file, Date.now()), file)
}

async function openInMemory(connection: Connection): Promise<Storage> {
  const notices = await createNotices(() => readChanges(connection.db))
  return createStorage({ read: connection.db, ...inlineWriter(connection), notices })
}

async function openFile(prepared: Connection, path: string): Promise<Storage> {
  const reader = connect(path, { readOnly: true })
  const writer = startWriter(path)
  prepared.raw.close()
  const notices = await createNotices(() => readChanges(reader.db))
  const timer = watchOthers(reader, () => notices.look())
  return createStorage({
    read: reader.db,
    write: writer.write,
    notices,
    async close() {
      clearInterval(timer)
      // The last to close writes the log back into the file, which a reader cannot.
      reader.raw.close()
      await writer.close()
    },
  })
}

/** SQLite numbers the commits that other connections made; asking for the number costs some microseconds. */
function watchOthers({ raw }: Connection, look: () => Promise<void>): NodeJS.Timeout {
  const version = raw.prepare('pragma data_version')
  let seen: unknown
  return setInterval(() => {
    const current = version.get()?.data_version
    if (current === seen) return
    // A look that fails is taken again at the next tick, because nothing was seen.
    look().then(
      () => {
        seen = current
      },
      () => {},
    )
  }, lookInterval).unref()
}
