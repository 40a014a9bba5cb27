/** The lock on a data folder that only `serve` takes. Administrative commands work beside a running server without it. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DataFolderInUseError } from '../errors.ts'
import { createFile } from './prepare.ts'

/**
 * Takes the folder for this server, making it for its owner alone if it is missing. Returns how to give it back. The lock is
 * SQLite's own on an empty database beside the real one: the system lets go of it however the process ends.
 *
 * @throws {DataFolderInUseError} when another server has it.
 */
export function lockDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'serve.lock')
  createFile(path)
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    throw isBusy(error) ? new DataFolderInUseError(folder, { cause: error }) : error
  }
  return () => {
    if (lock.isOpen) lock.close()
  }
}

/** SQLITE_BUSY. @see https://www.sqlite.org/rescode.html#busy */
const isBusy = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === 5
