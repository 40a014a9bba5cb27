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

  check('a sign-in ends once, and ending it again is fine', async (storage) => {
    await apply(storage)
    const userId = (await userNamed(storage, 'alice')).id
    await storage.beginSignIn({ session: aSignIn({ userId }), audit })
    const end = { id: 'browser-1', now, audit: auditLine('SignOut') }
    await storage.endSignIn(end)
    assert.equal(await storage.findSignIn({ id: 'browser-1', now }), undefined)
    await storage.endSignIn(end)
    assert.deepEqual(await auditNames(storage), ['ApplyOrganization', 'SignIn', 'SignOut'])
  })
}
