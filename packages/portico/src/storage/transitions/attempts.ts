/** Attempts: how often somebody may guess. @see https://www.rfc-editor.org/rfc/rfc8628#section-5.1 */

import type { Kysely } from 'kysely'
import { hot } from '../hot.ts'
import type { Database } from '../schema.ts'
import { write } from './transition.ts'

export const countAttempt = write<'countAttempt'>({
  async run(db, { bucket, limit, window, now }) {
    const times = await holdBucket(db, bucket)
    // A clock that was set back must not lock anybody out until it has caught up, so the distance counts in both directions.
    const recent = times.filter((time) => Math.abs(now - time) < window)
    if (recent.length >= limit) return false
    await store(db, { bucket, times: JSON.stringify([...recent, now]), expiresAt: now + window })
    return true
  },
})

export const refundAttempt = write<'refundAttempt'>({
  async run(db, { bucket }) {
    const times = await holdBucket(db, bucket)
    await db
      .updateTable('attempts')
      .set({ times: JSON.stringify(times.slice(0, -1)) })
      .where('bucket', '=', bucket)
      .execute()
  },
})

/** The attempts of a bucket that is locked from here on: whoever comes next waits for this transaction. */
async function holdBucket(db: Kysely<Database>, bucket: string): Promise<readonly number[]> {
  const [row] = await hold(db, { bucket })
  return JSON.parse(row?.times ?? '[]')
}

// Setting the key to itself changes nothing and takes the row's lock.
const hold = hot((db, { bucket }: { bucket: string }) =>
  db
    .insertInto('attempts')
    .values({ bucket, times: '[]', expiresAt: 0 })
    .onConflict((conflict) => conflict.column('bucket').doUpdateSet({ bucket }))
    .returning('times'),
)

const store = hot((db, { bucket, times, expiresAt }: { bucket: string; times: string; expiresAt: number }) =>
  db.updateTable('attempts').set({ times, expiresAt }).where('bucket', '=', bucket),
)
