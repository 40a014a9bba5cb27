/** A database that an older version made, opened by this one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openInstance } from '../packages/portico/src/core/instance.ts'
import { generateKeys, PURPOSES } from '../packages/portico/src/core/keys/keyring.ts'
import { systemRandom } from '../packages/portico/src/core/keys/random.ts'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { testInstance } from './support/instance.ts'

test('keys of purposes that an older version did not know are added at the start, once', async () => {
  const storage = await openSqlite({ path: ':memory:' })
  const rootKey = systemRandom.bytes(32)
  const known = PURPOSES.filter((purpose) => purpose !== 'totp' && purpose !== 'recovery-code')
  await storage.initialize({
    instance: { instanceId: 'ssoins-0123456789abcdef', identityStoreId: 'd-0123456789', createdAt: 0 },
    keys: generateKeys(rootKey, systemRandom, 0, known),
  })
  const { settings } = (await testInstance()).deps
  const open = () =>
    openInstance({ storage, rootKey, random: systemRandom, settings, brokers: () => [], clock: () => 1_000 })
  const sealed = (await open()).sealer.seal('totp', { secret: 'x' })
  const again = await open()
  assert.deepEqual(again.sealer.open('totp', sealed), { secret: 'x' })
  const keys = await storage.readKeys({})
  for (const purpose of PURPOSES) assert.equal(keys.filter((key) => key.purpose === purpose).length, 1, purpose)
})
