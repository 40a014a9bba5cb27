import assert from 'node:assert/strict'
import type { Storage } from '../storage.ts'
import type { Check, CheckHandles } from './conformance.ts'
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
  newSession,
  now,
  openSession,
  redemption,
  refresh,
  userNamed,
} from './records.ts'

const revokedUntil = now + 12 * hour
const ending = { reason: 'administrator' as const, revokedUntil, now, audit: auditLine('EndSessions') }
const ids = (sessions: readonly { id: string }[]) => sessions.map(({ id }) => id)
const all = { userId: null, clientHash: null, now, limit: 100 }

/** How administrators end what others have. */
export function administration(check: Check): void {
  check('living sessions are found newest first: all, of a user, of a client, and so many at most', async (storage) => {
    await openSession(storage, { id: 'a-1' })
    await openSession(storage, { id: 'b-1', createdAt: now + 1 }, 'user-2')
    await ofClient(storage, 'client-2', 'a-2', now + 2)
    await openSession(storage, { id: 'over', expiresAt: now + minute })
    await storage.endSession({ id: 'over', ...ending })
    assert.deepEqual(ids(await storage.findSessions(all)), ['a-2', 'b-1', 'a-1'])
    assert.deepEqual(ids(await storage.findSessions({ ...all, limit: 2 })), ['a-2', 'b-1'])
    assert.deepEqual(ids(await storage.findSessions({ ...all, userId: 'user-1' })), ['a-2', 'a-1'])
    assert.deepEqual(ids(await storage.findSessions({ ...all, clientHash: 'client-1' })), ['b-1', 'a-1'])
    const both = { ...all, userId: 'user-1', clientHash: 'client-1' }
    assert.deepEqual(ids(await storage.findSessions(both)), ['a-1'])
    assert.deepEqual(await storage.findSessions({ ...all, now: now + 9 * hour }), [])
  })

  check("a client's sessions end with a revocation each, and the client may begin anew", async (storage) => {
    await openSession(storage, { id: 'a-1' })
    await openSession(storage, { id: 'b-1' }, 'user-2')
    await ofClient(storage, 'client-2', 'other')
    await approve(storage, aGrant({ id: 'waiting', userCodeMac: 'waiting' }))
    await storage.issueAuthorizationCode({ code: aCode(), audit: auditLine('Consent') })
    assert.equal(await storage.endSessionsOfClient({ clientHash: 'client-1', ...ending }), 2)
    assert.deepEqual(ids(await storage.findSessions(all)), ['other'])
    const lines = await storage.readRevocations({ after: 0, now })
    assert.deepEqual(lines.map(({ kind, subject }) => `${kind} ${subject}`).toSorted(), ['session a-1', 'session b-1'])
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ id: 'waiting' })), { outcome: 'denied' })
    assert.deepEqual(await storage.redeemAuthorizationCode(exchange()), { outcome: 'unknown' })
    assert.equal((await openSession(storage, { id: 'a-3' })).clientHash, 'client-1')
    assert.equal(await storage.endSessionsOfClient({ clientHash: 'client-9', ...ending }), 0)
  })

  check(
    "what was given through a client's sessions ends with them, where a session was over before it as well",
    async (storage) => {
      await openSession(storage, { id: 'alive' })
      await openSession(storage, { id: 'over', expiresAt: now + minute })
      await openSession(storage, { id: 'long over', expiresAt: now + minute - 1 })
      await ofClient(storage, 'client-2', 'other')
      const later = now + minute + (revokedUntil - now) - 1
      await openSession(storage, { id: 'living', createdAt: later, expiresAt: later + hour })
      const end = { ...ending, revokedUntil: later + (revokedUntil - now), now: later }
      assert.equal(await storage.endSessionsOfClient({ clientHash: 'client-1', ...end }), 1)
      const revoked = async () =>
        (await storage.readRevocations({ after: 0, now: later })).map(({ subject }) => subject)
      assert.deepEqual((await revoked()).toSorted(), ['alive', 'living', 'over'])
      assert.equal(await storage.denyClient({ clientHash: 'client-2', deniedUntil: later + hour, ...end }), 0)
      assert.deepEqual((await revoked()).toSorted(), ['alive', 'client-2', 'living', 'other', 'over'])
      assert.equal(await storage.endSessionsOfClient({ clientHash: 'client-1', ...end }), 0)
      assert.equal((await revoked()).length, 5, 'each is revoked once')
    },
  )

  check('a client is denied with its sessions and with what waits for a decision', async (storage) => {
    await openSession(storage, { id: 'a-1' })
    await storage.startDeviceGrant({ grant: aGrant({ id: 'pending', userCodeMac: 'pending' }), now })
    const deniedUntil = now + 90 * 24 * hour
    assert.equal(await storage.denyClient({ clientHash: 'client-1', deniedUntil, ...ending }), 1)
    assert.equal((await storage.findDeviceGrant({ id: 'pending' }))?.state, 'denied')
    assert.deepEqual(await storage.readRevocations({ after: 1, now }), [
      { seq: 2, kind: 'client', subject: 'client-1', notBefore: now, expiresAt: deniedUntil },
    ])
    assert.equal((await auditNames(storage)).at(-1), 'EndSessions')
  })

  check('everything ends in one step, with one revocation', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    await openSession(storage, { id: 'a-1' })
    await openSession(storage, { id: 'b-1' }, 'user-2')
    await approve(storage, aGrant({ id: 'waiting', userCodeMac: 'waiting' }))
    await storage.issueAuthorizationCode({ code: aCode(), audit: auditLine('Consent') })
    await storage.beginSignIn({ session: aSignIn({ userId: alice.id }), audit: auditLine('SignIn') })
    assert.equal(await storage.endAllSessions(ending), 2)
    assert.deepEqual(await storage.findSessions(all), [])
    assert.equal(await storage.findSignIn({ id: 'browser-1', now }), undefined)
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [
      { seq: 1, kind: 'instance', subject: '', notBefore: now, expiresAt: revokedUntil },
    ])
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ id: 'waiting' })), { outcome: 'denied' })
    assert.deepEqual(await storage.redeemAuthorizationCode(exchange()), { outcome: 'unknown' })
    assert.equal((await storage.findSession({ id: 'a-1' }))?.endReason, 'administrator')
  })

  const without = { revokedUntil, now, audit: auditLine('DisableUser') }

  check('a disabled user has nothing open any more, and stays so when enabled again', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    await openSession(storage, { id: 'a-1' }, alice.id)
    await storage.beginSignIn({ session: aSignIn({ userId: alice.id }), audit: auditLine('SignIn') })
    const set = (enabled: boolean) => storage.setUserEnabled({ userName: 'ALICE', enabled, ...without })
    assert.equal(await set(true), 'unchanged')
    assert.equal(await set(false), 'changed')
    assert.equal(await set(false), 'unchanged')
    assert.equal((await userNamed(storage, 'alice')).enabled, false)
    assert.equal(await set(true), 'changed')
    assert.equal((await userNamed(storage, 'alice')).enabled, true)
    assert.deepEqual(await storage.findSessions(all), [])
    assert.equal(await storage.findSignIn({ id: 'browser-1', now }), undefined)
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [
      { seq: 1, kind: 'user', subject: alice.id, notBefore: now, expiresAt: revokedUntil },
    ])
    assert.deepEqual((await auditNames(storage)).slice(-2), ['DisableUser', 'DisableUser'])
    assert.equal(await storage.setUserEnabled({ userName: 'nobody', enabled: false, ...without }), 'unknown')
  })

  check('a deleted user is gone with all that they had, and the name begins anew', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    await openSession(storage, { id: 'a-1' }, alice.id)
    assert.equal(await storage.deleteUser({ userName: 'Alice', ...without }), 'deleted')
    assert.equal(await storage.deleteUser({ userName: 'Alice', ...without }), 'unknown')
    assert.equal(await storage.findUser({ id: alice.id }), undefined)
    assert.deepEqual(await storage.readEntitlements({ userId: alice.id }), [])
    assert.deepEqual(await storage.findSessions(all), [])
    assert.equal((await storage.readRevocations({ after: 0, now }))[0]?.subject, alice.id)
    assert.equal((await storage.readAudit({ limit: 1 }))[0]?.userId, alice.id)
    await apply(storage)
    assert.notEqual((await userNamed(storage, 'alice')).id, alice.id)
  })
}

