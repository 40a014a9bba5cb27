import assert from 'node:assert/strict'
import type { Organization, OrganizationUser, Storage } from '../storage.ts'
import type { Check, CheckHandles } from './conformance.ts'
import { aPasskey } from './factors.ts'
import { anOrganization, apply, auditLine, auditNames, now, revokedUntil, userNamed } from './records.ts'

// Two people, as it says of itself.
const [alice, bob] = anOrganization.users as readonly [OrganizationUser, OrganizationUser]
const withoutAlice = { ...anOrganization, users: [bob], assignments: anOrganization.assignments.slice(1) }
const demoted = { ...anOrganization, users: [{ ...alice, administrator: false }, bob] }
const empty: Organization = {
  ...{ users: [], groups: [], accounts: [], permissionSets: [], assignments: [] },
  settings: {},
}
const pruning = { revokedUntil, clientHashes: [] }
const ending = { revokedUntil, now, audit: auditLine('TakeOut') }

/** That no change shuts out whoever administers, or everybody, unless that is said. */
export function shutOut(check: Check): void {
  check('an apply that prunes shuts nobody out: no last administrator, no last person', async (storage) => {
    await apply(storage)
    const judged = (organization: Organization) => apply(storage, organization, pruning, { dryRun: true })
    assert.equal(await judged(withoutAlice), 'applied', 'nobody can sign in as it is')
    await setPassword(storage, 'bob')
    assert.equal(await judged(withoutAlice), 'applied', 'alice cannot sign in as it is')
    assert.equal(await judged(empty), 'everybody')
    const passkey = aPasskey({ userId: (await userNamed(storage, 'alice')).id })
    await storage.addPasskey({ passkey, first: true, audit: auditLine('Add') })
    assert.equal(await judged(withoutAlice), 'administrators')
    assert.equal(await judged(demoted), 'administrators')
    assert.equal(await judged(anOrganization), 'unchanged')
    await unchanged(storage, async () => {
      assert.equal(await apply(storage, withoutAlice, pruning), 'administrators')
      assert.equal(await apply(storage, empty, pruning), 'everybody')
    })
    await storage.setUserEnabled({ userName: 'bob', enabled: false, ...ending })
    assert.equal(await judged(withoutAlice), 'everybody', 'bob cannot sign in while he is disabled')
    assert.equal(await apply(storage, empty, pruning, { shutOut: true }), 'applied')
    assert.deepEqual(await storage.readOrganization({}), empty)
  })

  check('nor does one that only takes away what makes somebody administer', async (storage) => {
    await administered(storage)
    const [direct, builders, ofBuilders, ofBob] = anOrganization.assignments
    assert.ok(direct && builders && ofBuilders && ofBob)
    const [admin, readOnly] = anOrganization.permissionSets
    assert.ok(admin && readOnly)
    const ofGroup = { ...anOrganization, assignments: [builders, ofBuilders, ofBob] }
    await unchanged(storage, async () => {
      assert.equal(await apply(storage, demoted), 'administrators')
      const powerless = { ...anOrganization, permissionSets: [{ ...admin, administrator: false }, readOnly] }
      assert.equal(await apply(storage, powerless), 'administrator-roles')
      assert.equal(await apply(storage, { ...anOrganization, assignments: [builders, ofBob] }), 'administrator-roles')
      assert.equal(await apply(storage, { ...ofGroup, users: [{ ...alice, groups: [] }, bob] }), 'administrator-roles')
    })
    assert.equal(await apply(storage, ofGroup), 'applied', 'the role that she has through her group is left')
    assert.equal(await apply(storage, demoted, undefined, { shutOut: true }), 'applied')
  })

  check('nor does disabling or deleting the last one, unless that is said', async (storage) => {
    await administered(storage)
    await unchanged(storage, async () => {
      assert.equal(await storage.setUserEnabled({ userName: 'alice', enabled: false, ...ending }), 'administrators')
      assert.equal(await storage.deleteUser({ userName: 'alice', ...ending }), 'administrators')
    })
    assert.equal(await storage.deleteUser({ userName: 'bob', ...ending }), 'deleted')
    assert.equal(await storage.deleteUser({ userName: 'alice', ...ending }), 'everybody')
    const insisting = { userName: 'alice', shutOut: true, ...ending }
    assert.equal(await storage.setUserEnabled({ enabled: false, ...insisting }), 'changed')
    assert.equal(await storage.deleteUser(insisting), 'deleted')
  })
}

/** Who wins when the last two go at the same moment. */
export function shutOutContention(check: CheckHandles): void {
  check('of the last two who administer, one stays, whoever takes them out at the same moment', async (...handles) => {
    const [storage] = handles
    await apply(storage, { ...anOrganization, users: [alice, { ...bob, administrator: true }], assignments: [] })
    for (const userName of ['alice', 'bob']) await setPassword(storage, userName)
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.all([
        handles[0].setUserEnabled({ userName: 'alice', enabled: false, ...ending }),
        handles[1].setUserEnabled({ userName: 'bob', enabled: false, ...ending }),
      ])
      assert.deepEqual(outcomes.toSorted(), ['changed', 'everybody'])
      for (const userName of ['alice', 'bob']) await storage.setUserEnabled({ userName, enabled: true, ...ending })
    }
  })
}

/** Alice, who administers, and Bob can sign in. */
async function administered(storage: Storage): Promise<void> {
  await apply(storage)
  for (const userName of ['alice', 'bob']) await setPassword(storage, userName)
}

async function setPassword(storage: Storage, userName: string): Promise<void> {
  const password = { userName, passwordHash: '$argon2id$', endSessions: false, revokedUntil, now }
  await storage.setPassword({ ...password, audit: auditLine('SetPassword') })
}

/** Whatever was tried, nothing of it stayed. */
async function unchanged(storage: Storage, tried: () => Promise<void>): Promise<void> {
  const seen = async () => [
    await storage.readOrganization({}),
    await userNamed(storage, 'alice'),
    await auditNames(storage),
    await storage.readRevocations({ after: 0, now }),
  ]
  const before = await seen()
  await tried()
  assert.deepEqual(await seen(), before)
}
