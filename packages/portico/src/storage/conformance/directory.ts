import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import { anOrganization, apply, aSignIn, auditLine, auditNames, hour, now, openSession, userNamed } from './records.ts'

/** What the directory says about people. */
export function directory(check: Check): void {
  check('a user is found by id and by name, without regard to case', async (storage) => {
    const [alice] = anOrganization.users
    assert.ok(alice)
    await apply(storage, { ...anOrganization, users: [{ ...alice, userName: 'Älice' }], assignments: [] })
    const user = await userNamed(storage, 'äLICE')
    assert.match(user.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.deepEqual(user, {
      id: user.id,
      userName: 'Älice',
      displayName: 'Alice Archer',
      givenName: 'Alice',
      familyName: 'Archer',
      email: 'alice@example.com',
      enabled: true,
      passwordHash: null,
      administrator: true,
    })
    assert.deepEqual(await storage.findUser({ id: user.id }), user)
    assert.equal(await storage.findUser({ id: 'nobody' }), undefined)
    assert.equal(await storage.findUserByName({ userName: 'alic' }), undefined)
  })

  check('a user has each role once, however many ways lead to it, by account and then by name', async (storage) => {
    const twice = { account: '111111111111', permissionSet: 'ReadOnly', user: 'alice', group: null }
    await apply(storage, { ...anOrganization, assignments: [twice, ...anOrganization.assignments] })
    const entitlements = await storage.readEntitlements({ userId: (await userNamed(storage, 'alice')).id })
    assert.deepEqual(
      entitlements.map(({ accountId, roleName }) => [accountId, roleName]),
      [
        ['111111111111', 'Admin'],
        ['111111111111', 'ReadOnly'],
        ['222222222222', 'Admin'],
      ],
    )
    const [first] = entitlements
    assert.match(String(first?.permissionSetId), /^ps-[0-9a-f]{16}$/)
    assert.deepEqual(first, {
      accountId: '111111111111',
      accountName: 'production',
      emailAddress: 'production@example.com',
      broker: 'builtin',
      permissionSetId: first?.permissionSetId,
      roleName: 'Admin',
      sessionDuration: 3600,
      requireSecondFactor: false,
      administrator: true,
      deviceFlow: null,
    })
    const ofBob = await storage.readEntitlements({ userId: (await userNamed(storage, 'bob')).id })
    assert.deepEqual(
      ofBob.map(({ accountId, roleName }) => [accountId, roleName]),
      [['222222222222', 'ReadOnly']],
    )
    assert.deepEqual(await storage.readEntitlements({ userId: 'nobody' }), [])
  })

  check('a user is in the groups that the organization says, and each says what it asks for', async (storage) => {
    const [builders, readers] = anOrganization.groups
    const [alice, ...others] = anOrganization.users
    assert.ok(builders && readers && alice)
    await apply(storage, {
      ...anOrganization,
      groups: [builders, { ...readers, requireSecondFactor: true }],
      users: [{ ...alice, groups: [readers.displayName, builders.displayName] }, ...others],
    })
    const { id: userId } = await userNamed(storage, 'alice')
    const both = [
      { displayName: builders.displayName, requireSecondFactor: false },
      { displayName: readers.displayName, requireSecondFactor: true },
    ]
    assert.deepEqual(await storage.readGroupsOf({ userId }), both)
    assert.deepEqual(await storage.readGroupsOf({ userId: 'nobody' }), [])
  })

  const password = {
    ...{ userName: 'ALICE', passwordHash: '$argon2id$new', endSessions: false, revokedUntil: now + hour, now },
    audit: auditLine('SetPassword'),
  }

  check('a password is set for a user that there is', async (storage) => {
    await apply(storage)
    assert.equal(await storage.setPassword({ ...password, userName: 'carol' }), false)
    assert.equal(await storage.setPassword(password), true)
    assert.equal((await userNamed(storage, 'alice')).passwordHash, '$argon2id$new')
    assert.equal((await userNamed(storage, 'bob')).passwordHash, null)
    assert.deepEqual(await auditNames(storage), ['ApplyOrganization', 'SetPassword'])
  })

  check('a new password ends what was open when it is told to, and only then', async (storage) => {
    await apply(storage)
    const { id } = await userNamed(storage, 'alice')
    await openSession(storage, {}, id)
    await storage.beginSignIn({ session: aSignIn({ userId: id }), audit: auditLine('SignIn') })
    await storage.setPassword(password)
    assert.equal((await storage.listSessions({ userId: id, now })).length, 1)
    assert.ok(await storage.findSignIn({ id: 'browser-1', now }))
    await storage.setPassword({ ...password, endSessions: true })
    assert.equal((await storage.findSession({ id: 'session-1' }))?.endReason, 'credential-change')
    assert.equal(await storage.findSignIn({ id: 'browser-1', now }), undefined)
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [
      { seq: 1, kind: 'user', subject: id, notBefore: now, expiresAt: now + hour },
    ])
  })

  check('there is an administrator once one of them has a password', async (storage) => {
    assert.equal(await storage.hasAdministrator({}), false)
    await apply(storage)
    assert.equal(await storage.hasAdministrator({}), false)
    await storage.setPassword({ ...password, userName: 'bob' })
    assert.equal(await storage.hasAdministrator({}), false)
    await storage.setPassword(password)
    assert.equal(await storage.hasAdministrator({}), true)
  })
}
