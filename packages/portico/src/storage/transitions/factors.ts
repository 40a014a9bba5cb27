/** What people prove themselves with beside a password: all of it at once, and an administrator's end of it. */

import type { Kysely } from 'kysely'
import { type Database, toPasskey } from '../schema.ts'
import { appendAudit } from './audit.ts'
import { endEverySession } from './sessions.ts'
import { read, write } from './transition.ts'
import { holdUser, voidPersonLinks } from './user-life.ts'

export const readFactors = read<'readFactors'>(
  async (db, { userId }) => {
    const passkeys = await db
      .selectFrom('passkeys')
      .selectAll()
      .where('userId', '=', userId)
      .orderBy('createdAt')
      .orderBy('id')
      .execute()
    const totp = await db
      .selectFrom('totps')
      .select(['secret', 'lastStep', 'createdAt', 'lastUsedAt'])
      .where('userId', '=', userId)
      .executeTakeFirst()
    const codes = await db
      .selectFrom('recoveryCodes')
      .select((eb) => eb.fn.countAll<number>().as('left'))
      .where('userId', '=', userId)
      .executeTakeFirst()
    const reset = await db.selectFrom('factorResets').select('at').where('userId', '=', userId).executeTakeFirst()
    const requiring = await db
      .selectFrom('memberships')
      .innerJoin('groups', 'groups.id', 'memberships.groupId')
      .select('groups.id')
      .where('memberships.userId', '=', userId)
      .where('groups.requireSecondFactor', '=', 1)
      .executeTakeFirst()
    return {
      passkeys: passkeys.map(toPasskey),
      totp: totp === undefined ? null : { ...totp },
      recoveryCodes: codes?.left ?? 0,
      resetAt: reset?.at ?? null,
      requiredByGroup: requiring !== undefined,
    }
  },
  { snapshot: true },
)

export const resetFactors = write<'resetFactors', 'revocations'>({
  async run(db, { userId, revokedUntil, now, audit }, changed) {
    if ((await holdUser(db, userId)) === undefined) return false
    await voidPersonLinks(db, userId)
    for (const table of ['passkeys', 'totps', 'recoveryCodes'] as const) await forget(db, table, userId)
    await db
      .insertInto('factorResets')
      .values({ userId, at: now })
      .onConflict((conflict) => conflict.column('userId').doUpdateSet({ at: now }))
      .execute()
    await appendAudit(db, audit, userId)
    await endEverySession(db, { userId, reason: 'credential-change', revokedUntil, now }, changed)
    return true
  },
})

export const acknowledgeFactorReset = write<'acknowledgeFactorReset'>({
  run: (db, { userId }) => forget(db, 'factorResets', userId),
})

async function forget(
  db: Kysely<Database>,
  table: 'passkeys' | 'totps' | 'recoveryCodes' | 'factorResets',
  userId: string,
): Promise<void> {
  // All that is asked of a table here is its `userId`, which each has; Kysely wants to see one.
  await db
    .deleteFrom(table as 'totps')
    .where('userId', '=', userId)
    .execute()
}
