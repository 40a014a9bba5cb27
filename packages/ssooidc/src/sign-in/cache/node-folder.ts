/**
 * Makes a folder and those that lead to it. Node.js's own `recursive` never ends where the system answers that a folder is not
 * there, and the one that it would be in is: so it is below Linux's `/proc`, where nobody can make any.
 */
import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from './node-patience.ts'

/**
 * Returns the first that had to be made, or undefined when all were there.
 *
 * @throws what `node:fs` does for the one that could not be made
 */
export async function makeFolder(path: string, mode: number): Promise<string | undefined> {
  try {
    return await makeOne(path, mode)
  } catch (thrown) {
    const above = dirname(path)
    if (codeOf(thrown) !== 'ENOENT' || above === path) throw thrown
    const first = await makeFolder(above, mode)
    const made = await makeOne(path, mode)
    return first ?? made
  }
}

/** Undefined when it is there. */
async function makeOne(path: string, mode: number): Promise<string | undefined> {
  try {
    await mkdir(path, { mode })
    return path
  } catch (thrown) {
    const isThere = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (!isThere) throw thrown
    return undefined
  }
}
