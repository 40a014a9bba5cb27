/** The table of guards keeps step with the code. Whether each guard is noticed when it is gone, `npm run test:guards` tries. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { guards } from '../scripts/guards.ts'

const root = join(import.meta.dirname, '..')

test('every guard of the table stands once in its file, beside a test that is there', () => {
  for (const { what, file, guard, test: testFile } of guards) {
    const times = readFileSync(join(root, file), 'utf8').split(guard).length - 1
    assert.equal(times, 1, `"${what}": its guard stands ${times} times in ${file}`)
    assert.ok(existsSync(join(root, testFile)), `"${what}": there is no ${testFile}`)
  }
})
