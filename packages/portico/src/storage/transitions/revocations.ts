/** The log that ends tokens before their time, in commit order. */

import type { Kysely } from 'kysely'
import { hot } from '../hot.ts'
import type { Database } from '../schema.ts'
import type { Revocation } from '../storage.ts'
import { announce } from './changes.ts'
import { type Changed, read } from './transition.ts'

export const readRevocations = read<'readRevocations'>(async (db, input) => {
  const rows = await selectAfter(db, input)
  return rows.map((row) => ({ ...row }))
})

/**
 * Appends a line. Its `seq` is the number of the change: the transaction that gets the next one waits for this one's
 * commit, so a reader who has seen a line has been able to see every line before it.
 */
export async function revoke(
  db: Kysely<Database>,
  changed: Changed<'revocations'>,
  revocation: Omit<Revocation, 'seq'>,
): Promise<void> {
  const seq = await announce(db, changed, 'revocations')
  await append(db, { seq, ...revocation })
}

const append = hot((db, { seq, kind, subject, notBefore, expiresAt }: Revocation) =>
  db.insertInto('revocations').values({ seq, kind, subject, notBefore, expiresAt }),
)

const selectAfter = hot((db, { after, now }: { after: number; now: number }) =>
  db.selectFrom('revocations').selectAll().where('seq', '>', after).where('expiresAt', '>', now).orderBy('seq'),
)
