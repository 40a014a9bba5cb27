import assert from 'node:assert/strict'
import type { Storage } from '../storage.ts'
import type { Check } from './conformance.ts'
import {
  aCode,
  aGrant,
  apply,
  approve,
  aSignIn,
  auditLine,
  auditNames,
  exchange,
  hour,
  minute,
  now,
  openSession,
  redemption,
  userNamed,
} from './records.ts'

/** How sessions end, and what remains of them. */
export function endings(check: Check): void {
  const ending = { reason: 'logout' as const, revokedUntil: now + hour, now, audit: auditLine('Logout') }

  check('a session ends once, with its revocation and its audit line', async (storage) => {
    await openSession(storage)
    assert.equal(await storage.endSession({ id: 'session-1', ...ending }), true)
    assert.equal(await storage.endSession({ id: 'session-1', ...ending, reason: 'administrator' }), false)
    assert.equal(await storage.endSession({ id: 'session-2', ...ending }), false)
    const session = await storage.findSession({ id: 'session-1' })
    assert.equal(session?.endedAt, now)
    assert.equal(session?.endReason, 'logout')
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [
      { seq: 1, kind: 'session', subject: 'session-1', notBefore: now, expiresAt: now + hour },
    ])
    const lines = await storage.readAudit({ limit: 100 })
    assert.deepEqual(
      lines.filter(({ eventName }) => eventName === 'Logout'),
      [auditLine('Logout', { userId: 'user-1' })],
    )
  })

  check('revocations are read in order, those after a given one, while they are alive', async (storage) => {
    for (const [index, life] of [hour, 2 * hour, hour].entries()) {
      await openSession(storage, { id: `session-${index}` })
      await storage.endSession({ id: `session-${index}`, ...ending, revokedUntil: now + life })
    }
    const seqs = async (after: number, at: number) =>
      (await storage.readRevocations({ after, now: at })).map(({ seq }) => seq)
    assert.deepEqual(await seqs(0, now), [1, 2, 3])
    assert.deepEqual(await seqs(1, now), [2, 3])
    assert.deepEqual(await seqs(3, now), [])
    assert.deepEqual(await seqs(0, now + hour - 1), [1, 2, 3])
    assert.deepEqual(await seqs(0, now + hour), [2])
  })

  check("a user's living sessions are listed, newest first", async (storage) => {
    const alice = [
      await openSession(storage, { id: 'first' }),
      await openSession(storage, { id: 'second', createdAt: now + 1 }),
      await openSession(storage, { id: 'third', createdAt: now + 2 }),
    ]
    await openSession(storage, { id: 'short', expiresAt: now + minute })
    await openSession(storage, { id: 'of bob' }, 'user-2')
    await storage.endSession({ id: 'second', ...ending })
    const listed = await storage.listSessions({ userId: 'user-1', now: now + minute })
    assert.deepEqual(listed, [alice[2], alice[0]])
    const before = await storage.listSessions({ userId: 'user-1', now: now + minute - 1 })
    assert.equal(before.length, 3)
  })

  const endAll = (storage: Storage, userId: string) =>
    storage.endSessionsOfUser({
      ...{ userId, reason: 'administrator', revokedUntil: now + hour, now },
      audit: auditLine('EndSessionsOfUser'),
    })

  check("every session of a user ends in one step, with one revocation, and nobody else's", async (storage) => {
    await apply(storage)
    const [alice, bob] = [await userNamed(storage, 'alice'), await userNamed(storage, 'bob')]
    await openSession(storage, { id: 'a-1' }, alice.id)
    await openSession(storage, { id: 'a-2' }, alice.id)
    await openSession(storage, { id: 'b-1' }, bob.id)
    const audit = auditLine('SignIn')
    await storage.beginSignIn({ session: aSignIn({ id: 'browser of alice', userId: alice.id }), audit })
    await storage.beginSignIn({ session: aSignIn({ id: 'browser of bob', userId: bob.id }), audit })
    assert.equal(await endAll(storage, alice.id), 2)
    assert.deepEqual(await storage.listSessions({ userId: alice.id, now }), [])
    assert.equal((await storage.findSession({ id: 'a-1' }))?.endReason, 'administrator')
    assert.equal((await storage.listSessions({ userId: bob.id, now })).length, 1)
    assert.equal(await storage.findSignIn({ id: 'browser of alice', now }), undefined)
    assert.ok(await storage.findSignIn({ id: 'browser of bob', now }))
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [
      { seq: 1, kind: 'user', subject: alice.id, notBefore: now, expiresAt: now + hour },
    ])
    assert.equal((await auditNames(storage)).at(-1), 'EndSessionsOfUser')
  })

  check('what a user approved and nobody has redeemed yet becomes no session afterwards', async (storage) => {
    await approve(storage, aGrant())
    await storage.issueAuthorizationCode({ code: aCode(), audit: auditLine('Consent') })
    assert.equal(await endAll(storage, 'user-1'), 0)
    assert.deepEqual(await storage.redeemDeviceGrant(redemption()), { outcome: 'denied' })
    assert.deepEqual(await storage.redeemAuthorizationCode(exchange()), { outcome: 'unknown' })
    assert.equal((await storage.readRevocations({ after: 0, now })).length, 1, 'tokens of sessions long gone end too')
  })
}
