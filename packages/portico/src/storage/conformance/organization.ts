import assert from 'node:assert/strict'
import type { Organization, OrganizationAssignment, Pruning, Storage } from '../storage.ts'
import type { Check } from './conformance.ts'
import { aLink } from './factors.ts'
import {
  aGrant,
  anOrganization,
  apply,
  approve,
  aSignIn,
  auditLine,
  auditNames,
  hour,
  now,
  openSession,
  redemption,
  revokedUntil,
  userNamed,
} from './records.ts'

const empty: Organization = {
  users: [],
  groups: [],
  accounts: [],
  permissionSets: [],
  assignments: [],
  settings: {},
}

/** What applying an organization does. */
export function organization(check: Check): void {
  check('an empty database says an empty organization', async (storage) => {
    assert.deepEqual(await storage.readOrganization({}), empty)
  })

  check('what is applied is what is read', async (storage) => {
    await apply(storage)
    const { assignments, ...rest } = await storage.readOrganization({})
    const { assignments: applied, ...expected } = anOrganization
    assert.deepEqual(rest, expected)
    assert.deepEqual(new Set(assignments.map(spell)), new Set(applied.map(spell)))
    assert.equal(assignments.length, applied.length)
  })

  check('applying it again changes nothing and leaves no line in the log', async (storage) => {
    await apply(storage)
    const before = await storage.readOrganization({})
    await apply(storage, { ...anOrganization, assignments: anOrganization.assignments.toReversed() })
    assert.deepEqual(await storage.readOrganization({}), before)
    assert.deepEqual(await auditNames(storage), ['ApplyOrganization'])
  })

  check('what changed is changed, and ids and passwords stay', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    const audit = auditLine('SetPassword')
    const password = { passwordHash: '$argon2id$', endSessions: false, revokedUntil: now + hour, now, audit }
    await storage.setPassword({ userName: 'alice', ...password })
    const [admin] = await storage.readEntitlements({ userId: alice.id })
    const [user, ...users] = anOrganization.users
    const [account, ...accounts] = anOrganization.accounts
    const [permissionSet, ...permissionSets] = anOrganization.permissionSets
    assert.ok(user && account && permissionSet)
    const next = {
      ...anOrganization,
      users: [{ ...user, userName: 'ALICE', displayName: 'A. Archer', administrator: false }, ...users],
      accounts: [{ ...account, name: 'live', email: null }, ...accounts],
      permissionSets: [{ ...permissionSet, sessionDuration: 900 }, ...permissionSets],
    }
    await apply(storage, next, undefined, { shutOut: true })
    const changed = await userNamed(storage, 'alice')
    assert.deepEqual(changed, {
      ...alice,
      ...{ userName: 'ALICE', displayName: 'A. Archer', administrator: false, passwordHash: '$argon2id$' },
    })
    const [entitlement] = await storage.readEntitlements({ userId: alice.id })
    assert.deepEqual(entitlement, { ...admin, accountName: 'live', emailAddress: null, sessionDuration: 900 })
  })

  check('memberships and assignments that are not listed any more are taken away', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    const [user, ...users] = anOrganization.users
    const [direct, , , ofBob] = anOrganization.assignments
    assert.ok(user && direct && ofBob)
    await apply(storage, { ...anOrganization, users: [{ ...user, groups: ['readers'] }, ...users] })
    assert.deepEqual(await rolesOf(storage, alice.id), ['111111111111 Admin'])
    await apply(storage, { ...anOrganization, assignments: [ofBob] })
    assert.deepEqual(await rolesOf(storage, alice.id), [])
    assert.deepEqual((await storage.readOrganization({})).assignments, [ofBob])
  })

  check('what an organization does not name stays as it is', async (storage) => {
    await apply(storage)
    const before = await storage.readOrganization({})
    await apply(storage, { ...empty, settings: anOrganization.settings })
    assert.deepEqual(await storage.readOrganization({}), before)

    // Bob alone is named: what Alice and the groups have is not his file's business, nor is an account that it leaves out.
    const [, bob] = anOrganization.users
    const [, sandbox] = anOrganization.accounts
    assert.ok(bob && sandbox)
    await apply(storage, { ...empty, users: [bob], accounts: [sandbox], settings: anOrganization.settings })
    const after = await storage.readOrganization({})
    assert.deepEqual(after.users, before.users)
    assert.deepEqual(
      after.assignments,
      before.assignments.filter(({ user }) => user !== 'Bob'),
    )
  })

  check('settings are replaced as a whole', async (storage) => {
    await apply(storage)
    await apply(storage, { ...anOrganization, settings: { deviceFlow: { policy: 'step-up' }, limit: 5 } })
    const { settings } = await storage.readOrganization({})
    assert.deepEqual(settings, { deviceFlow: { policy: 'step-up' }, limit: 5 })
  })

  check('an organization that uses what nobody describes is refused as a whole', async (storage) => {
    const wrong = { account: '333333333333', permissionSet: 'Admin', user: 'alice', group: null }
    const broken = { ...anOrganization, assignments: [...anOrganization.assignments, wrong] }
    await assert.rejects(apply(storage, broken), /333333333333/)
    assert.deepEqual(await storage.readOrganization({}), empty)
    assert.deepEqual(await auditNames(storage), [])
  })
}

