/**
 * How those who keep copies in memory learn that something changed: a counter for each kind, raised in the transaction that
 * changes something. Its row is also the lock that puts those transactions in commit order: the next to raise it waits
 * until the last has committed.
 */

import type { Kysely } from 'kysely'
import { hot } from '../hot.ts'
import type { Database } from '../schema.ts'
import type { Change } from '../storage.ts'
import type { Changed } from './transition.ts'

/**
 * Counts one change and returns its number, which is greater than that of every change of its kind committed before. A
 * transition calls it as late as it can, so that the lock is short, and in the order of the kinds' names, so that no two
 * wait for each other.
 */
export async function announce<Kind extends Change>(
  db: Kysely<Database>,
  changed: Changed<Kind>,
  kind: Kind,
): Promise<number> {
  const [row] = await raise(db, { kind })
  if (row === undefined) throw new Error(`no counter for changes of kind ${kind}`)
  changed(kind)
  return row.counter
}

/** How often each kind of change has been committed. */
export async function readChanges(db: Kysely<Database>): Promise<ReadonlyMap<Change, number>> {
  const rows = await readAll(db, {})
  return new Map(rows.map((row) => [row.kind, row.counter]))
}

// A kind that the database's first version did not know begins with its first change.
const raise = hot((db, { kind }: { kind: Change }) =>
  db
    .insertInto('changes')
    .values({ kind, counter: 1 })
    .onConflict((conflict) => conflict.column('kind').doUpdateSet((eb) => ({ counter: eb('changes.counter', '+', 1) })))
    .returning('counter'),
)

const readAll = hot((db, _: Record<never, never>) => db.selectFrom('changes').selectAll())
