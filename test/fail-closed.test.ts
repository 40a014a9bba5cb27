/** A server that cannot read which sessions were ended says so, and lets nobody in and nobody's login go. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { testInstance } from './support/instance.ts'
import { refused, signInDevice } from './support/programs.ts'

test('while the revocation log cannot be read, the API answers 503 after five seconds, and goes on once it can', async () => {
  const storage = await openSqlite({ path: ':memory:' })
  let away = false
  const instance = await testInstance(
    {},
    {
      ...storage,
      readRevocations: (input) => (away ? Promise.reject(new Error('away')) : storage.readRevocations(input)),
    },
  )
  const { accessToken } = await signInDevice(instance)
  const list = () => instance.portal.listAccounts({ accessToken })
  await list()
  away = true
  instance.clock.now += 5_000
  await list()
  instance.clock.now += 1
  await assert.rejects(list(), refused('ServiceUnavailableException'))
  away = false
  assert.equal((await list()).accountList.length, 2)
})
