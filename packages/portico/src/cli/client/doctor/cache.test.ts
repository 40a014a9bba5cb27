import assert from 'node:assert/strict'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeHome } from '../../../../../../test/sign-in/home.ts'
import { lookAtCache } from './cache.ts'

test('a file that is gone before it is looked at is nothing to tell of, and what is there is told all the same', async (t) => {
  await using home = await makeHome()
  const before = process.env.HOME
  process.env.HOME = home.folder
  t.after(() => {
    if (before === undefined) delete process.env.HOME
    else process.env.HOME = before
  })
  const cache = join(home.folder, '.aws/sso/cache')
  await mkdir(cache, { recursive: true })
  // A name without a file, as whoever lists a folder has it when the file is removed meanwhile.
  for (const name of ['a.json', 'b.json.123.new', 'c.json.lock']) await symlink('gone', join(cache, name))
  await writeFile(join(cache, 'd.json'), '{', { mode: 0o600 })
  const findings = await lookAtCache()
  assert.deepEqual(
    findings.map(({ result }) => result),
    ['warning'],
  )
  assert.match(findings[0]?.detail ?? '', /d\.json is damaged or not a token: it is not JSON/)
})
