import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import {
  aCode,
  auditLine,
  auditNames,
  exchange,
  minute,
  newSession,
  now,
  repeatWithin,
  revokedUntil,
} from './records.ts'

/** What becomes of authorization codes. */
export function authorizationCodes(check: Check): void {
  const audit = auditLine('Consent')

  check('a code is found by its id as it was issued, and looking does not use it', async (storage) => {
    await storage.issueAuthorizationCode({ code: aCode(), audit })
    assert.deepEqual(await storage.findAuthorizationCode({ id: 'code-1' }), aCode())
    assert.equal((await storage.redeemAuthorizationCode(exchange())).outcome, 'redeemed')
    assert.deepEqual(await storage.findAuthorizationCode({ id: 'code-1' }), aCode())
    assert.equal(await storage.findAuthorizationCode({ id: 'code-2' }), undefined)
    assert.deepEqual(await auditNames(storage), ['Consent', 'RedeemAuthorizationCode'])
  })

  check('a code becomes a session of its client and of who consented', async (storage) => {
    await storage.issueAuthorizationCode({ code: aCode(), audit })
    const session = {
      ...newSession({ flow: 'code' }),
      userId: 'user-1',
      clientHash: 'client-1',
      clientName: 'aws-cli',
      scopes: ['sso:account:access'],
      authenticatedAt: now - minute,
      amr: ['password'],
      proximity: null,
      generation: 0,
      rotatedAt: now,
      lastUsedAt: now,
      endedAt: null,
      endReason: null,
    }
    const redeemed = await storage.redeemAuthorizationCode(exchange({ now: now + minute - 1 }))
    assert.deepEqual(redeemed, { outcome: 'redeemed', session, again: false })
    assert.deepEqual(await storage.findSession({ id: 'session-1' }), session)
  })

  check('a code is worth nothing to another client, redirect URI or verifier, and stays unused', async (storage) => {
    await storage.issueAuthorizationCode({ code: aCode(), audit })
    for (const wrong of [{ clientHash: 'client-2' }, { redirectUri: 'http://127.0.0.1:1/' }, { codeChallenge: 'x' }]) {
      assert.deepEqual(await storage.redeemAuthorizationCode(exchange(wrong)), { outcome: 'mismatch' })
    }
    assert.equal((await storage.redeemAuthorizationCode(exchange())).outcome, 'redeemed')
  })

  check('a code expires, and one that never was is unknown', async (storage) => {
    await storage.issueAuthorizationCode({ code: aCode(), audit })
    assert.deepEqual(await storage.redeemAuthorizationCode(exchange({ now: now + minute })), { outcome: 'expired' })
    assert.deepEqual(await storage.redeemAuthorizationCode(exchange({ id: 'code-2' })), { outcome: 'unknown' })
  })

  check('the same request gets the same session again, until the window closes', async (storage) => {
    await storage.issueAuthorizationCode({ code: aCode(), audit })
    const first = await storage.redeemAuthorizationCode(exchange())
    assert.equal(first.outcome, 'redeemed')
    const retry = { session: newSession({ id: 'session-2' }) }
    const again = await storage.redeemAuthorizationCode(exchange({ ...retry, now: now + repeatWithin }))
    assert.deepEqual(again, { outcome: 'redeemed', session: first.session, again: true })
    const late = await storage.redeemAuthorizationCode(exchange({ ...retry, now: now + repeatWithin + 1 }))
    assert.deepEqual(late, { outcome: 'reused' })
  })

  check('any other use of a used code ends its session and revokes its tokens', async (storage) => {
    const others = [{ requestHash: 'request-2' }, { clientHash: 'client-2' }, { now: now + 5 * minute }]
    for (const [index, other] of others.entries()) {
      const [id, sessionId] = [`code-${index}`, `session-${index}`]
      const session = newSession({ id: sessionId, flow: 'code' })
      await storage.issueAuthorizationCode({ code: aCode({ id }), audit })
      await storage.redeemAuthorizationCode(exchange({ id, session }))
      const reuse = exchange({ id, session, ...other })
      assert.deepEqual(await storage.redeemAuthorizationCode(reuse), { outcome: 'reused' })
      const ended = await storage.findSession({ id: sessionId })
      assert.equal(ended?.endReason, 'code-reuse')
      assert.equal(ended?.endedAt, reuse.now)
      const [revocation] = await storage.readRevocations({ after: index, now })
      assert.deepEqual(revocation, {
        ...{ seq: index + 1, kind: 'session', subject: sessionId },
        ...{ notBefore: reuse.now, expiresAt: revokedUntil },
      })
      const [line] = await storage.readAudit({ limit: 1 })
      assert.deepEqual(line, {
        ...auditLine('EndSession', { userId: 'user-1' }),
        detail: { sessionId, reason: 'code-reuse' },
      })
      assert.deepEqual(await storage.redeemAuthorizationCode(exchange({ id, session })), { outcome: 'reused' })
      assert.equal((await storage.readRevocations({ after: 0, now })).length, index + 1, 'it ends once')
    }
  })
}
