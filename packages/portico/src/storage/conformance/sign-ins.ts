import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import { apply, aSignIn, auditLine, auditNames, hour, now, userNamed } from './records.ts'

/** What becomes of browsers' sign-in sessions. */
export function signIns(check: Check): void {
  const audit = auditLine('SignIn')

  check('a sign-in is found until it expires', async (storage) => {
    await apply(storage)
    const session = aSignIn({ userId: (await userNamed(storage, 'alice')).id })
    await storage.beginSignIn({ session, audit })
    assert.deepEqual(await storage.findSignIn({ id: session.id, now: now + 8 * hour - 1 }), session)
    assert.equal(await storage.findSignIn({ id: session.id, now: now + 8 * hour }), undefined)
    assert.equal(await storage.findSignIn({ id: 'browser-2', now }), undefined)
    const [line] = await storage.readAudit({ limit: 1 })
    assert.deepEqual(line, auditLine('SignIn', { userId: session.userId }))
  })

  check('a sign-in of somebody who is not in the directory is not found', async (storage) => {
    await storage.beginSignIn({ session: aSignIn({ userId: 'nobody' }), audit })
    assert.equal(await storage.findSignIn({ id: 'browser-1', now }), undefined)
  })

  check('the last use of a sign-in is kept, and neither an earlier one nor one of what is gone', async (storage) => {
    await apply(storage)
    const session = aSignIn({ userId: (await userNamed(storage, 'alice')).id })
    await storage.beginSignIn({ session, audit })
    const usedAt = async () => (await storage.findSignIn({ id: session.id, now }))?.lastUsedAt
    await storage.noteSignInUses({
      uses: [
        { id: session.id, at: now + 5 },
        { id: 'browser-2', at: now + 9 },
      ],
    })
    assert.equal(await usedAt(), now + 5)
    await storage.noteSignInUses({ uses: [{ id: session.id, at: now + 4 }] })
    assert.equal(await usedAt(), now + 5)
    assert.deepEqual(
      (await storage.listSignIns({ userId: session.userId, now })).map(({ lastUsedAt }) => lastUsedAt),
      [now + 5],
    )
    await storage.endSignIn({ id: session.id, revokedUntil: null, now, audit: auditLine('SignOut') })
    await storage.noteSignInUses({ uses: [{ id: session.id, at: now + 6 }] })
    assert.equal(await usedAt(), undefined)
  })

  check('a sign-in ends once, and ending it again is fine', async (storage) => {
    await apply(storage)
    const userId = (await userNamed(storage, 'alice')).id
    await storage.beginSignIn({ session: aSignIn({ userId }), audit })
    const end = { id: 'browser-1', revokedUntil: null, now, audit: auditLine('SignOut') }
    await storage.endSignIn(end)
    assert.equal(await storage.findSignIn({ id: 'browser-1', now }), undefined)
    await storage.endSignIn(end)
    assert.deepEqual(await auditNames(storage), ['ApplyOrganization', 'SignIn', 'SignOut'])
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [])
  })

  check('what was given to a browser ends with its sign-in where that is said, once', async (storage) => {
    await apply(storage)
    const userId = (await userNamed(storage, 'alice')).id
    await storage.beginSignIn({ session: aSignIn({ userId }), audit })
    const end = { id: 'browser-1', revokedUntil: now + hour, now, audit: auditLine('SignOut') }
    await storage.endSignIn(end)
    await storage.endSignIn(end)
    const lines = await storage.readRevocations({ after: 0, now })
    assert.deepEqual(
      lines.map(({ kind, subject, expiresAt }) => ({ kind, subject, expiresAt })),
      [{ kind: 'session', subject: 'browser-1', expiresAt: now + hour }],
    )
  })
}