const pruning = (changes: Partial<Pruning> = {}): Pruning => {
  return { revokedUntil, clientHashes: [], ...changes }
}

/** What applying an organization as the whole truth does. */
export function pruned(check: Check): void {
  const [, bob] = anOrganization.users
  const [, sandbox] = anOrganization.accounts
  const [, readOnly] = anOrganization.permissionSets
  const [, readers] = anOrganization.groups
  assert.ok(bob && sandbox && readOnly && readers)
  const application = {
    ...{ name: 'reports', grants: [], redirectUris: [], scopes: [], actors: [], trustedTokenIssuers: [] },
    ...{ assignmentRequired: false, assignments: [], idTokenAlgorithm: 'ES256' as const },
  }
  const tokenIssuer = {
    ...{ name: 'idp', issuerUrl: 'https://idp.example.com' },
    ...{ claimAttributePath: 'email', identityStoreAttributePath: 'emails.value' as const },
  }
  const before: Organization = { ...anOrganization, applications: [application], trustedTokenIssuers: [tokenIssuer] }
  const after: Organization = {
    ...{ ...empty, users: [{ ...bob, groups: ['readers'] }], groups: [readers], accounts: [sandbox] },
    ...{ permissionSets: [readOnly], settings: anOrganization.settings },
    assignments: [{ account: sandbox.id, permissionSet: readOnly.name, user: bob.userName, group: null }],
  }

  check('what is applied is then all that there is, and ids of what stays do not change', async (storage) => {
    await apply(storage, before)
    const { id } = await userNamed(storage, 'bob')
    assert.equal(await apply(storage, after, pruning()), 'applied')
    assert.deepEqual(await storage.readOrganization({}), after)
    assert.equal((await userNamed(storage, 'bob')).id, id)
    assert.deepEqual(await rolesOf(storage, id), [`${sandbox.id} ${readOnly.name}`])
    assert.deepEqual(await auditNames(storage), ['ApplyOrganization', 'DeleteUser', 'ApplyOrganization'])
    assert.equal(await apply(storage, after, pruning()), 'unchanged')
    assert.equal((await auditNames(storage)).length, 3)
  })

  check('whoever goes has nothing open any more, and nobody else is concerned', async (storage) => {
    await apply(storage, before)
    const [alice, other] = [await userNamed(storage, 'alice'), await userNamed(storage, 'bob')]
    for (const { id } of [alice, other]) {
      await openSession(storage, { id: `session of ${id}` }, id)
      const session = aSignIn({ id: `browser of ${id}`, userId: id })
      await storage.beginSignIn({ session, audit: auditLine('SignIn') })
      const link = aLink({ hash: `link of ${id}`, userId: id })
      await storage.createPersonLink({ link, audit: auditLine('Invite') })
    }
    await approve(storage, aGrant({ id: 'waiting', userCodeMac: 'waiting' }), alice.id)
    await apply(storage, after, pruning())
    assert.equal(await storage.findUser({ id: alice.id }), undefined)
    assert.deepEqual(await storage.redeemDeviceGrant(redemption({ id: 'waiting' })), { outcome: 'denied' })
    const left = await storage.findSessions({ userId: null, clientHash: null, now, limit: 10 })
    assert.deepEqual(
      left.map(({ userId }) => userId),
      [other.id],
    )
    assert.equal(await storage.findSignIn({ id: `browser of ${alice.id}`, now }), undefined)
    assert.equal(await storage.findPersonLink({ hash: `link of ${alice.id}`, now }), undefined)
    assert.ok(await storage.findPersonLink({ hash: `link of ${other.id}`, now }))
    assert.deepEqual(await storage.readRevocations({ after: 0, now }), [
      { seq: 1, kind: 'user', subject: alice.id, notBefore: now, expiresAt: revokedUntil },
    ])
    const lines = await storage.readAudit({ limit: 100 })
    const deleted = lines.find(({ eventName }) => eventName === 'DeleteUser')
    assert.deepEqual([deleted?.userId, deleted?.detail], [alice.id, { userName: 'alice' }])
  })

  check('an application that goes has nothing open any more', async (storage) => {
    await apply(storage, before)
    const { id } = await userNamed(storage, 'bob')
    await openSession(storage, { id: 'of reports' }, id)
    await apply(storage, { ...before, applications: [] }, pruning({ clientHashes: ['client-1'] }))
    assert.deepEqual(await storage.listSessions({ userId: id, now }), [])
    assert.equal((await storage.readRevocations({ after: 0, now }))[0]?.subject, 'of reports')
  })
}

const spell = ({ account, permissionSet, user, group }: OrganizationAssignment): string =>
  [account, permissionSet, user, group].join(' ')

async function rolesOf(storage: Storage, userId: string): Promise<string[]> {
  const entitlements = await storage.readEntitlements({ userId })
  return entitlements.map(({ accountId, roleName }) => `${accountId} ${roleName}`)
}
