/** Every row of the parity table is held by a test that exists. That the page shows the table, `npm run check` says. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { ssooidc } from 'ssooidc/paws'
import { parity } from './parity.ts'

const root = join(import.meta.dirname, '../..')

describe('the parity table', () => {
  for (const { title, rows } of parity)
    it(`names a test for each row of "${title}"`, () => {
      const missing = rows.filter(({ test: [file, words] }) => !readFileSync(join(root, file), 'utf8').includes(words))
      assert.deepEqual(
        missing.map(({ item, test }) => `${item}: ${test.join(' › ')}`),
        [],
      )
    })

  it('has a row for every argument, field and operation of the documentation of paws', () => {
    const items = parity.flatMap(({ rows }) => rows.map(({ item }) => item)).join('\n')
    const fields = ['credentials', 'creds', 'profile', 'anonymous', 'endpoint', 'region', 'close_connection', 'timeout']
    const more = ['s3_force_path_style', 'sts_regional_endpoint']
    const operations = Object.keys(ssooidc({ endpoint: 'https://sso.example.com' })).filter((name) =>
      name.includes('_'),
    )
    for (const name of [...fields, ...more, ...operations]) assert.ok(items.includes(name), name)
    assert.equal(operations.length, 4)
  })
})
