/**
 * The store that the AWS tools share: one file for each session in `~/.aws/sso/cache`. Theirs are read and ours are written so
 * that they read them. They write in place, so that a reader may meet half a file; it looks once more before it says so.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
 */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../config/surroundings.ts'
import { systemClock } from '../clock.ts'
import type { Session } from '../session.ts'
import { withLock } from './node-lock.ts'
import { tokenFileName, tokenFolder } from './node-names.ts'
import { codeOf } from './node-patience.ts'
import { replaceFile, reserveFile, unwritable } from './node-write.ts'
import type { Reading, TokenStore } from './store.ts'
import { formatToken, parseToken } from './token.ts'
import { turns } from './turns.ts'

/** Where a file store is. */
export type FileStoreOptions = {
  /** Default: `~/.aws/sso/cache`. */
  readonly folder?: string | undefined
  /** Says where the person's home is. Default: the process's environment. */
  readonly env?: Environment | undefined
}

const LOOK_AGAIN = 50
/** Bytes. The tokens of a session, with its registration, take a third of it. */
const ROOM = 16_384

/** A store in the files of the AWS tools. */
export function fileStore({ env, folder = tokenFolder(env) }: FileStoreOptions = {}): TokenStore {
  const pathOf = (session: Session) => join(folder, tokenFileName(session))
  const takeTurns = turns()
  return {
    async read(session) {
      const reading = await readTokenFile(pathOf(session))
      if (reading.outcome !== 'unreadable') return reading
      await systemClock.sleep(LOOK_AGAIN)
      return readTokenFile(pathOf(session))
    },
    async write(session, token) {
      const path = pathOf(session)
      await replaceFile(path, formatToken(token)).catch((thrown) => {
        throw unwritable(path, thrown)
      })
    },
    async reserve(session) {
      const path = pathOf(session)
      const sayWhy = (thrown: unknown) => {
        throw unwritable(path, thrown)
      }
      const room = await reserveFile(path, ROOM).catch(sayWhy)
      return { cancel: room.cancel, write: (token) => room.write(formatToken(token)).catch(sayWhy) }
    },
    remove: (session) => rm(pathOf(session), { force: true }),
    exclusively: (session, work, signal) => {
      const path = pathOf(session)
      return takeTurns(path, () => withLock(`${path}.lock`, work, signal))
    },
  }
}

/** The store of a home that everybody in this process shares, so that they take turns and know what could not be kept. */
export function sharedFileStore(env?: Environment): TokenStore {
  const folder = tokenFolder(env)
  const store = shared.get(folder) ?? fileStore({ folder })
  shared.set(folder, store)
  return store
}

const shared = new Map<string, TokenStore>()

/** Reads one token file once. */
export async function readTokenFile(path: string): Promise<Reading> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    const code = codeOf(thrown)
    if (code === 'ENOENT' || code === 'ENOTDIR') return { outcome: 'absent' }
    return { outcome: 'unreadable', problem: `${path} cannot be read: ${code}` }
  }
  const parsed = parseToken(text)
  if ('token' in parsed) return { outcome: 'found', token: parsed.token }
  return { outcome: 'unreadable', problem: `${path} is damaged or not a token: ${parsed.problem}` }
}

/** Where the AWS tools have a session's token. */
export function tokenPath(session: Session, env?: Environment): string {
  return join(tokenFolder(env), tokenFileName(session))
}
