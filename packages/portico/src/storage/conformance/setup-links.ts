import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import { apply, aUser, auditLine, auditNames, hour, minute, now, userNamed } from './records.ts'

/** How the first administrator comes to be. */
export function setupLinks(check: Check): void {
  const expiresAt = now + 30 * minute
  const link = { hash: 'link-1', expiresAt, now, audit: auditLine('CreateSetupLink') }
  const use = { hash: 'link-1', user: aUser(), now, audit: auditLine('SetUp') }

  check('a link is live until it expires, and a new one makes it void', async (storage) => {
    await storage.createSetupLink(link)
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-1', now: expiresAt - 1 }), true)
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-1', now: expiresAt }), false)
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-2', now }), false)
    await storage.createSetupLink({ ...link, hash: 'link-2' })
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-1', now }), false)
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-2', now }), true)
    assert.equal(await storage.redeemSetupLink(use), undefined)
  })

  check('a link makes an administrator, once', async (storage) => {
    await storage.createSetupLink(link)
    assert.deepEqual(await storage.redeemSetupLink(use), aUser())
    assert.deepEqual(await userNamed(storage, 'ALICE'), aUser())
    assert.equal(await storage.hasAdministrator({}), true)
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-1', now }), false)
    const other = aUser({ id: '6f1c7a52-0000-4000-8000-000000000002', userName: 'mallory' })
    assert.equal(await storage.redeemSetupLink({ ...use, user: other }), undefined)
    assert.equal(await storage.findUserByName({ userName: 'mallory' }), undefined)
    assert.deepEqual(await auditNames(storage), ['CreateSetupLink', 'SetUp'])
  })

  check('a late link, and one that never was, make nobody', async (storage) => {
    await storage.createSetupLink(link)
    assert.equal(await storage.redeemSetupLink({ ...use, now: expiresAt }), undefined)
    assert.equal(await storage.redeemSetupLink({ ...use, hash: 'link-2' }), undefined)
    assert.equal(await storage.findUserByName({ userName: 'alice' }), undefined)
    assert.deepEqual(await storage.redeemSetupLink({ ...use, now: expiresAt - 1 }), aUser())
  })

  check('a person whom the organization names already keeps their id', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    await storage.createSetupLink(link)
    assert.deepEqual(await storage.redeemSetupLink(use), aUser({ id: alice.id }))
  })

  check('a link takes nobody over who has a password, and stays good for another name', async (storage) => {
    await apply(storage)
    const audit = auditLine('SetPassword')
    const password = { passwordHash: '$argon2id$bob', endSessions: false, revokedUntil: now + hour, now, audit }
    await storage.setPassword({ userName: 'bob', ...password })
    const bob = await userNamed(storage, 'bob')
    await storage.createSetupLink(link)
    assert.equal(await storage.redeemSetupLink({ ...use, user: aUser({ userName: 'BOB' }) }), undefined)
    assert.deepEqual(await userNamed(storage, 'bob'), bob)
    assert.equal(await storage.isSetupLinkLive({ hash: 'link-1', now }), true)
  })
}
