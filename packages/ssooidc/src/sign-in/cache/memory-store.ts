/** Keeps tokens for as long as the program runs, and shows them to nobody else. */
import { keyOf } from '../session.ts'
import type { TokenStore } from './store.ts'
import type { CachedToken } from './token.ts'
import { turns } from './turns.ts'

/** A store in memory, empty. For servers, browsers and tests. */
export function memoryStore(): TokenStore {
  const tokens = new Map<string, CachedToken>()
  const takeTurns = turns()
  return {
    async read(session) {
      const token = tokens.get(keyOf(session))
      return token === undefined ? { outcome: 'absent' } : { outcome: 'found', token }
    },
    async write(session, token) {
      tokens.set(keyOf(session), token)
    },
    async remove(session) {
      tokens.delete(keyOf(session))
    },
    exclusively: (session, work, signal) =>
      takeTurns(keyOf(session), async () => {
        signal?.throwIfAborted()
        return work()
      }),
  }
}
