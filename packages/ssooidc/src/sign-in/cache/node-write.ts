/**
 * Writes a file so that whoever reads it sees the old text or the new one, whole, even when the power fails between; and, where
 * the text must not be lost, makes room for it before it is there.
 */
import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm, rmdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { SignInError } from '../errors.ts'
import { makeFolder } from './node-folder.ts'
import { codeOf, patiently } from './node-patience.ts'

/** Who may read what is written: only the person, unless said otherwise. */
export type Modes = { readonly file?: number; readonly folder?: number }

/** Room on the disk for the next text of a file. */
export type FileRoom = {
  /** Puts the file in the place of the one of that name. */
  write(text: string): Promise<void>
  /** Gives the room back. */
  cancel(): Promise<void>
}

/** Puts a file in the place of the one of that name. Makes the folder when there is none. */
export async function replaceFile(path: string, text: string, modes?: Modes): Promise<void> {
  const room = await reserveFile(path, 0, modes)
  await room.write(text)
}

/** Makes a draft of so many bytes beside a file, which then only has to be filled. Makes the folder when there is none. */
export async function reserveFile(
  path: string,
  bytes: number,
  { file = 0o600, folder = 0o700 }: Modes = {},
): Promise<FileRoom> {
  const made = await makeFolder(dirname(path), folder)
  // In the same folder, since only there is a rename atomic; not named .json, so that no AWS tool takes it for a token.
  const draft = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.new`
  const handle = await open(draft, 'wx', file)
  const cancel = async () => {
    await handle.close().catch(() => {}) // it is given up anyway
    // Where nothing can be written, often nothing can be removed: what went wrong before that is what is to be said.
    await patiently(() => rm(draft, { force: true })).catch(() => {})
    await removeEmpty(dirname(path), made)
  }
  try {
    await fill(handle, ' '.repeat(bytes))
  } catch (thrown) {
    await cancel()
    throw thrown
  }
  return {
    cancel,
    async write(text) {
      try {
        await fill(handle, text)
        await handle.close()
        await moveTo(path, draft, text)
      } catch (thrown) {
        await cancel()
        throw thrown
      }
    },
  }
}

/** What is wrong, as a sentence for a person; anything else than a refusal of the file system comes back as it was. */
export function unwritable(path: string, thrown: unknown): unknown {
  const code = thrown instanceof Error ? codeOf(thrown) : undefined
  if (code === undefined) return thrown
  return new SignInError('unwritable', `${dirname(path)} cannot be written (${code}), so that no token could be kept`, {
    cause: thrown,
  })
}

/** Takes away the folders from one up to another, as far as nothing is in them. */
async function removeEmpty(folder: string, upTo: string | undefined): Promise<void> {
  for (let each = folder; upTo !== undefined && each.startsWith(upTo); each = dirname(each))
    if (
      !(await rmdir(each).then(
        () => true,
        () => false, // somebody has put something there, and it is theirs now
      ))
    )
      return
}

async function fill(handle: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  for (let done = 0; done < bytes.length; )
    done += (await handle.write(bytes, done, bytes.length - done, done)).bytesWritten
  await handle.truncate(bytes.length)
  await handle.sync()
}

async function moveTo(path: string, draft: string, text: string): Promise<void> {
  try {
    await patiently(() => rename(draft, path))
  } catch (thrown) {
    // A folder that may no more be changed, with a file that may: as the AWS tools write. A torn file is worth more than none.
    await overwrite(path, text).catch(() => {
      throw thrown
    })
    await rm(draft, { force: true }).catch(() => {}) // where nothing can be renamed, often nothing can be removed
  }
}

/** Writes over a file that is there, without emptying it first. */
async function overwrite(path: string, text: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await fill(handle, text)
  } finally {
    await handle.close()
  }
}
