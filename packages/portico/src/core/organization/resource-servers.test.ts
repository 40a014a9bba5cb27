import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { diffOrganization, renderChanges } from './diff.ts'
import { parseOrganization } from './organization-file.ts'

const parse = (text: string) => parseOrganization(text, { brokers: ['built-in'] })

const STORE = 'resourceServers: [{ name: store, scopes: [store:read, store:write] }]'

describe('resource servers in an organization file', () => {
  test('are read as they are written', () => {
    const parsed = parse(STORE)
    assert.ok(parsed.ok)
    assert.deepEqual(parsed.organization.resourceServers, [{ name: 'store', scopes: ['store:read', 'store:write'] }])
  })

  test('leave no member behind where there are none', () => {
    const parsed = parse('users: [{ userName: alice }]')
    assert.ok(parsed.ok)
    assert.equal('resourceServers' in parsed.organization, false)
  })

  for (const [what, entry, expected] of [
    // Who may see every token is not decided by leaving a line out.
    ['without scopes', '{ name: store }', /scopes/],
    ['with a scope that is none', '{ name: store, scopes: ["store read"] }', /three words joined by colons/],
    ['with a name that would end the id in `Authorization: Basic`', '{ name: "a:b", scopes: [] }', /letters, digits/],
    ['twice', '{ name: store, scopes: [] }, { name: Store, scopes: [] }', /in this file already/],
  ] as const)
    test(`are refused ${what}`, () => {
      const parsed = parse(`resourceServers: [${entry}]`)
      assert.ok(!parsed.ok)
      assert.match(parsed.problems.map(({ message }) => message).join('\n'), expected)
    })

  test('show what an apply would do, and nothing once it is done', () => {
    const [before, after] = [parse('users: []'), parse(STORE)]
    assert.ok(before.ok && after.ok)
    assert.match(
      renderChanges(diffOrganization(before.organization, after.organization)),
      /^\+ resource server store: scopes /m,
    )
    assert.deepEqual(diffOrganization(after.organization, after.organization), [])
  })
})
