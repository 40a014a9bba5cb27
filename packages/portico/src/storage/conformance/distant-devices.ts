import assert from 'node:assert/strict'
import type { DistantDevice } from '../storage.ts'
import type { Check } from './conformance.ts'
import {
  aGrant,
  apply,
  approve,
  auditLine,
  auditNames,
  hour,
  minute,
  newSession,
  now,
  redemption,
  revokedUntil,
  userNamed,
} from './records.ts'

/** What becomes of programs that were let in from afar. */
export function distantDevices(check: Check): void {
  const aDevice = (changes: Partial<DistantDevice> = {}): DistantDevice => ({
    ...{ sessionId: 'session-1', userId: 'user-1', clientName: 'aws-cli', address: '198.51.100.7' },
    ...{ userAgent: 'aws-cli/2', at: now, expiresAt: now + hour },
    ...changes,
  })
  const redeemed = (distant: DistantDevice) =>
    redemption({
      ...{ id: `grant of ${distant.sessionId}`, session: newSession({ id: distant.sessionId }), distant },
    })
  const grantOf = ({ sessionId }: DistantDevice) =>
    aGrant({ id: `grant of ${sessionId}`, userCodeMac: `mac of ${sessionId}` })

  check('a distant device is remembered with its session, once, until it expires', async (storage) => {
    const first = aDevice()
    const second = aDevice({ sessionId: 'session-2', at: now + minute, address: '' })
    for (const device of [first, second]) {
      await approve(storage, grantOf(device))
      for (const again of [false, true]) {
        const redemption = await storage.redeemDeviceGrant(redeemed(device))
        assert.equal(redemption.outcome === 'redeemed' && redemption.again, again)
      }
    }
    assert.deepEqual(await storage.listDistantDevices({ userId: 'user-1', now: now + hour - 1 }), [second, first])
    assert.deepEqual(await storage.listDistantDevices({ userId: 'user-1', now: now + hour }), [])
    assert.deepEqual(await storage.listDistantDevices({ userId: 'user-2', now }), [])
  })

  check('a device that gets no session is not remembered', async (storage) => {
    const device = aDevice()
    await storage.startDeviceGrant({ grant: grantOf(device), now })
    assert.deepEqual(await storage.redeemDeviceGrant(redeemed(device)), { outcome: 'pending' })
    assert.deepEqual(await storage.listDistantDevices({ userId: 'user-1', now }), [])
  })

  check('a distant device is dismissed by whose it is, and its session goes on', async (storage) => {
    const device = aDevice()
    await approve(storage, grantOf(device))
    await storage.redeemDeviceGrant(redeemed(device))
    await storage.dismissDistantDevice({ sessionId: 'session-1', userId: 'user-2' })
    assert.deepEqual(await storage.listDistantDevices({ userId: 'user-1', now }), [device])
    for (let i = 0; i < 2; i++) await storage.dismissDistantDevice({ sessionId: 'session-1', userId: 'user-1' })
    assert.deepEqual(await storage.listDistantDevices({ userId: 'user-1', now }), [])
    assert.equal((await storage.findSession({ id: 'session-1' }))?.endedAt, null)
    assert.deepEqual(await auditNames(storage), ['ApproveDevice', 'RedeemDeviceCode'])
  })

  check('distant devices go with their user, and when they have expired', async (storage) => {
    await apply(storage)
    const [alice, bob] = [(await userNamed(storage, 'alice')).id, (await userNamed(storage, 'bob')).id]
    for (const [sessionId, userId] of [
      ['of alice', alice],
      ['of bob', bob],
    ] as const) {
      const device = aDevice({ sessionId, userId })
      await approve(storage, grantOf(device), userId)
      await storage.redeemDeviceGrant(redeemed(device))
    }
    await storage.deleteUser({ userName: 'alice', revokedUntil, now, audit: auditLine('DeleteUser') })
    assert.deepEqual(await storage.listDistantDevices({ userId: alice, now }), [])
    await storage.sweep({ before: now + hour, sessionsBefore: now, limit: 100 })
    assert.equal((await storage.listDistantDevices({ userId: bob, now })).length, 1)
    await storage.sweep({ before: now + hour + 1, sessionsBefore: now, limit: 100 })
    assert.deepEqual(await storage.listDistantDevices({ userId: bob, now }), [])
  })

  check('distant devices go with a user whom an organization that is all there is leaves out', async (storage) => {
    await apply(storage)
    const { id: userId } = await userNamed(storage, 'alice')
    const device = aDevice({ userId })
    await approve(storage, grantOf(device), userId)
    await storage.redeemDeviceGrant(redeemed(device))
    await apply(
      storage,
      { users: [], groups: [], accounts: [], permissionSets: [], assignments: [], settings: {} },
      { revokedUntil, clientHashes: [] },
    )
    assert.deepEqual(await storage.listDistantDevices({ userId, now }), [])
  })
}
