import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { diffOrganization, renderChanges, unnamed } from './diff.ts'
import { parseOrganization } from './organization-file.ts'

const parse = (text: string) => parseOrganization(text, { brokers: ['built-in'] })

const PEOPLE = `
users: [{ userName: alice }]
groups: [{ displayName: Engineers }]
accounts: [{ id: "111111111111", name: Production }]
permissionSets: [{ name: ReadOnly, administrator: true }]
trustedTokenIssuers:
  - name: corporate
    issuerUrl: https://login.example.com/tenant
    claimAttributePath: email
    identityStoreAttributePath: emails.value
`

const REPORTS = `
applications:
  - name: reports
    grants: [token-exchange, authorization-code, jwt-bearer]
    redirectUris: [https://reports.example.com/callback]
    scopes: [reports:read]
    actors:
      - { account: "111111111111", permissionSet: readonly }
      - { accessKey: reports-server }
    trustedTokenIssuers: [{ name: Corporate, audiences: [reports] }]
    assignments: [{ user: Alice }, { group: engineers }]
`

describe('applications in an organization file', () => {
  test('are read with names as their own entries write them, and defaults filled in', () => {
    const parsed = parse(PEOPLE + REPORTS)
    assert.ok(parsed.ok)
    assert.deepEqual(parsed.organization.applications, [
      {
        name: 'reports',
        grants: [
          'authorization_code',
          'urn:ietf:params:oauth:grant-type:jwt-bearer',
          'urn:ietf:params:oauth:grant-type:token-exchange',
        ],
        redirectUris: ['https://reports.example.com/callback'],
        scopes: ['reports:read'],
        actors: [
          { account: '111111111111', permissionSet: 'ReadOnly', accessKey: null },
          { account: null, permissionSet: null, accessKey: 'reports-server' },
        ],
        trustedTokenIssuers: [{ name: 'corporate', audiences: ['reports'] }],
        assignmentRequired: true,
        assignments: [
          { user: 'alice', group: null },
          { user: null, group: 'Engineers' },
        ],
        idTokenAlgorithm: 'ES256',
      },
    ])
    assert.deepEqual(parsed.organization.trustedTokenIssuers, [
      {
        name: 'corporate',
        issuerUrl: 'https://login.example.com/tenant',
        claimAttributePath: 'email',
        identityStoreAttributePath: 'emails.value',
      },
    ])
    const vouching = parse(`${PEOPLE}    emailsAreVerified: true\n${REPORTS}`)
    assert.equal(vouching.ok && vouching.organization.trustedTokenIssuers?.[0]?.emailsAreVerified, true)
    assert.equal(parsed.organization.permissionSets[0]?.administrator, true)
  })

  test('leave no member behind where there are none', () => {
    const parsed = parse('users: [{ userName: alice }]')
    assert.ok(parsed.ok)
    assert.equal('applications' in parsed.organization, false)
    assert.equal('trustedTokenIssuers' in parsed.organization, false)
  })

  const wrong: [what: string, text: string, expected: RegExp][] = [
    ['a grant that is none', 'grants: [password]', /A grant is one of/],
    ['a code grant without an address to return to', 'grants: [authorization-code]', /needs `redirectUris`/],
    ['an address to return to in clear', 'redirectUris: ["http://reports.example.com/"]', /redirect URI/],
    ['assertions of nobody', 'grants: [jwt-bearer]', /needs `trustedTokenIssuers`/],
    ['an unknown issuer', 'trustedTokenIssuers: [{ name: corp, audiences: [a] }]', /no trusted token issuer `corp`/],
    ['no audience', 'trustedTokenIssuers: [{ name: corporate, audiences: [] }]', /at least one audience/],
    ['a scope that is none', 'scopes: ["reports read"]', /three words joined by colons/],
    ['half an actor', 'actors: [{ account: "111111111111" }]', /An actor is an `account` with a `permissionSet`/],
    [
      'an actor in an unknown role',
      'actors: [{ account: "111111111111", permissionSet: Root }]',
      /no permission set `Root`/,
    ],
    ['an assignment for two', 'assignments: [{ user: alice, group: Engineers }]', /for a `user` or for a `group`/],
    ['an unknown person', 'assignments: [{ user: carol }]', /no user `carol`/],
  ]
  for (const [what, member, expected] of wrong)
    test(`are refused with ${what}`, () => {
      const parsed = parse(`${PEOPLE}\napplications: [{ name: reports, ${member} }]`)
      assert.ok(!parsed.ok)
      assert.match(parsed.problems.map(({ message }) => message).join('\n'), expected)
    })

  for (const issuerUrl of [
    'http://login.example.com',
    'ftp://login.example.com',
    'https://a@login.example.com',
    'https://login.example.com/?a',
    'login',
  ])
    test(`trust nobody at ${issuerUrl}`, () => {
      const parsed = parse(PEOPLE.replace('https://login.example.com/tenant', issuerUrl))
      assert.ok(!parsed.ok)
    })

  test('show what an apply would do, and nothing once it is done', () => {
    const before = parse(PEOPLE)
    const after = parse(PEOPLE + REPORTS)
    assert.ok(before.ok && after.ok)
    const said = renderChanges(diffOrganization(before.organization, after.organization))
    assert.match(said, /^\+ application reports: /m)
    assert.deepEqual(diffOrganization(after.organization, after.organization), [])
    assert.deepEqual(unnamed(after.organization, before.organization), [{ kind: 'application', name: 'reports' }])
  })
})
