import assert from 'node:assert/strict'
import type { Organization, OrganizationAssignment, Storage } from '../storage.ts'
import type { Check } from './conformance.ts'
import { anOrganization, apply, auditLine, auditNames, hour, now, userNamed } from './records.ts'

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
    await apply(storage, {
      ...anOrganization,
      users: [{ ...user, userName: 'ALICE', displayName: 'A. Archer', administrator: false }, ...users],
      accounts: [{ ...account, name: 'live', email: null }, ...accounts],
      permissionSets: [{ ...permissionSet, sessionDuration: 900 }, ...permissionSets],
    })
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

const spell = ({ account, permissionSet, user, group }: OrganizationAssignment): string =>
  [account, permissionSet, user, group].join(' ')

async function rolesOf(storage: Storage, userId: string): Promise<string[]> {
  const entitlements = await storage.readEntitlements({ userId })
  return entitlements.map(({ accountId, roleName }) => `${accountId} ${roleName}`)
}
