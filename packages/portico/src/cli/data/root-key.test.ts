import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Failure } from '../failure.ts'
import { rootKeyFor } from './root-key.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'portico-key-'))
  return { path, key: join(path, 'root.key'), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

const refused = (data: string, initialised: boolean) => {
  try {
    rootKeyFor({ data, rootKey: undefined }, initialised)
  } catch (error) {
    assert.ok(error instanceof Failure)
    assert.equal(error.exitCode, 8)
    return error.message
  }
  assert.fail('the key was accepted')
}

test('the first start makes a root key that only its owner may read, and later starts find it', () => {
  using data = folder()
  const first = rootKeyFor({ data: data.path, rootKey: undefined }, false)
  assert.equal(first.madeAt, data.key)
  assert.equal(statSync(data.key).mode & 0o777, 0o600)
  assert.equal(readFileSync(data.key, 'utf8'), `${first.key.toString('base64')}\n`)
  assert.deepEqual(readdirSync(data.path), ['root.key'])
  const second = rootKeyFor({ data: data.path, rootKey: undefined }, true)
  assert.deepEqual(second, { key: first.key, madeAt: undefined })
})

test('a database that has its keys never gets a new root key, which could not open them', () => {
  using data = folder()
  assert.match(refused(data.path, true), /root key is not here: .*root\.key\. Put the file back/)
  assert.deepEqual(readdirSync(data.path), [])
})

test('a root key in the settings counts, and no file is made', () => {
  using data = folder()
  const rootKey = Buffer.alloc(32, 7)
  const found = rootKeyFor({ data: data.path, rootKey: rootKey.toString('base64') }, true)
  assert.deepEqual(found, { key: rootKey, madeAt: undefined })
  assert.deepEqual(readdirSync(data.path), [])
})

test('a root key that others may read is refused until somebody has looked at it', () => {
  using data = folder()
  rootKeyFor({ data: data.path, rootKey: undefined }, false)
  chmodSync(data.key, 0o640)
  assert.match(refused(data.path, true), /chmod 600/)
})

test('a file that holds no root key is not taken for one', () => {
  using data = folder()
  for (const text of ['', 'c2hvcnQ=', 'x'.repeat(44)]) {
    writeFileSync(data.key, text, { mode: 0o600 })
    assert.match(refused(data.path, false), /holds no root key/)
  }
})
