import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { portico } from '../../../../test/sign-in/command.ts'
import { makeHome } from '../../../../test/sign-in/home.ts'
import { openData } from './data/open-data.ts'
import { makeFolder } from './folder.ts'

describe('a folder', () => {
  test('is made for its owner alone, with all that lead there, and may be there', (t) => {
    const home = mkdtempSync(join(tmpdir(), 'portico-folder-'))
    t.after(() => rmSync(home, { recursive: true }))
    makeFolder(join(home, 'a', 'b', 'c'))
    makeFolder(join(home, 'a', 'b', 'c'))
    if (process.platform !== 'win32') assert.equal(statSync(join(home, 'a', 'b')).mode & 0o777, 0o700)
    writeFileSync(join(home, 'file'), '')
    assert.throws(() => makeFolder(join(home, 'file')), { code: 'EEXIST' })
    assert.throws(() => makeFolder(join(home, 'file', 'a')), { syscall: 'mkdir' })
  })
})

// Linux's /proc says of each new folder that there is none to make it in; on other systems there is no such place at all.
describe('where nobody can make a folder', { timeout: 60_000 }, () => {
  const nowhere = process.platform === 'win32' ? '\\\\?\\no such device\\a' : '/proc/nowhere/a'

  test('none is made, and that is said at once', () => {
    assert.throws(() => makeFolder(nowhere), { syscall: 'mkdir' })
  })

  test('a data folder is refused in a sentence', async () => {
    const message = /^The data folder .+ cannot be used \(E\w+\)\. Give this user a folder of its own with --data\.$/
    await assert.rejects(openData({ data: nowhere, database: undefined }, { create: true }), { message })
  })

  test('`portico configure` says that nothing was written, and of which folder', async () => {
    await using home = await makeHome()
    const url = 'https://d-1234567890.awsapps.com/start'
    const args = ['configure', 'session', 'work', '--start-url', url, '--region', 'eu-west-1']
    const { code, stderr } = await portico(home, args, { env: { AWS_CONFIG_FILE: join(nowhere, 'config') } })
    assert.equal(code, 7)
    assert.match(stderr, /^portico: The folder .+ cannot be made \(E\w+\), and nothing was written\.$/m)
  })
})
