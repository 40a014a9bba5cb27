/** Organization files: an administrator's, and so no stranger's, but whoever writes one wrongly is told where. */
import assert from 'node:assert/strict'
import { parseOrganization } from '../../../packages/portico/src/core/organization/organization-file.ts'
import type { Target } from '../target.ts'

export const target: Target = {
  reads: 'organization files (YAML)',
  promises: 'An organization, or problems that each name a line and a column of the file; the same each time.',
  files: [
    'packages/portico/src/core/organization/organization-file.ts',
    'packages/portico/src/core/organization/yaml-file.ts',
    'packages/portico/src/core/organization/applications.ts',
  ],
  seeds: [
    'users: [{userName: alice, displayName: A, groups: [E]}]\ngroups: [{displayName: E}]\naccounts: [{id: "111111111111", name: P}]\npermissionSets: [{name: Admin, sessionDuration: PT1H}]\nassignments: [{account: "111111111111", permissionSet: Admin, user: alice}]\n',
    'applications:\n  - name: a\n    grants: [jwt-bearer]\n    trustedTokenIssuers: [{ name: c, audiences: [x] }]\ntrustedTokenIssuers:\n  - name: c\n    issuerUrl: https://a.b\n    claimAttributePath: email\n    identityStoreAttributePath: emails.value\n',
    'users: &a [*a]\n',
    'users: !!binary x\n---\n',
    'settings: {sessionDuration: P1D}\nusers:\n- userName: A\n- userName: a\n',
  ],
  words: [
    'users:',
    'groups:',
    'accounts:',
    'permissionSets:',
    'assignments:',
    'applications:',
    'settings:',
    '\n  ',
    ': ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '|\n',
    '"',
    '<<: *a',
    '? ',
  ],
  check(input) {
    const text = input.toString('utf8')
    const parsed = parseOrganization(text, { brokers: ['built-in'] })
    if (parsed.ok) return
    assert.ok(parsed.problems.length > 0)
    const lines = text.split(/\r\n|\n|\r/).length
    for (const { line, column, message } of parsed.problems) {
      assert.ok(line >= 1 && line <= lines + 1 && column >= 1, `${line}:${column} of ${lines} lines`)
      assert.match(message, /\S/)
    }
  },
}
