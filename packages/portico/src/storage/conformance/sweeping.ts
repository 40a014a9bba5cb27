import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import { aCode, aGrant, apply, aSignIn, auditLine, auditNames, hour, minute, now, openSession } from './records.ts'

/** What housekeeping takes away. */
export function sweeping(check: Check): void {
  const all = 1_000

  check('what expired before the given moment goes, and what did not stays', async (storage) => {
    await apply(storage)
    const end = now + 10 * minute
    await storage.startDeviceGrant({ grant: aGrant(), now })
    await storage.issueAuthorizationCode({ code: aCode({ expiresAt: end }), audit: auditLine('Consent') })
    await storage.beginSignIn({ session: aSignIn({ expiresAt: end }), audit: auditLine('SignIn') })
    await storage.createSetupLink({ hash: 'link-1', expiresAt: end, now, audit: auditLine('CreateSetupLink') })
    await storage.countAttempt({ buckets: [{ bucket: 'user-1', limit: 1 }], window: 10 * minute, now })
    await openSession(storage, { expiresAt: end })
    const ending = { reason: 'logout', revokedUntil: end, now, audit: auditLine('Logout') } as const
    await storage.endSession({ id: 'session-1', ...ending })
    const lines = await auditNames(storage)

    assert.equal(await storage.sweep({ before: end, sessionsBefore: end, limit: all }), 0)
    assert.ok(await storage.findDeviceGrant({ id: 'grant-1' }))
    // Two grants, a code, a sign-in, a set-up link, a bucket, a session and its revocation.
    assert.equal(await storage.sweep({ before: end + 1, sessionsBefore: end + 1, limit: all }), 8)
    assert.equal(await storage.findDeviceGrant({ id: 'grant-1' }), undefined)
    assert.equal(await storage.findAuthorizationCode({ id: 'code-1' }), undefined)
    assert.equal(await storage.findSession({ id: 'session-1' }), undefined)
    assert.deepEqual(await auditNames(storage), lines, 'audit lines do not expire')
    assert.ok(await storage.findUserByName({ userName: 'alice' }))
  })

  check('a session stays until its own moment, so that what was given through it can be ended', async (storage) => {
    await openSession(storage, { expiresAt: now + minute })
    await storage.sweep({ before: now + hour, sessionsBefore: now + minute, limit: all })
    assert.ok(await storage.findSession({ id: 'session-1' }))
    await storage.sweep({ before: now + hour, sessionsBefore: now + minute + 1, limit: all })
    assert.equal(await storage.findSession({ id: 'session-1' }), undefined)
  })

  check('no more rows of a kind go at once than the limit says', async (storage) => {
    for (const index of [1, 2, 3]) {
      await storage.startDeviceGrant({ grant: aGrant({ id: `grant-${index}`, userCodeMac: `mac-${index}` }), now })
    }
    const step = { before: now + hour, sessionsBefore: now, limit: 2 }
    assert.deepEqual([await storage.sweep(step), await storage.sweep(step), await storage.sweep(step)], [2, 1, 0])
  })

  check('the number of a revocation is never given out again', async (storage) => {
    const ending = { reason: 'logout', now, audit: auditLine('Logout') } as const
    for (const id of ['first', 'second']) await openSession(storage, { id })
    await storage.endSession({ id: 'first', ...ending, revokedUntil: now + minute })
    await storage.sweep({ before: now + hour, sessionsBefore: now, limit: all })
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [])
    await storage.endSession({ id: 'second', ...ending, revokedUntil: now + minute })
    const [revocation] = await storage.readRevocations({ after: 1, now })
    assert.equal(revocation?.seq, 2)
  })
}
