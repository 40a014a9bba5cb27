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
import { replaceFile } from './node-write.ts'
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
    write: (session, token) => replaceFile(pathOf(session), formatToken(token)),
    remove: (session) => rm(pathOf(session), { force: true }),
    exclusively: (session, work, signal) => {
      const path = pathOf(session)
      return takeTurns(path, () => withLock(`${path}.lock`, work, signal))
    },
  }
}

/** Reads one token file once. */
export async function readTokenFile(path: string): Promise<Reading> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException // node:fs throws nothing else
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
