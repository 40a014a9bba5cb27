/** Attempts: how often somebody may guess. @see https://www.rfc-editor.org/rfc/rfc8628#section-5.1 */

import type { Kysely } from 'kysely'
import { hot } from '../hot.ts'
import type { Database } from '../schema.ts'
import type { AttemptBucket } from '../storage.ts'
import { write } from './transition.ts'

export const countAttempt = write<'countAttempt'>({
  run: (db, { buckets, window, now }) => countInEach(db, buckets, window, now),
})

export const refundAttempt = write<'refundAttempt'>({
  async run(db, { buckets }) {
    for (const { bucket } of buckets) await takeBack(db, bucket)
  },
})

/** Counts one attempt in every bucket, or in none when one of them is full. Callers name buckets in one order. */
export async function countInEach(
  db: Kysely<Database>,
  buckets: readonly AttemptBucket[],
  window: number,
  now: number,
): Promise<boolean> {
  const held: { bucket: string; recent: readonly number[] }[] = []
  for (const { bucket, limit } of buckets) {
    const times = await holdBucket(db, bucket)
    // A clock that was set back must not lock anybody out until it has caught up, so the distance counts in both directions.
    const recent = times.filter((time) => Math.abs(now - time) < window)
    if (recent.length >= limit) return false
    held.push({ bucket, recent })
  }
  for (const { bucket, recent } of held)
    await store(db, { bucket, times: JSON.stringify([...recent, now]), expiresAt: now + window })
  return true
}

/** Takes the newest attempt of a bucket back. */
export async function takeBack(db: Kysely<Database>, bucket: string): Promise<void> {
  const times = await holdBucket(db, bucket)
  await db
    .updateTable('attempts')
    .set({ times: JSON.stringify(times.slice(0, -1)) })
    .where('bucket', '=', bucket)
    .execute()
}

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
