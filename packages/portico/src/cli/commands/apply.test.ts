import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { diffOrganization } from '../../core/organization/diff.ts'
import { openSqlite } from '../../storage/sqlite/sqlite.ts'
import type { Organization } from '../../storage/storage.ts'

const audit = { at: 1, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }

const pruning = { revokedUntil: 3, clientHashes: [] }

const name = fc.constantFrom('a', 'b', 'Ada', 'ada', 'c')
const some = (names: readonly string[]) => (names.length === 0 ? fc.constant([]) : fc.subarray([...names]))

/** Organizations whose names refer to one another, as a file's do. */
const organization: fc.Arbitrary<Organization> = fc
  .record({
    users: fc.uniqueArray(name, { selector: (each) => each.toLowerCase() }),
    groups: fc.uniqueArray(name, { selector: (each) => each.toLowerCase() }),
    accounts: fc.uniqueArray(fc.constantFrom('111111111111', '222222222222')),
    sets: fc.uniqueArray(name, { selector: (each) => each.toLowerCase() }),
    settings: fc.constantFrom({}, { sessionDuration: 900 }, { sessionDuration: 3600 }),
  })
  .chain(({ users, groups, accounts, sets, settings }) =>
    fc.record({
      users: fc.tuple(
        ...users.map((userName) =>
          fc.record({
            ...{
              userName: fc.constant(userName),
              displayName: name,
              givenName: fc.option(name),
              familyName: fc.option(name),
            },
            ...{ email: fc.constantFrom(null, 'a@example.com'), groups: some(groups), administrator: fc.boolean() },
          }),
        ),
      ),
      groups: fc.constant(groups.map((displayName) => ({ displayName }))),
      accounts: fc.tuple(
        ...accounts.map((id) =>
          fc.record({ id: fc.constant(id), name, email: fc.constantFrom(null, 'a@example.com'), broker: name }),
        ),
      ),
      permissionSets: fc.tuple(
        ...sets.map((set) =>
          fc.record({
            name: fc.constant(set),
            sessionDuration: fc.constantFrom(3600, 7200),
            administrator: fc.boolean(),
          }),
        ),
      ),
      assignments: fc.subarray(
        accounts.flatMap((account) =>
          sets.flatMap((permissionSet) => [
            ...users.map((user) => ({ account, permissionSet, user, group: null })),
            ...groups.map((group) => ({ account, permissionSet, user: null, group })),
          ]),
        ),
      ),
      settings: fc.constant(settings),
    }),
  )

test('after an apply, whatever came before it, the same organization has nothing to change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(organization, { minLength: 1, maxLength: 3 }), async (applied) => {
      const storage = await openSqlite({ path: ':memory:' })
      for (const wanted of applied) {
        await storage.applyOrganization({ organization: wanted, now: 1, audit })
        assert.deepEqual(diffOrganization(await storage.readOrganization({}), wanted), [])
      }
      await storage.close()
    }),
    { numRuns: 40 },
  )
})

test('an apply changes something exactly when its difference says so', async () => {
  await fc.assert(
    fc.asyncProperty(organization, organization, fc.boolean(), async (before, wanted, prune) => {
      const storage = await openSqlite({ path: ':memory:' })
      await storage.applyOrganization({ organization: before, now: 1, audit })
      const stored = await storage.readOrganization({})
      const changes = diffOrganization(stored, wanted, { prune })
      await storage.applyOrganization({ organization: wanted, now: 2, audit, ...(prune && { prune: pruning }) })
      const same = JSON.stringify(stored) === JSON.stringify(await storage.readOrganization({}))
      assert.equal(same, changes.length === 0)
      await storage.close()
    }),
    { numRuns: 40 },
  )
})

test('after an apply that prunes, the organization is what was applied, whatever came before it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(organization, { minLength: 1, maxLength: 3 }), async (applied) => {
      const storage = await openSqlite({ path: ':memory:' })
      for (const wanted of applied) {
        await storage.applyOrganization({ organization: wanted, now: 1, audit, prune: pruning })
        const stored = await storage.readOrganization({})
        assert.deepEqual(diffOrganization(stored, wanted, { prune: true }), [])
        assert.deepEqual(diffOrganization(wanted, stored, { prune: true }), [])
      }
      await storage.close()
    }),
    { numRuns: 40 },
  )
})
