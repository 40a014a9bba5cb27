import assert from 'node:assert/strict'
import { rotated } from '../storage.ts'
import type { Check } from './conformance.ts'
import { auditLine, auditNames, coalesce, hour, now, openSession, refresh, revokedUntil } from './records.ts'

/** What presenting a refresh token does. */
export function rotation(check: Check): void {
  check('a session rotates once it is old enough, and is re-issued as it is until then', async (storage) => {
    const session = await openSession(storage)
    const young = await storage.rotateSession(refresh({ now: now + coalesce - 1 }))
    assert.deepEqual(young, { outcome: 'reissued', session })
    const old = await storage.rotateSession(refresh({ now: now + coalesce }))
    assert.deepEqual(old, { outcome: 'rotated' })
    const moved = { ...session, generation: 1, rotatedAt: now + coalesce, lastUsedAt: now + coalesce }
    assert.deepEqual(rotated(session, now + coalesce), moved)
    assert.deepEqual(await storage.findSession({ id: session.id }), moved)
    const again = await storage.rotateSession(refresh({ generation: 1, now: now + coalesce + 1 }))
    assert.deepEqual(again, { outcome: 'reissued', session: moved })
    assert.deepEqual(
      (await auditNames(storage)).filter((name) => name === 'RotateSession'),
      ['RotateSession'],
    )
  })

  check('the generation before is re-issued the present one until the window closes', async (storage) => {
    const session = await openSession(storage)
    const rotatedAt = now + coalesce
    await storage.rotateSession(refresh({ now: rotatedAt }))
    const late = await storage.rotateSession(refresh({ now: rotatedAt + coalesce }))
    assert.deepEqual(late, { outcome: 'reissued', session: rotated(session, rotatedAt) })
    const tooLate = await storage.rotateSession(refresh({ now: rotatedAt + coalesce + 1 }))
    assert.deepEqual(tooLate, { outcome: 'reused' })
  })

  check('a generation long gone ends the session, revokes its tokens and says so in the log', async (storage) => {
    await openSession(storage)
    await storage.rotateSession(refresh({ now: now + coalesce }))
    const second = now + 2 * coalesce
    await storage.rotateSession(refresh({ generation: 1, now: second }))
    assert.deepEqual(await storage.rotateSession(refresh({ now: second + 1 })), { outcome: 'reused' })
    const ended = await storage.findSession({ id: 'session-1' })
    assert.equal(ended?.endReason, 'refresh-token-reuse')
    assert.equal(ended?.endedAt, second + 1)
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [
      { seq: 1, kind: 'session', subject: 'session-1', notBefore: second + 1, expiresAt: revokedUntil },
    ])
    const [line] = await storage.readAudit({ limit: 1 })
    assert.deepEqual(line, {
      ...auditLine('EndSession', { userId: 'user-1' }),
      detail: { sessionId: 'session-1', reason: 'refresh-token-reuse' },
    })
    for (const generation of [0, 1, 2]) {
      assert.deepEqual(await storage.rotateSession(refresh({ generation, now: second + 2 })), { outcome: 'ended' })
    }
    assert.equal((await storage.readRevocations({ after: 0, now })).length, 1, 'it ends once')
  })

  check('a generation that has not come yet changes nothing', async (storage) => {
    const session = await openSession(storage)
    const forged = await storage.rotateSession(refresh({ generation: 1, now: now + coalesce }))
    assert.deepEqual(forged, { outcome: 'ahead' })
    assert.deepEqual(await storage.findSession({ id: session.id }), session)
  })

  check('a clock that was set back re-issues and never takes a rotation back', async (storage) => {
    const session = await openSession(storage)
    const rotatedAt = now + coalesce
    await storage.rotateSession(refresh({ now: rotatedAt }))
    for (const generation of [0, 1]) {
      const early = await storage.rotateSession(refresh({ generation, now: now - hour }))
      assert.deepEqual(early, { outcome: 'reissued', session: rotated(session, rotatedAt) })
    }
  })

  check('a session rotates until its last millisecond', async (storage) => {
    const { expiresAt } = await openSession(storage)
    assert.deepEqual(await storage.rotateSession(refresh({ now: expiresAt })), { outcome: 'expired' })
    assert.equal((await storage.rotateSession(refresh({ now: expiresAt - 1 }))).outcome, 'rotated')
    assert.deepEqual(await storage.rotateSession(refresh({ generation: 1, now: expiresAt })), { outcome: 'expired' })
  })

  check('a session of another client, and one that never was, are unknown', async (storage) => {
    await openSession(storage)
    const foreign = refresh({ clientHash: 'client-2', now: now + coalesce })
    assert.deepEqual(await storage.rotateSession(foreign), { outcome: 'unknown' })
    assert.deepEqual(await storage.rotateSession(refresh({ id: 'session-2' })), { outcome: 'unknown' })
    assert.equal((await storage.findSession({ id: 'session-1' }))?.generation, 0)
    assert.equal(await storage.findSession({ id: 'session-2' }), undefined)
  })
}
