/**
 * When sessions were used last, for the people whose sessions they are. Checking an access token costs no query, so uses are
 * noted in memory and written behind, many at once: what storage knows lags by the pause between two writes.
 */
import type { Storage } from '../../storage/storage.ts'

/** Uses on their way into storage. */
export type SessionUses = {
  /** Notes a use. Never waits and never fails. */
  note(sessionId: string, now: number): void
  /**
   * The last use that this process noted, until long after it is written: whoever read the session in that moment has what was
   * stored before.
   */
  lastOf(sessionId: string): number | undefined
  /** Writes what was noted. What cannot be written is noted again. */
  flush(): Promise<void>
}

/** Sessions in one commit: others wait for it. */
const AT_ONCE = 500

/** Uses of at most `most` sessions; beyond that the one noted longest ago is forgotten. */
export function createSessionUses(storage: Pick<Storage, 'noteSessionUses'>, most = 100_000): SessionUses {
  let noted = new Map<string, number>()
  let flushed = new Map<string, number>()
  const note = (sessionId: string, now: number) => {
    noted.set(sessionId, now)
    if (noted.size > most) noted.delete(noted.keys().next().value ?? sessionId)
  }
  return {
    note,
    lastOf: (sessionId) => noted.get(sessionId) ?? flushed.get(sessionId),
    async flush() {
      const uses = [...noted].map(([id, at]) => ({ id, at }))
      flushed = noted
      noted = new Map()
      for (let first = 0; first < uses.length; first += AT_ONCE) {
        const some = uses.slice(first, first + AT_ONCE)
        try {
          await storage.noteSessionUses({ uses: some })
        } catch (error) {
          for (const { id, at } of uses.slice(first)) if (!noted.has(id)) note(id, at)
          throw error
        }
      }
    },
  }
}
