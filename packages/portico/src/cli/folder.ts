/** Folders that commands make. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder for its owner alone, and those that lead to it. Node.js's own `recursive` never ends where the system answers
 * that a folder is not there, and the one that it would be in is: so it is below Linux's `/proc`.
 *
 * @throws what `node:fs` does for the one that could not be made
 */
export function makeFolder(path: string): void {
  try {
    makeOne(path)
  } catch (thrown) {
    const above = dirname(path)
    const { code } = thrown as NodeJS.ErrnoException // node:fs throws nothing else
    if (code !== 'ENOENT' || above === path) throw thrown
    makeFolder(above)
    makeOne(path)
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw thrown
  }
}
