/**
 * A lock between processes: a file that only one of them can make. Its owner touches it as long as it works, so that the lock
 * of a process that was killed can be told from one that is slow.
 */
import { randomBytes } from 'node:crypto'
import { open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { systemClock } from '../clock.ts'
import { SignInError } from '../errors.ts'
import { makeFolder } from './node-folder.ts'
import { codeOf, patiently } from './node-patience.ts'
import { unwritable } from './node-write.ts'

/** After so long without a sign of life a lock belongs to nobody. */
export const STALE_AFTER = 30_000
const SIGN_OF_LIFE = 5_000
const LONGEST_WAIT = 90_000
const LOOK_AGAIN = 40

/** Whose lock it is, as the file says. */
export type LockOwner = { readonly pid: number; readonly host: string; readonly id: string }

/**
 * Runs `work` while this process has the lock.
 *
 * @throws SignInError `locked` when somebody else has it for longer than a minute and a half, `unwritable` where no file can be
 * made; or the reason of `signal`
 */
export async function withLock<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const owner: LockOwner = { pid: process.pid, host: hostname(), id: randomBytes(8).toString('hex') }
  const { monotonic, sleep } = systemClock
  await makeFolder(dirname(path), 0o700).catch((thrown) => {
    throw unwritable(path, thrown)
  })
  for (const end = monotonic() + LONGEST_WAIT; !(await make(path, owner)); ) {
    signal?.throwIfAborted()
    if (await isAbandoned(path)) {
      await clear(path)
      continue
    }
    if (monotonic() > end) {
      const held = await readOwner(path)
      throw new SignInError('locked', `process ${held?.pid ?? '?'} holds ${path}; end it, or remove the file`)
    }
    await sleep(LOOK_AGAIN * (1 + Math.random()), signal)
  }
  const alive = setInterval(() => touch(path), SIGN_OF_LIFE)
  alive.unref()
  try {
    signal?.throwIfAborted()
    return await work()
  } finally {
    clearInterval(alive)
    // Unless somebody found us too slow and took it. What was done stands, whether or not the lock goes away at once.
    if ((await readOwner(path))?.id === owner.id) await remove(path).catch(() => {})
  }
}

/** Whether a lock stands whose owner has died or gives no sign of life. */
export async function isAbandoned(path: string): Promise<boolean> {
  const age = await ageOf(path)
  if (age === undefined) return false
  if (age > STALE_AFTER) return true
  const owner = await readOwner(path)
  // A file that says nothing yet may be in the making.
  return owner !== undefined && owner.host === hostname() && !isAlive(owner.pid)
}

async function make(path: string, owner: LockOwner): Promise<boolean> {
  try {
    // On Windows a lock that is being removed can be neither opened nor made for a moment.
    const handle = await patiently(() => open(path, 'wx', 0o600))
    try {
      await handle.writeFile(JSON.stringify(owner))
    } catch (thrown) {
      await remove(path) // a full disk: a lock that says nothing would stand in everybody's way
      throw thrown
    } finally {
      await handle.close()
    }
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false
    throw unwritable(path, thrown)
  }
}

function remove(path: string): Promise<void> {
  return patiently(() => rm(path, { force: true }))
}

/** Removes an abandoned lock. Under a lock of its own: of two that found the old one, the slower must not remove a new one. */
async function clear(path: string): Promise<void> {
  const guard = `${path}.clearing`
  try {
    await (await open(guard, 'wx', 0o600)).close()
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown
    if (((await ageOf(guard)) ?? 0) > STALE_AFTER) await remove(guard)
    await systemClock.sleep(LOOK_AGAIN)
    return
  }
  try {
    if (await isAbandoned(path)) await remove(path)
  } finally {
    await remove(guard)
  }
}

async function readOwner(path: string): Promise<LockOwner | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockOwner // only this file writes it
  } catch {
    return undefined
  }
}

async function ageOf(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

function touch(path: string): void {
  const now = new Date()
  utimes(path, now, now).catch(() => {}) // gone: noticed at the end
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return codeOf(thrown) === 'EPERM'
  }
}
