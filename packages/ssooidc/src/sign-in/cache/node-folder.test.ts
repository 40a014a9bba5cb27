import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { makeFolder } from './node-folder.ts'

describe('a folder', () => {
  test('is made with all that lead there, for the person alone, and the first of them is told', async (t) => {
    const home = await mkdtemp(join(tmpdir(), 'ssooidc-folder-'))
    t.after(() => rm(home, { recursive: true }))
    const path = join(home, 'a', 'b', 'c')
    assert.equal(await makeFolder(path, 0o700), join(home, 'a'))
    assert.equal((await stat(join(home, 'a'))).isDirectory(), true)
    if (process.platform !== 'win32') assert.equal((await stat(join(home, 'a', 'b'))).mode & 0o777, 0o700)
    assert.equal(await makeFolder(path, 0o700), undefined, 'it is there')
    assert.equal(await makeFolder(join(path, 'd'), 0o700), join(path, 'd'))
  })

  test('is made once when many make it at the same moment', async (t) => {
    const home = await mkdtemp(join(tmpdir(), 'ssooidc-folder-'))
    t.after(() => rm(home, { recursive: true }))
    const all = Array.from({ length: 20 }, () => makeFolder(join(home, 'a', 'b'), 0o700))
    const made = (await Promise.all(all)).filter((path) => path === join(home, 'a'))
    assert.equal(made.length, 1)
  })

  test('that would lie in a file is refused', async (t) => {
    const home = await mkdtemp(join(tmpdir(), 'ssooidc-folder-'))
    t.after(() => rm(home, { recursive: true }))
    await writeFile(join(home, 'file'), '')
    await assert.rejects(makeFolder(join(home, 'file'), 0o700), { code: 'EEXIST' })
    await assert.rejects(makeFolder(join(home, 'file', 'a'), 0o700), { code: /ENOTDIR|ENOENT/ })
  })

  // Linux's /proc says of each new folder that there is none to make it in. Elsewhere it is the root that cannot be written.
  test('is refused at once where nobody can make any', { timeout: 10_000 }, async () => {
    const path = process.platform === 'win32' ? '\\\\?\\no such device\\a' : '/proc/nowhere/a'
    await assert.rejects(makeFolder(path, 0o700), (thrown) => thrown instanceof Error && 'code' in thrown)
  })
})
