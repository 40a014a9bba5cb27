import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { openSqlite } from '../../storage/sqlite/sqlite.ts'
import type { Storage } from '../../storage/storage.ts'
import { openKeyring } from './keyring.ts'
import { systemRandom } from './random.ts'
import { createSigningKeys, publicKeys, SIGNING_ALGORITHMS, signIdToken } from './signing-keys.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const CLAIMS = { iss: 'https://issuer.example', sub: 'alice', aud: 'an application', exp: NOW / 1000 + 3600 }

suite('the keys that sign id tokens', () => {
  for (const alg of SIGNING_ALGORITHMS)
    test(`a token signed with ${alg} verifies against the published keys, and is of the moment that it was signed`, async () => {
      await using at = await newStorage()
      const deps = open(at.storage)
      const token = await signIdToken(deps, CLAIMS, NOW, alg)
      const { payload, protectedHeader } = await jwtVerify(token, keySet(deps), verification)
      assert.deepEqual(payload, { ...CLAIMS, iat: NOW / 1000 })
      assert.equal(protectedHeader.alg, alg)
    })

  test('only public members are published, each key with its algorithm and use', async () => {
    await using at = await newStorage()
    const deps = open(at.storage)
    for (const alg of SIGNING_ALGORITHMS) await signIdToken(deps, CLAIMS, NOW, alg)
    const members = publicKeys(deps).keys.map((key) => Object.keys(key).sort().join())
    assert.deepEqual(members.sort(), ['alg,crv,kid,kty,use,x,y', 'alg,e,kid,kty,n,use'])
  })

  test('a key keeps its id over restarts, and is wrapped by the root key', async () => {
    await using at = await newStorage()
    const first = open(at.storage)
    const token = await signIdToken(first, CLAIMS, NOW)
    const again = open(at.storage)
    again.signingKeys.load(await at.storage.readKeys({}), NOW)
    assert.deepEqual(publicKeys(again), publicKeys(first))
    assert.equal((await jwtVerify(token, keySet(again), verification)).payload.sub, 'alice')
    const [stored] = await at.storage.readKeys({})
    assert.ok(stored)
    assert.throws(() => open(at.storage, randomBytes(32)).signingKeys.load([stored], NOW), /root key/)
    assert.doesNotThrow(() => openKeyring(ROOT_KEY, [stored]), 'the keyring leaves it alone')
  })

  test('however many tokens are wanted at once, one key is made', async () => {
    await using at = await newStorage()
    const deps = open(at.storage)
    const tokens = await Promise.all(Array.from({ length: 5 }, () => signIdToken(deps, CLAIMS, NOW)))
    assert.equal(new Set(tokens.map((token) => decodeProtectedHeader(token).kid)).size, 1)
    assert.equal((await at.storage.readKeys({})).length, 1)
  })

  test('a key that is published for later is in the key set before it signs, a retired one is not', async () => {
    await using at = await newStorage()
    const deps = open(at.storage)
    const { kid } = await deps.signingKeys.active('ES256', NOW)
    const keys = await at.storage.readKeys({})
    deps.signingKeys.load(
      keys.map((key) => ({ ...key, state: 'published', activeAt: NOW + 1 })),
      NOW,
    )
    assert.deepEqual(
      deps.signingKeys.all().map((key) => [key.kid, key.state]),
      [[kid, 'published']],
    )
    assert.equal(publicKeys(deps).keys.length, 1)
    deps.signingKeys.load(
      keys.map((key) => ({ ...key, state: 'retired' })),
      NOW,
    )
    assert.deepEqual(publicKeys(deps).keys, [])
  })
})

const ROOT_KEY = randomBytes(32)
const verification = { currentDate: new Date(NOW), issuer: CLAIMS.iss, audience: CLAIMS.aud }

function open(storage: Storage, rootKey = ROOT_KEY) {
  return { signingKeys: createSigningKeys({ storage, rootKey, random: systemRandom }) }
}

function keySet(deps: ReturnType<typeof open>) {
  return createLocalJWKSet(publicKeys(deps) as JSONWebKeySet) // jose’s own type is mutable
}

async function newStorage(): Promise<{ storage: Storage } & AsyncDisposable> {
  const storage = await openSqlite({ path: ':memory:' })
  return { storage, [Symbol.asyncDispose]: () => storage.close() }
}
