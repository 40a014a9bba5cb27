/** Housekeeping: rows that expired long ago go, a few at a time. Expiry itself is checked at every read. */

import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import { write } from './transition.ts'

export const sweep = write<'sweep'>({
  async run(db, input) {
    let swept = 0
    for (const [table, key] of expiring) {
      const before = table === 'sessions' ? input.sessionsBefore : input.before
      swept += await sweepTable(db, table, key, before, input.limit)
    }
    return swept
  },
})

/** What expires, and the key of each. A revocation's `seq` is never given out again: its counter stays. */
const expiring = [
  ['deviceGrants', 'id'],
  ['authorizationCodes', 'id'],
  ['sessions', 'id'],
  ['distantDevices', 'sessionId'],
  ['signInSessions', 'id'],
  ['revocations', 'seq'],
  ['attempts', 'bucket'],
  ['setupLinks', 'hash'],
  ['personLinks', 'hash'],
  ['usedAssertions', 'key'],
] as const

async function sweepTable(
  db: Kysely<Database>,
  table: (typeof expiring)[number][0],
  key: (typeof expiring)[number][1],
  before: number,
  limit: number,
): Promise<number> {
  // All that is asked of a table here is a key and `expiresAt`, which each in the list has; Kysely wants to see one.
  const [one, id] = [table as 'sessions', key as 'id']
  const expired = db.selectFrom(one).select(id).where('expiresAt', '<', before).limit(limit)
  const result = await db.deleteFrom(one).where(id, 'in', expired).executeTakeFirst()
  return Number(result.numDeletedRows)
}
