/**
 * Another process that rotates the keys of a running server as often as it is told: what `portico keys rotate` does, without
 * the second in which the command starts.
 *
 * A key is published a minute before it makes anything. This publishes keys as though that had been a minute ago, so that what
 * their time brings comes now; then it moves every key on by the clock, as each server's own housekeeping does.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { openData } from '../../packages/portico/src/cli/data/open-data.ts'
import { rootKeyFor } from '../../packages/portico/src/cli/data/root-key.ts'
import { PUBLISHED_FOR, rotateKeys, tendKeys } from '../../packages/portico/src/core/keys/key-rotation.ts'
import { systemRandom } from '../../packages/portico/src/core/keys/random.ts'

/** The ids of new keys, by their purposes. */
export type NewKeys = Readonly<Record<string, string>>

/** A keeper that waits. `await using` ends it. */
export type KeyKeeper = AsyncDisposable & {
  /** Puts a new key in the place of each that is rotated. Answers when that is stored; servers hear of it by themselves. */
  rotate(): Promise<NewKeys>
}

/** Starts one beside the server of a data folder. */
export function startKeyKeeper(dataDir: string): KeyKeeper {
  const child = fork(import.meta.filename, [dataDir])
  return {
    async rotate() {
      child.send('rotate')
      return nextMessage(child)
    },
    async [Symbol.asyncDispose]() {
      if (!child.connected) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function nextMessage(child: ChildProcess): Promise<NewKeys> {
  const stop = new AbortController()
  const { signal } = stop
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the keeper of the keys ended with ${code}`)
  })
  try {
    const [keys] = await Promise.race([once(child, 'message', { signal }), ended])
    return keys as NewKeys // what `keep` sends
  } finally {
    ended.catch(() => undefined)
    stop.abort()
  }
}

async function keep(data: string): Promise<void> {
  const opened = await openData({ data, database: undefined }, { create: false })
  const keeping = {
    storage: opened.storage,
    rootKey: rootKeyFor({ data, rootKey: undefined }, true).key,
    random: systemRandom,
  }
  const audit = { eventName: 'Test', userId: null, address: null, userAgent: 'key keeper', detail: {} }
  process.on('message', async () => {
    const now = Date.now()
    const keys = await rotateKeys(keeping, undefined, { ...audit, at: now }, now - PUBLISHED_FOR)
    await tendKeys(keeping, now)
    process.send?.(Object.fromEntries(keys.map(({ purpose, kid }) => [purpose, kid])))
  })
  process.once('disconnect', () => opened[Symbol.asyncDispose]())
}

if (import.meta.main) await keep(process.argv[2] ?? '')
