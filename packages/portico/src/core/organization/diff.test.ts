import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Organization } from '../../storage/storage.ts'
import { diffOrganization, renderChanges, unnamed } from './diff.ts'

const nothing: Organization = {
  users: [],
  groups: [],
  accounts: [],
  permissionSets: [],
  assignments: [],
  settings: {},
}

const person = { givenName: null, familyName: null, email: null, groups: [], administrator: false }

const wanted: Organization = {
  users: [
    { ...person, userName: 'alice', displayName: 'Alice Example', groups: ['Admins'], administrator: true },
    { ...person, userName: 'bob', displayName: 'bob' },
  ],
  groups: [{ displayName: 'Admins' }],
  accounts: [{ id: '111111111111', name: 'Production', email: null, broker: 'built-in' }],
  permissionSets: [{ name: 'Admin', sessionDuration: 3600, administrator: false }],
  assignments: [
    { account: '111111111111', permissionSet: 'Admin', user: null, group: 'Admins' },
    { account: '111111111111', permissionSet: 'Admin', user: 'bob', group: null },
  ],
  settings: { sessionDuration: 28_800, deviceFlow: 'step-up' },
}

test('an organization that is new is added, line by line', () => {
  assert.equal(
    renderChanges(diffOrganization(nothing, wanted)),
    `+ user alice: displayName "Alice Example", administrator "true"
+ user bob
+ group Admins
+ membership alice in Admins
+ account 111111111111: name "Production", broker "built-in"
+ permission set Admin: sessionDuration "PT1H"
+ assignment Admin in 111111111111 for group Admins
+ assignment Admin in 111111111111 for user bob
+ setting sessionDuration: value "PT8H"
+ setting deviceFlow: value "step-up"

10 to add, 0 to change, 0 to take away.`,
  )
})

test('what differs is shown as it was and as it will be, and what is no longer listed is taken away', () => {
  const next: Organization = {
    ...wanted,
    users: [
      { ...person, userName: 'alice', displayName: 'Alice' },
      { ...person, userName: 'Bob', displayName: 'bob' },
    ],
    assignments: wanted.assignments.slice(1).map((assignment) => ({ ...assignment, user: 'Bob' })),
    settings: {},
  }
  assert.equal(
    renderChanges(diffOrganization(wanted, next)),
    `~ user alice: displayName "Alice Example" → "Alice", administrator "true" → none
~ user Bob: userName "bob" → "Bob"
- membership alice in Admins
- assignment Admin in 111111111111 for group Admins
- setting sessionDuration
- setting deviceFlow

0 to add, 2 to change, 4 to take away.`,
  )
})

test('whoever the file does not name keeps what they have, and is listed as unnamed', () => {
  const other: Organization = { ...nothing, accounts: wanted.accounts, settings: wanted.settings }
  assert.deepEqual(diffOrganization(wanted, other), [])
  assert.deepEqual(unnamed(wanted, other), [
    { kind: 'user', name: 'alice' },
    { kind: 'user', name: 'bob' },
    { kind: 'group', name: 'Admins' },
    { kind: 'permission set', name: 'Admin' },
  ])
})

test('with prune, what the file does not name is taken away, and shown before everything else', () => {
  const other: Organization = {
    ...nothing,
    ...{ users: wanted.users.slice(1), accounts: wanted.accounts, settings: wanted.settings },
    groups: [{ displayName: 'Readers' }],
  }
  assert.equal(
    renderChanges(diffOrganization(wanted, other, { prune: true })),
    `- user alice
- group Admins
- permission set Admin
+ group Readers
- assignment Admin in 111111111111 for user bob

1 to add, 0 to change, 4 to take away.`,
  )
})

test('no name can write to the terminal that shows the difference', () => {
  const hostile: Organization = {
    ...nothing,
    users: [{ ...person, userName: 'eve', displayName: '\u001b[2J\u202eok' }],
  }
  assert.match(renderChanges(diffOrganization(nothing, hostile)), /displayName "\\u\{1b\}\[2J\\u\{202e\}ok"/)
})

const letter = fc.constantFrom('a', 'B', 'c')
const organization: fc.Arbitrary<Organization> = fc
  .record({
    users: fc.uniqueArray(letter, { selector: (name) => name.toLowerCase() }),
    groups: fc.uniqueArray(letter),
    accounts: fc.uniqueArray(fc.constantFrom('111111111111', '222222222222'), { minLength: 1 }),
    sets: fc.uniqueArray(letter, { minLength: 1 }),
    administrator: fc.boolean(),
    pick: fc.array(fc.nat(), { maxLength: 6 }),
    settings: fc.constantFrom({}, { sessionDuration: 900 }, { sessionDuration: 3600 }),
  })
  .map(({ users, groups, accounts, sets, administrator, pick, settings }) => {
    const of = (names: readonly string[], index: number) => names[index % Math.max(names.length, 1)] ?? null
    return {
      users: users.map((userName) => ({ ...person, userName, displayName: userName, administrator, groups })),
      groups: groups.map((displayName) => ({ displayName })),
      accounts: accounts.map((id) => ({ id, name: id, email: null, broker: 'built-in' })),
      permissionSets: sets.map((name) => ({ name, sessionDuration: 3600, administrator })),
      assignments: pick
        .map((index) => ({
          account: of(accounts, index) ?? '',
          permissionSet: of(sets, index) ?? '',
          user: index % 2 === 0 ? of(users, index) : null,
          group: index % 2 === 1 ? of(groups, index) : null,
        }))
        .filter(({ user, group }) => user !== null || group !== null),
      settings,
    }
  })

test('an organization does not differ from itself', () => {
  fc.assert(fc.property(organization, (same) => assert.deepEqual(diffOrganization(same, structuredClone(same)), [])))
})

test('what is added one way is taken away the other way, among what both name', () => {
  fc.assert(
    fc.property(organization, organization, (a, b) => {
      const assignments = (from: Organization, to: Organization, action: string) =>
        diffOrganization({ ...from, users: to.users, groups: to.groups, accounts: to.accounts }, to)
          .filter((change) => change.kind === 'assignment' && change.action === action)
          .map((change) => change.name)
          .sort()
      const same = { users: a.users, groups: a.groups, accounts: a.accounts }
      const left = { ...b, ...same }
      assert.deepEqual(assignments(a, left, 'add'), assignments(left, a, 'remove'))
    }),
  )
})
