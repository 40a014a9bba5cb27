/** The one rule on who may not be shut out, for every change that can take people, or what they may, away. */

import type { Kysely } from 'kysely'
import type { Database } from '../schema.ts'
import type { ShutOut } from '../storage.ts'
import { Undone } from './transition.ts'

/**
 * Makes the change, and undoes it when nobody is left of those of whom somebody could sign in before. It looks afterwards,
 * so that what a change does need not be foretold. Of two at once that would each take one of the last two, the second is
 * undone: each has announced a change of the directory before it looks, and so waits until the other has committed.
 *
 * @param shutOut whether to go on all the same
 * @throws {Undone} with whom it would have shut out
 */
export async function shuttingNobodyOut<Done>(
  db: Kysely<Database>,
  shutOut: boolean,
  change: () => Promise<Done>,
): Promise<Done> {
  if (shutOut) return await change()
  const before = await whoCanSignIn(db)
  const done = await change()
  if (before.length === 0) return done
  const after = await whoCanSignIn(db)
  const lost = before.find((who) => !after.includes(who))
  if (lost !== undefined) throw new Undone(lost)
  return done
}

/** Of whom somebody can sign in, the most first. Whoever is disabled, or has neither password nor passkey, cannot. */
async function whoCanSignIn(db: Kysely<Database>): Promise<ShutOut[]> {
  const people = db
    .selectFrom('users')
    .select('users.id')
    .where('users.enabled', '=', 1)
    .where((eb) =>
      eb.or([
        eb('users.passwordHash', 'is not', null),
        eb.exists(eb.selectFrom('passkeys').select('passkeys.id').whereRef('passkeys.userId', '=', 'users.id')),
      ]),
    )
    .limit(1)
  const administrating = db.selectFrom('permissionSets').select('id').where('administrator', '=', 1)
  const assigned = db
    .selectFrom('userAssignments')
    .select('userId')
    .where('permissionSetId', 'in', administrating)
    .union(
      db
        .selectFrom('groupAssignments')
        .innerJoin('memberships', 'memberships.groupId', 'groupAssignments.groupId')
        .select('memberships.userId as userId')
        .where('groupAssignments.permissionSetId', 'in', administrating),
    )
  const each: readonly (readonly [ShutOut, typeof people])[] = [
    ['everybody', people],
    ['administrators', people.where('users.administrator', '=', 1)],
    ['administrator-roles', people.where('users.id', 'in', assigned)],
  ]
  const able: ShutOut[] = []
  for (const [who, query] of each) if ((await query.execute()).length > 0) able.push(who)
  return able
}
