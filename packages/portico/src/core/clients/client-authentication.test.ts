import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { InvalidClientException } from 'ssooidc/protocol/sso-oidc'
import type { Deps } from '../deps.ts'
import { generateKeys, openKeyring } from '../keys/keyring.ts'
import { systemRandom } from '../keys/random.ts'
import { createSealer } from '../keys/sealing.ts'
import { authenticateClient } from './client-authentication.ts'
import { type Registration, sealRegistration } from './client-registration.ts'

const now = Date.UTC(2026, 10, 24)
const registration: Registration = {
  name: 'cli',
  scopes: ['sso:account:access'],
  grantTypes: ['refresh_token'],
  redirectUris: [],
  issuerUrl: null,
  issuedAt: now,
  expiresAt: now + 86_400_000,
}
const rootKey = Buffer.alloc(32, 7)
const [old, next] = [0, 1].flatMap((at) => generateKeys(rootKey, systemRandom, at, ['client']))

/** As much of an instance as authenticating a client asks. */
function instance() {
  assert.ok(old && next)
  const rings = {
    before: openKeyring(rootKey, [old]),
    rotated: openKeyring(rootKey, [{ ...old, state: 'verify-only' }, next]),
    retired: openKeyring(rootKey, [{ ...old, state: 'retired' }, next]),
  }
  const state = { ring: rings.before, denied: new Set<string>() }
  const sealer = createSealer(() => state.ring, systemRandom)
  const applications = { find: () => undefined }
  const revocations = { covers: ({ clientHash }: { clientHash: string }) => state.denied.has(clientHash) }
  const deps = { sealer, applications, revocations } as unknown as Deps // what is not here is not asked
  return { deps, rings, state, client: sealRegistration(sealer, registration) }
}

suite('a client that', () => {
  test('shows its id and secret is known by its registration and the hash of its id, however often it does', () => {
    const { deps, client } = instance()
    const first = authenticateClient(deps, client, now)
    assert.deepEqual(first, { ...registration, hash: first.hash })
    assert.deepEqual(authenticateClient(deps, client, now), first)
  })

  test('has proved itself is refused with any other secret, and is still itself with its own', () => {
    const { deps, client } = instance()
    authenticateClient(deps, client, now)
    const another = sealRegistration(deps.sealer, registration).clientSecret
    for (const clientSecret of [another, '', client.clientSecret.slice(0, -1), `${client.clientSecret} `])
      assert.throws(() => authenticateClient(deps, { ...client, clientSecret }, now), InvalidClientException)
    authenticateClient(deps, client, now)
  })

  test('has proved itself is refused after its end, and once it is denied', () => {
    const { deps, client, state } = instance()
    const { hash } = authenticateClient(deps, client, now)
    assert.throws(() => authenticateClient(deps, client, registration.expiresAt), /expired/)
    state.denied.add(hash)
    assert.throws(() => authenticateClient(deps, client, now), InvalidClientException)
  })

  test('has proved itself goes on when the key rotates, and is nobody once the key is retired', () => {
    const { deps, client, rings, state } = instance()
    authenticateClient(deps, client, now)
    state.ring = rings.rotated
    authenticateClient(deps, client, now)
    state.ring = rings.retired
    assert.throws(() => authenticateClient(deps, client, now), InvalidClientException)
  })
})
