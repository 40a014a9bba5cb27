import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import {
  aGrant,
  aGuess,
  approve,
  auditLine,
  auditNames,
  coalesce,
  minute,
  newSession,
  now,
  redemption,
  refresh,
  repeatWithin,
} from './records.ts'

/** What becomes of device grants. */
export function deviceGrants(check: Check): void {
  const decision = (changes: { decision?: 'approve' | 'deny'; now?: number; userId?: string } = {}) => ({
    ...{ id: 'grant-1', decision: 'approve' as const, userId: 'user-1', authenticatedAt: now - minute, now },
    ...{ amr: ['password', 'totp'] as const, proximity: 'same' as const },
    ...{ audit: auditLine('DecideDevice') },
    ...changes,
  })

  check('a grant is found by its id and by its user code, as it was stored', async (storage) => {
    const grant = aGrant({ scopes: ['sso:account:access', 'a "quoted" one'], numbers: [42, 17, 88] })
    assert.equal(await storage.startDeviceGrant({ grant, now }), true)
    assert.deepEqual(await storage.findDeviceGrant({ id: grant.id }), grant)
    assert.deepEqual(await storage.guessUserCode(aGuess(grant.userCodeMac)), { outcome: 'hit', grant })
    assert.equal(await storage.findDeviceGrant({ id: 'grant-2' }), undefined)
    assert.deepEqual(await storage.guessUserCode(aGuess('mac-2')), { outcome: 'miss' })
  })

  check(
    'a user code is given out once while its grant lives, and again from the moment it expires',
    async (storage) => {
      const first = aGrant()
      const second = aGrant({ id: 'grant-2', clientHash: 'client-2', expiresAt: now + 20 * minute })
      await storage.startDeviceGrant({ grant: first, now })
      assert.equal(await storage.startDeviceGrant({ grant: second, now: first.expiresAt - 1 }), false)
      assert.deepEqual(await storage.guessUserCode(aGuess('mac-1')), { outcome: 'hit', grant: first })
      assert.equal(await storage.startDeviceGrant({ grant: second, now: first.expiresAt }), true)
      assert.deepEqual(await storage.guessUserCode(aGuess('mac-1')), { outcome: 'hit', grant: second })
      assert.equal(await storage.findDeviceGrant({ id: first.id }), undefined)
    },
  )

  check('a wrong guess at a user code counts in every bucket, a right one in none', async (storage) => {
    const grant = aGrant()
    await storage.startDeviceGrant({ grant, now })
    const hit = { outcome: 'hit', grant }
    for (let i = 0; i < 10; i++) assert.deepEqual(await storage.guessUserCode(aGuess('mac-1')), hit)
    for (let i = 0; i < 4; i++) assert.deepEqual(await storage.guessUserCode(aGuess('mac-2')), { outcome: 'miss' })
    assert.deepEqual(await storage.guessUserCode(aGuess('mac-1')), hit)
    // Another bucket that is full stops the guess before it counts in the first.
    const full = { ...aGuess('mac-2'), buckets: [...aGuess('mac-2').buckets, { bucket: 'network', limit: 0 }] }
    for (let i = 0; i < 3; i++) assert.deepEqual(await storage.guessUserCode(full), { outcome: 'too-many' })
    assert.deepEqual(await storage.guessUserCode(aGuess('mac-2', 'not-yet', 'mac-1')), hit)
    assert.deepEqual(await storage.guessUserCode(aGuess('mac-2')), { outcome: 'miss' })
    assert.deepEqual(await storage.guessUserCode(aGuess('mac-1')), { outcome: 'too-many' })
    assert.deepEqual(await storage.guessUserCode({ ...aGuess('mac-1'), now: now + minute }), hit)
  })

  check('pending grants are counted by subscriber and in all, until they are decided or expire', async (storage) => {
    const [here, elsewhere] = ['192.0.2.1', '20010db8000000/56']
    for (const [index, subscriber] of [here, here, elsewhere, elsewhere].entries()) {
      const grant = aGrant({ id: `grant-${index}`, userCodeMac: `mac-${index}`, address: `::${index}`, subscriber })
      await storage.startDeviceGrant({ grant, now })
    }
    await storage.decideDeviceGrant({ ...decision(), id: 'grant-3' })
    const last = now + 10 * minute - 1
    const count = (subscriber: string, at: number) => storage.countPendingDeviceGrants({ subscriber, now: at })
    assert.deepEqual(await count(here, last), { ofSubscriber: 2, total: 3 })
    assert.deepEqual(await count(elsewhere, last), { ofSubscriber: 1, total: 3 })
    assert.deepEqual(await count('::0', last), { ofSubscriber: 0, total: 3 })
    assert.deepEqual(await count(elsewhere, last + 1), { ofSubscriber: 0, total: 0 })
  })

  check('an approval says who, when, and since when they are proven', async (storage) => {
    await storage.startDeviceGrant({ grant: aGrant(), now })
    assert.equal(await storage.decideDeviceGrant(decision({ now: now + 5 })), true)
    assert.deepEqual(
      await storage.findDeviceGrant({ id: 'grant-1' }),
      aGrant({
        ...{ state: 'approved', userId: 'user-1', decidedAt: now + 5 },
        ...{ authenticatedAt: now - minute, amr: ['password', 'totp'], proximity: 'same' },
      }),
    )
    const [line] = await storage.readAudit({ limit: 10 })
    assert.deepEqual(line, auditLine('DecideDevice', { userId: 'user-1' }))
  })

  check('the first decision stands, and a denial is final', async (storage) => {
    await storage.startDeviceGrant({ grant: aGrant(), now })
    assert.equal(await storage.decideDeviceGrant(decision({ decision: 'deny' })), true)
    assert.equal(await storage.decideDeviceGrant(decision({ userId: 'user-2' })), false)
    assert.deepEqual(await storage.redeemDeviceGrant(redemption()), { outcome: 'denied' })
    assert.deepEqual(await auditNames(storage), ['DecideDevice'], 'a decision that does not stand leaves no line')
  })

  check('a grant can be decided until its last millisecond', async (storage) => {
    await storage.startDeviceGrant({ grant: aGrant(), now })
    assert.equal(await storage.decideDeviceGrant(decision({ now: now + 10 * minute })), false)
    assert.equal(await storage.decideDeviceGrant(decision({ now: now + 10 * minute - 1 })), true)
    assert.equal(await storage.decideDeviceGrant({ ...decision(), id: 'grant-2' }), false)
  })

  check('a pending grant is pending until it expires', async (storage) => {
    await storage.startDeviceGrant({ grant: aGrant(), now })
    const end = now + 10 * minute
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ now: end - 1 })), { outcome: 'pending' })
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ now: end })), { outcome: 'expired' })
    assert.deepEqual(await auditNames(storage), [], 'polling leaves no line')
  })

  check('an approved grant becomes a session of its client and its approver', async (storage) => {
    await approve(storage, aGrant())
    const session = {
      ...newSession(),
      userId: 'user-1',
      clientHash: 'client-1',
      clientName: 'aws-cli',
      scopes: ['sso:account:access'],
      authenticatedAt: now - minute,
      amr: ['password', 'totp'],
      proximity: 'same' as const,
      generation: 0,
      rotatedAt: now,
      lastUsedAt: now,
      endedAt: null,
      endReason: null,
    }
    const end = now + 10 * minute - 1
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ now: end })), {
      outcome: 'redeemed',
      session,
      again: false,
    })
    assert.deepEqual(await storage.findSession({ id: 'session-1' }), session)
    const grant = await storage.findDeviceGrant({ id: 'grant-1' })
    assert.equal(grant?.state, 'redeemed')
    assert.equal(grant?.sessionId, 'session-1')
    const [line] = await storage.readAudit({ limit: 1 })
    assert.deepEqual(line, auditLine('RedeemDeviceCode', { userId: 'user-1' }), 'the line says for whom')
  })

  check('an approval is of no use once the grant has expired', async (storage) => {
    await approve(storage, aGrant())
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ now: now + 10 * minute })), { outcome: 'expired' })
    assert.equal(await storage.findSession({ id: 'session-1' }), undefined)
  })

  check('a grant of another client, and one that never was, are unknown', async (storage) => {
    await approve(storage, aGrant())
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ clientHash: 'client-2' })), { outcome: 'unknown' })
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ id: 'grant-2' })), { outcome: 'unknown' })
    assert.equal((await storage.redeemDeviceGrant(redemption())).outcome, 'redeemed')
  })

  check('a client that lost the answer gets the same session again, until the window closes', async (storage) => {
    await approve(storage, aGrant())
    const first = await storage.redeemDeviceGrant(redemption())
    assert.equal(first.outcome, 'redeemed')
    const retry = { session: newSession({ id: 'session-2' }) }
    const again = await storage.redeemDeviceGrant(redemption({ ...retry, now: now + repeatWithin }))
    assert.deepEqual(again, { outcome: 'redeemed', session: first.session, again: true })
    const late = await storage.redeemDeviceGrant(redemption({ ...retry, now: now + repeatWithin + 1 }))
    assert.deepEqual(late, { outcome: 'unknown' })
    assert.equal(await storage.findSession({ id: 'session-2' }), undefined)
    assert.deepEqual(await auditNames(storage), ['ApproveDevice', 'RedeemDeviceCode'])
  })

  check('the window for a lost answer outlives the grant', async (storage) => {
    await approve(storage, aGrant())
    const end = now + 10 * minute
    const session = newSession({ createdAt: end - 1 })
    await storage.redeemDeviceGrant(redemption({ session, now: end - 1 }))
    const again = await storage.redeemDeviceGrant(redemption({ session, now: end + 1 }))
    assert.equal(again.outcome, 'redeemed')
  })

  check('nobody gets a session again that has moved on or ended', async (storage) => {
    await approve(storage, aGrant())
    const window = 10 * minute
    await storage.redeemDeviceGrant(redemption())
    const rotated = await storage.rotateSession(refresh({ now: now + coalesce }))
    assert.equal(rotated.outcome, 'rotated')
    const later = { now: now + coalesce, repeatWithin: window }
    assert.deepEqual(await storage.redeemDeviceGrant(redemption(later)), { outcome: 'unknown' })

    await approve(storage, aGrant({ id: 'grant-2', userCodeMac: 'mac-2' }))
    const second = { id: 'grant-2', session: newSession({ id: 'session-2' }) }
    await storage.redeemDeviceGrant(redemption(second))
    const audit = auditLine('Logout')
    await storage.endSession({ id: 'session-2', reason: 'logout', revokedUntil: now + window, now, audit })
    assert.deepEqual(await storage.redeemDeviceGrant(redemption(second)), { outcome: 'unknown' })
  })
}
