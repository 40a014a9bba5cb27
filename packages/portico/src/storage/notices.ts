/**
 * Who is told when something has changed, and when: at once for this process's own commits, and at the next look at the
 * change counters for those of others.
 *
 * Not its job: when to look. Each engine has its own hint that a look is worth while.
 */

import type { Change, Storage } from './storage.ts'

/** What an engine needs to keep its promise about `onChange`. */
export type Notices = {
  onChange: Storage['onChange']
  /** Tells listeners of changes that this process committed. Rejects when a listener does: then the change is not in force. */
  announce(kinds: readonly Change[]): Promise<void>
  /** Looks at the counters and tells listeners of what they have not been told. What fails is tried at the next look. */
  look(): Promise<void>
}

/** Starts from what the counters say now: whoever listens later has read everything up to here, or will. */
export async function createNotices(readChanges: () => Promise<ReadonlyMap<Change, number>>): Promise<Notices> {
  const listeners = new Set<(change: Change) => void | Promise<void>>()
  const told = new Map(await readChanges())
  let looking: Promise<void> | undefined
  let again = false

  async function tell(kind: Change, counter: number): Promise<void> {
    await Promise.all([...listeners].map(async (listener) => await listener(kind)))
    told.set(kind, Math.max(told.get(kind) ?? 0, counter))
  }

  async function lookOnce(): Promise<void> {
    const counters = await readChanges()
    const untold = [...counters].filter(([kind, counter]) => counter > (told.get(kind) ?? 0))
    await Promise.all(untold.map(([kind, counter]) => tell(kind, counter)))
  }

  async function lookWhileHinted(): Promise<void> {
    while (again) {
      again = false
      await lookOnce()
    }
  }

  return {
    onChange(listener) {
      // A function of its own, so that registering one listener twice makes two.
      const own = (change: Change) => listener(change)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    async announce(kinds) {
      if (kinds.length === 0) return
      // Read before the listeners run: whatever is committed while they do is told again.
      const counters = await readChanges()
      await Promise.all(kinds.map((kind) => tell(kind, counters.get(kind) ?? 0)))
    },
    look() {
      // A look under way may have read the counters already, so a hint that comes now is worth another.
      again = true
      looking ??= lookWhileHinted().finally(() => {
        looking = undefined
      })
      return looking
    },
  }
}
