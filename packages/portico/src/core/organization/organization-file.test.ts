import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseOrganization } from './organization-file.ts'

const parse = (text: string) => parseOrganization(text, { brokers: ['built-in', 'minio'] })

/** `line:column message` for every problem, in order. */
function problemsOf(text: string): string[] {
  const parsed = parse(text)
  assert.ok(!parsed.ok, 'the file was accepted')
  return parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

const WHOLE = `
users:
  - userName: alice
    givenName: Alice
    familyName: Example
    email: alice@example.com
    groups: [Administrators]
    administrator: true
  - userName: Bob
groups:
  - displayName: Administrators
accounts:
  - id: 011111111111
    name: Production
    email: aws@example.com
  - id: "222222222222"
    name: Development
    broker: minio
permissionSets:
  - name: AdministratorAccess
    sessionDuration: PT12H
  - name: ReadOnlyAccess
assignments:
  - account: 011111111111
    permissionSet: AdministratorAccess
    group: Administrators
  - account: "222222222222"
    permissionSet: ReadOnlyAccess
    user: bob
settings:
  sessionDuration: P1DT12H
`

describe('an organization file', () => {
  test('is read with defaults filled in, and an account id keeps its leading zero', () => {
    assert.deepEqual(parse(WHOLE), {
      ok: true,
      organization: {
        users: [
          {
            userName: 'alice',
            displayName: 'Alice Example',
            givenName: 'Alice',
            familyName: 'Example',
            email: 'alice@example.com',
            groups: ['Administrators'],
            administrator: true,
          },
          {
            userName: 'Bob',
            displayName: 'Bob',
            givenName: null,
            familyName: null,
            email: null,
            groups: [],
            administrator: false,
          },
        ],
        groups: [{ displayName: 'Administrators' }],
        accounts: [
          { id: '011111111111', name: 'Production', email: 'aws@example.com', broker: 'built-in' },
          { id: '222222222222', name: 'Development', email: null, broker: 'minio' },
        ],
        permissionSets: [
          { name: 'AdministratorAccess', sessionDuration: 43_200, administrator: false },
          { name: 'ReadOnlyAccess', sessionDuration: 3_600, administrator: false },
        ],
        assignments: [
          { account: '011111111111', permissionSet: 'AdministratorAccess', user: null, group: 'Administrators' },
          { account: '222222222222', permissionSet: 'ReadOnlyAccess', user: 'Bob', group: null },
        ],
        settings: { sessionDuration: 129_600 },
      },
    })
  })

  test('may be empty, and a key without a value says nothing', () => {
    const nothing = { users: [], groups: [], accounts: [], permissionSets: [], assignments: [], settings: {} }
    for (const text of ['', '# later\n', 'users:\n', 'users: []\ngroups: ~\nsettings: null\n']) {
      assert.deepEqual(parse(text), { ok: true, organization: nothing })
    }
  })

  test('takes names as they are written: a person may be called `no`, and null in quotes is a name', () => {
    const parsed = parse('users: [{ userName: no, familyName: "null" }, { userName: 1e3, email: null }]')
    assert.ok(parsed.ok)
    assert.deepEqual(
      parsed.organization.users.map(({ userName, familyName, email }) => [userName, familyName, email]),
      [
        ['no', 'null', null],
        ['1e3', null, null],
      ],
    )
  })

  const refusals: { name: string; text: string; problems: string[] }[] = [
    {
      name: 'an unknown key, and names the one that was meant',
      text: 'users:\n  - userName: alice\n    dispalyName: Alice\n',
      problems: ['3:5 `dispalyName` is not a known key. Did you mean `displayName`?'],
    },
    {
      name: 'an unknown key at the top, and lists what is known when nothing is near',
      text: 'users: []\nfrobnicate: 1\n',
      problems: [
        '2:1 `frobnicate` is not a known key. Known here: users, groups, accounts, permissionSets, assignments, trustedTokenIssuers, applications, resourceServers, settings.',
      ],
    },
    {
      name: 'keys that merely exist in JavaScript',
      text: '__proto__: { users: [] }\n',
      problems: [
        '1:1 `__proto__` is not a known key. Known here: users, groups, accounts, permissionSets, assignments, trustedTokenIssuers, applications, resourceServers, settings.',
      ],
    },
    {
      name: 'keys that every object of JavaScript has',
      text: 'constructor: 1\n',
      problems: [
        '1:1 `constructor` is not a known key. Known here: users, groups, accounts, permissionSets, assignments, trustedTokenIssuers, applications, resourceServers, settings.',
      ],
    },
    {
      name: 'a missing member',
      text: 'accounts:\n  - id: 111111111111\n',
      problems: ['2:5 `name` is missing here. Add it.'],
    },
    {
      name: 'everything that is wrong at once, in the order of the file',
      text: 'accounts:\n  - id: 12345\n    name: A\npermissionSets:\n  - name: has spaces\n    sessionDuration: PT13H\n',
      problems: [
        '2:5 An account id has exactly 12 digits.',
        '5:5 A permission set name has 1 to 32 letters, digits and characters of `+=,.@_-`.',
        '6:5 `PT13H` is not a duration from PT1H to PT12H. Write one such as `PT1H` or `PT90M`.',
      ],
    },
    {
      name: 'a session that is too long',
      text: 'settings: { sessionDuration: P91D }\n',
      problems: ['1:13 `P91D` is not a duration from PT15M to P90D. Write one such as `PT1H` or `PT90M`.'],
    },
    {
      name: 'a text where a list belongs',
      text: 'users: alice\n',
      problems: ['1:1 A list is expected here: lines that begin with `- `.'],
    },
    {
      name: 'a text where keys and values belong',
      text: 'users:\n  - alice\n',
      problems: [
        '2:5 Keys and values are expected here (userName, displayName, givenName, familyName, email, groups, administrator).',
      ],
    },
    {
      name: 'a switch that is neither on nor off',
      text: 'users:\n  - userName: alice\n    administrator: yes\n',
      problems: ['3:5 Write `true` or `false` here.'],
    },
    {
      name: 'the same key twice',
      text: 'users: []\nusers: []\n',
      problems: ['2:1 This key stands here a second time. Keep one of them.'],
    },
    {
      name: 'two users whose names differ only in case',
      text: 'users:\n  - userName: alice\n  - userName: Alice\n',
      problems: ['3:5 The user `alice` is in this file already. Keep one of the two.'],
    },
    {
      name: 'a group that is not in the file, and names the one that was meant',
      text: 'groups:\n  - displayName: Developers\nusers:\n  - userName: alice\n    groups:\n      - Develpoers\n',
      problems: ['6:9 There is no group `Develpoers` in this file. Did you mean `Developers`?'],
    },
    {
      name: 'an assignment to what is not in the file',
      text: 'assignments:\n  - account: 111111111111\n    permissionSet: Admin\n    user: carol\n',
      problems: [
        '2:5 There is no account `111111111111` in this file. Add it, or correct the name.',
        '3:5 There is no permission set `Admin` in this file. Add it, or correct the name.',
        '4:5 There is no user `carol` in this file. Add it, or correct the name.',
      ],
    },
    {
      name: 'an assignment to nobody, one to two, and one that stands there twice',
      text: `users: [{ userName: a }]
groups: [{ displayName: g }]
accounts: [{ id: 111111111111, name: n }]
permissionSets: [{ name: p }]
assignments:
  - { account: 111111111111, permissionSet: p }
  - { account: 111111111111, permissionSet: p, user: a, group: g }
  - { account: 111111111111, permissionSet: p, user: a }
  - { account: 111111111111, permissionSet: p, user: A }
`,
      problems: [
        '6:5 This assignment is for nobody. Add `user` or `group`.',
        '7:57 An assignment is for a user or for a group. Write two assignments.',
        '9:5 The assignment `p in 111111111111 for user a` is in this file already. Keep one of the two.',
      ],
    },
    {
      name: 'a broker that the server does not have',
      text: 'accounts:\n  - { id: 111111111111, name: n, broker: vault }\n',
      problems: ['2:34 There is no broker `vault`. This server has: built-in, minio.'],
    },
    {
      name: 'aliases, which a few lines can blow up to gigabytes',
      text: 'groups: &g [{ displayName: x }]\nusers: [{ userName: a, groups: *g }]\n',
      problems: ['2:32 Aliases (`*…`) are not used here. Write the value out.'],
    },
    {
      name: 'merge keys',
      text: 'users:\n  - <<: { userName: a }\n',
      problems: [
        '2:5 `<<` is not a known key. Known here: userName, displayName, givenName, familyName, email, groups, administrator.',
        '2:5 `userName` is missing here. Add it.',
      ],
    },
    {
      name: 'tags',
      text: 'users:\n  - userName: !!binary YWxpY2U=\n',
      problems: ['2:24 Tags (`!…`) are not used here. Write the value without one.'],
    },
    {
      name: 'a second document',
      text: 'users: []\n---\nusers: []\n',
      problems: ['2:1 A second document begins here. Keep one document in a file.'],
    },
    {
      name: 'characters that a terminal would act on',
      text: 'users:\n  - userName: alice\n    displayName: "\\e[31mred"\n',
      problems: ['3:18 Control characters are not allowed in a value.'],
    },
    {
      name: 'text that is not YAML, at the first fault',
      text: 'users:\n\t- userName: alice\n',
      problems: ['2:1 This is not valid YAML: Tabs are not allowed as indentation.'],
    },
    {
      name: 'a file without end',
      text: `# ${'x'.repeat(5_000_000)}`,
      problems: ['1:1 The file is larger than 4 MiB. Split it, and apply its parts one by one.'],
    },
  ]
  for (const { name, text, problems } of refusals) {
    test(`refuses ${name}`, () => assert.deepEqual(problemsOf(text), problems))
  }

  test('refuses nesting without end', () => {
    // Where the parser gives up depends on the stack that it is given.
    assert.match(problemsOf('['.repeat(100_000)).join(), /^1:\d+ The file is nested too deeply\.$/)
  })

  test('never breaks, whatever it holds', () => {
    const fragment = fc.constantFrom(
      'users',
      'groups',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '"',
      '!',
      '|',
      '#',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(fragment, fc.string({ unit: 'binary' }))), (parts) => {
        const parsed = parse(parts.join(''))
        if (!parsed.ok)
          assert.ok(parsed.problems.every(({ line, column, message }) => line > 0 && column > 0 && message))
      }),
      { numRuns: 300 },
    )
  })
})
