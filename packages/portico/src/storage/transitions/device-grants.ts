/** Device grants: pending → approved → redeemed, or pending → denied. @see https://www.rfc-editor.org/rfc/rfc8628 */

import type { Kysely } from 'kysely'
import { hot } from '../hot.ts'
import { type Database, toDeviceGrant } from '../schema.ts'
import type { DeviceGrant, Redemption, Session } from '../storage.ts'
import { countInEach, takeBack } from './attempts.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { beginSession, readSession } from './sessions.ts'
import { type Input, read, write } from './transition.ts'

export const startDeviceGrant = write<'startDeviceGrant'>({
  async run(db, { grant, now }) {
    const amr = grant.amr === null ? null : JSON.stringify(grant.amr)
    const numbers = grant.numbers === null ? null : JSON.stringify(grant.numbers)
    const row = { ...grant, scopes: JSON.stringify(grant.scopes), amr, numbers }
    const stored = await db
      .insertInto('deviceGrants')
      .values(row)
      // An expired grant that has not been swept yet gives its user code up.
      .onConflict((conflict) =>
        conflict.column('userCodeMac').doUpdateSet(row).where('deviceGrants.expiresAt', '<=', now),
      )
      .returning('id')
      .executeTakeFirst()
    return stored !== undefined
  },
})

export const guessUserCode = write<'guessUserCode'>({
  async run(db, { userCodeMacs, buckets, window, now }) {
    // The counts commit with the answer, whatever it is: nothing here can fail and take them back.
    if (!(await countInEach(db, buckets, window, now))) return { outcome: 'too-many' }
    for (const userCodeMac of userCodeMacs) {
      const [row] = await selectByUserCode(db, { userCodeMac })
      if (row === undefined) continue
      for (const { bucket } of buckets) await takeBack(db, bucket)
      return { outcome: 'hit', grant: toDeviceGrant(row) }
    }
    return { outcome: 'miss' }
  },
})

export const findDeviceGrant = read<'findDeviceGrant'>((db, { id }) => readDeviceGrant(db, id))

export const countPendingDeviceGrants = read<'countPendingDeviceGrants'>(async (db, input) => {
  const [counted] = await countPending(db, input)
  return { ofSubscriber: counted?.ofSubscriber ?? 0, total: counted?.total ?? 0 }
})

export const decideDeviceGrant = write<'decideDeviceGrant', 'device-grants'>({
  async run(db, { id, decision, userId, authenticatedAt, amr, proximity, now, audit }, changed) {
    const decided = await db
      .updateTable('deviceGrants')
      .set({
        state: decision === 'approve' ? 'approved' : 'denied',
        ...{ userId, authenticatedAt, amr: JSON.stringify(amr), proximity, decidedAt: now },
      })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .where('expiresAt', '>', now)
      .returning('id')
      .executeTakeFirst()
    if (decided === undefined) return false
    await appendAudit(db, audit, userId)
    await announce(db, changed, 'device-grants')
    return true
  },
})

export const redeemDeviceGrant = write<'redeemDeviceGrant'>({
  // Nearly every call is a client polling a pending grant: answering those takes no write.
  peek: answerWithoutRedeeming,
  async run(db, input) {
    const { id, clientHash, session, distant, now, audit } = input
    const [taken] = await redeemApproved(db, { id, clientHash, sessionId: session.id, now })
    // Undefined only when the grant was approved between these two statements: the next poll will redeem it.
    if (taken === undefined) return (await answerWithoutRedeeming(db, input)) ?? { outcome: 'pending' }
    const grant = toDeviceGrant(taken)
    const made = await beginSession(db, session, approved(grant))
    if (distant !== null) await db.insertInto('distantDevices').values(distant).execute()
    await appendAudit(db, audit, made.userId)
    return { outcome: 'redeemed', session: made, again: false }
  },
})

/** The answer that needs no change, or undefined when the grant is this client's to redeem. */
async function answerWithoutRedeeming(
  db: Kysely<Database>,
  { id, clientHash, repeatWithin, now }: Input<'redeemDeviceGrant'>,
): Promise<Redemption | undefined> {
  const grant = await readDeviceGrant(db, id)
  if (grant === undefined || grant.clientHash !== clientHash) return { outcome: 'unknown' }
  if (grant.state === 'redeemed') {
    const session = grant.sessionId === null ? undefined : await readSession(db, grant.sessionId)
    const again = session !== undefined && mayRepeat(session, repeatWithin, now)
    return again ? { outcome: 'redeemed', session, again } : { outcome: 'unknown' }
  }
  if (grant.expiresAt <= now) return { outcome: 'expired' }
  return grant.state === 'approved' ? undefined : { outcome: grant.state }
}

/** Whether the redemption that made `session` may be answered again, to a client that lost the first answer. */
export function mayRepeat(session: Session, repeatWithin: number, now: number): boolean {
  return (
    session.endedAt === null &&
    session.expiresAt > now &&
    session.generation === 0 &&
    now - session.createdAt <= repeatWithin
  )
}

/** What a redeemed grant's session takes over from it. */
function approved(grant: DeviceGrant) {
  const { userId, authenticatedAt, amr, proximity, clientHash, clientName, scopes } = grant
  if (userId === null || authenticatedAt === null || amr === null)
    throw new Error('an approved device grant says who approved it')
  return { userId, authenticatedAt, amr, proximity, clientHash, clientName, scopes }
}

async function readDeviceGrant(db: Kysely<Database>, id: string): Promise<DeviceGrant | undefined> {
  const [row] = await selectById(db, { id })
  return row && toDeviceGrant(row)
}

const selectById = hot((db, { id }: { id: string }) => db.selectFrom('deviceGrants').selectAll().where('id', '=', id))

const selectByUserCode = hot((db, { userCodeMac }: { userCodeMac: string }) =>
  db.selectFrom('deviceGrants').selectAll().where('userCodeMac', '=', userCodeMac),
)

const countPending = hot((db, { subscriber, now }: { subscriber: string; now: number }) =>
  db
    .selectFrom('deviceGrants')
    .select((eb) => [
      eb.fn.countAll<number>().as('total'),
      eb.fn.count<number>(eb.case().when('subscriber', '=', subscriber).then(eb.lit(1)).end()).as('ofSubscriber'),
    ])
    .where('state', '=', 'pending')
    .where('expiresAt', '>', now),
)

const redeemApproved = hot(
  (db, { id, clientHash, sessionId, now }: { id: string; clientHash: string; sessionId: string; now: number }) =>
    db
      .updateTable('deviceGrants')
      .set({ state: 'redeemed', sessionId })
      .where('id', '=', id)
      .where('clientHash', '=', clientHash)
      .where('state', '=', 'approved')
      .where('expiresAt', '>', now)
      .returningAll(),
)
