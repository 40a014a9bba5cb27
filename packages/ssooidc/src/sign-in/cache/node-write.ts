/** Writes a file so that whoever reads it sees the old text or the new one, whole, even when the power fails between. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Who may read what is written: only the person, unless said otherwise. */
export type Modes = { readonly file?: number; readonly folder?: number }

/** Puts a file in the place of the one of that name. Makes the folder when there is none. */
export async function replaceFile(
  path: string,
  text: string,
  { file = 0o600, folder = 0o700 }: Modes = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: folder })
  // In the same folder, since only there is a rename atomic; not named .json, so that no AWS tool takes it for a token.
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.new`
  try {
    const handle = await open(draft, 'wx', file)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, path)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw thrown
  }
}
