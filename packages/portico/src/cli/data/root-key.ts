/** The root key: from the settings, or from a file in the data folder that the first start makes. Never from the database. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { KEY_BYTES } from '../../core/keys/keyring.ts'
import { Failure } from '../failure.ts'
import { makeFolder } from '../folder.ts'
import type { Settings } from '../settings.ts'

/** A root key and, when this start made it, the file that now holds it. */
export type RootKey = { key: Buffer; madeAt: string | undefined }

/**
 * The root key for a database.
 *
 * @param initialised whether the database already holds keys, which only their own root key opens: then none is made
 * @throws Failure when there is none, or when its file cannot be trusted
 */
export function rootKeyFor(
  settings: Pick<Settings, 'data' | 'rootKey'> & Partial<Pick<Settings, 'rootKeyFile' | 'rootKeyCommand'>>,
  initialised: boolean,
): RootKey {
  const { data, rootKey, rootKeyFile, rootKeyCommand } = settings
  const named = { rootKey, rootKeyFile, rootKeyCommand }
  const said = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (said.length > 1)
    throw new Failure(
      'configuration',
      `The root key comes from one place only. Leave out all but one of: ${said.join(', ')}.`,
    )
  if (rootKey !== undefined) return { key: Buffer.from(rootKey, 'base64'), madeAt: undefined }
  if (rootKeyCommand !== undefined) return { key: printedKey(rootKeyCommand), madeAt: undefined }
  const path = rootKeyFile ?? join(data, 'root.key')
  const found = readKey(path)
  if (found) return { key: found, madeAt: undefined }
  if (initialised) {
    throw new Failure(
      'data',
      `The database is set up, but its root key is not here: ${path}. Put the file back from a backup, or give the key in PORTICO_ROOT_KEY. Without it nothing that the database seals can be opened.`,
    )
  }
  const made = makeKey(path)
  return { key: readKey(path) ?? made, madeAt: path }
}

/** The root key before the present one, while it is being changed. */
export function previousRootKeyOf({ previousRootKey }: Pick<Settings, 'previousRootKey'>): Buffer | undefined {
  return previousRootKey === undefined ? undefined : Buffer.from(previousRootKey, 'base64')
}

function printedKey(command: string): Buffer {
  let printed: string
  try {
    const [shell, flag] = process.platform === 'win32' ? ['cmd.exe', '/c'] : ['/bin/sh', '-c']
    printed = execFileSync(shell, [flag, command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
  } catch (cause) {
    const { status } = cause as { status?: number | null }
    throw new Failure('data', `The command for the root key failed (${status ?? 'it did not run'}).`, { cause })
  }
  const key = Buffer.from(printed, 'base64')
  if (key.length === KEY_BYTES && key.toString('base64') === printed) return key
  // What it printed is not repeated: it may be a key after all.
  throw new Failure('data', `The command for the root key must print ${KEY_BYTES} bytes in base64, and nothing else.`)
}

function readKey(path: string): Buffer | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8').trim()
    const others = statSync(path).mode & 0o077
    // Windows has no such modes; a folder of one's own protects the file there.
    if (others !== 0 && process.platform !== 'win32') {
      throw new Failure(
        'data',
        `Others on this machine may read ${path}. Run \`chmod 600 ${path}\`, and ask whether they did.`,
      )
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const key = Buffer.from(text, 'base64')
  if (key.length === KEY_BYTES && key.toString('base64') === text) return key
  throw new Failure(
    'data',
    `${path} holds no root key: ${KEY_BYTES} bytes in base64 are expected. Put it back from a backup.`,
  )
}

/** The file appears whole or not at all; of two first starts at once, both get the key of the first. */
function makeKey(path: string): Buffer {
  const key = randomBytes(KEY_BYTES)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  makeFolder(dirname(path))
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, `${key.toString('base64')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  return key
}