/** Who wins when an administrator meets somebody who is busy. */
export function endingContention(check: CheckHandles): void {
  check('no session of a client is left alive by redemptions and refreshes at the same moment', async (...handles) => {
    const [storage] = handles
    for (let round = 0; round < 10; round++) {
      const id = `round-${round}`
      await approve(storage, aGrant({ id, userCodeMac: id }))
      await openSession(storage, { id: `old-${round}` })
      await Promise.all([
        handles[0].redeemDeviceGrant(redemption({ id, session: newSession({ id: `new-${round}` }) })),
        handles[1].endSessionsOfClient({ clientHash: 'client-1', ...ending }),
        handles[0].rotateSession(refresh({ id: `old-${round}`, now: now + 3 * minute })),
      ])
      assert.deepEqual(await storage.findSessions(all), [])
    }
  })

  check('a user who is disabled while they sign a program in has no living session afterwards', async (...handles) => {
    const [storage] = handles
    await apply(storage)
    const { id: userId } = await userNamed(storage, 'alice')
    const input = { userName: 'alice', revokedUntil, now, audit: auditLine('SetUser') }
    for (let round = 0; round < 10; round++) {
      const id = `round-${round}`
      await approve(storage, aGrant({ id, userCodeMac: id }), userId)
      await Promise.all([
        handles[0].redeemDeviceGrant(redemption({ id, session: newSession({ id: `new-${round}` }) })),
        handles[1].setUserEnabled({ ...input, enabled: false }),
      ])
      assert.deepEqual(await storage.findSessions(all), [])
      await storage.setUserEnabled({ ...input, enabled: true })
    }
  })
}

async function ofClient(storage: Storage, clientHash: string, id: string, createdAt = now): Promise<void> {
  await approve(storage, aGrant({ id, userCodeMac: id, clientHash, createdAt, expiresAt: createdAt + minute }))
  await storage.redeemDeviceGrant(
    redemption({ id, clientHash, session: newSession({ id, createdAt }), now: createdAt }),
  )
}
