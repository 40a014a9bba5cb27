import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { generateKeys, openKeyring } from '../keys/keyring.ts'
import { format, parse } from '../keys/opaque-token.ts'
import { systemRandom } from '../keys/random.ts'
import { createSealer } from '../keys/sealing.ts'
import {
  clientHash,
  isClientSecret,
  MAX_REGISTRATION_SIZE,
  openRegistration,
  type Registration,
  registrationSize,
  sealRegistration,
} from './client-registration.ts'

const rootKey = Buffer.alloc(32, 7)
const sealer = createSealer(openKeyring(rootKey, generateKeys(rootKey, systemRandom, 0)), systemRandom)
const registration: Registration = {
  name: 'botocore-client-my',
  scopes: ['sso:account:access'],
  grantTypes: ['authorization_code', 'refresh_token'],
  redirectUris: ['http://127.0.0.1/oauth/callback'],
  issuerUrl: 'https://example.awsapps.com/start',
  issuedAt: Date.UTC(2026, 10, 24),
  expiresAt: Date.UTC(2027, 1, 22),
}

describe('a client id', () => {
  it('is the registration: what was registered comes out, without anything having been stored', () => {
    assert.deepEqual(openRegistration(sealer, sealRegistration(sealer, registration).clientId), registration)
  })

  it('keeps everything about any registration', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 4 })
    const any: fc.Arbitrary<Registration> = fc.record(
      {
        name: fc.string({ unit: 'grapheme', maxLength: 30 }),
        scopes: words,
        grantTypes: words,
        redirectUris: words,
        issuerUrl: fc.option(fc.webUrl()),
        issuedAt: fc.nat(),
        expiresAt: fc.nat(),
        entitledApplicationArn: fc.constant(
          'arn:aws:sso::123456789012:application/ssoins-0123456789abcdef/apl-0123456789abcdef',
        ),
      },
      {
        requiredKeys: ['name', 'scopes', 'grantTypes', 'redirectUris', 'issuerUrl', 'issuedAt', 'expiresAt'],
        noNullPrototype: true,
      },
    )
    fc.assert(
      fc.property(any, (registered) => {
        fc.pre(registrationSize(registered) <= MAX_REGISTRATION_SIZE)
        assert.deepEqual(openRegistration(sealer, sealRegistration(sealer, registered).clientId), registered)
      }),
    )
  })

  it('is different each time, even for the same registration', () => {
    const [a, b] = [sealRegistration(sealer, registration), sealRegistration(sealer, registration)]
    assert.notEqual(a.clientId, b.clientId)
    assert.notEqual(clientHash(a.clientId), clientHash(b.clientId))
  })

  it('has at most 1,600 characters for the largest registration, and a larger one is refused', () => {
    const largest = {
      ...registration,
      redirectUris: ['x'.repeat(MAX_REGISTRATION_SIZE - registrationSize(registration) + 31)],
    }
    assert.equal(registrationSize(largest), MAX_REGISTRATION_SIZE)
    const { clientId } = sealRegistration(sealer, largest)
    assert.ok(clientId.length <= 1_600, String(clientId.length))
    assert.deepEqual(openRegistration(sealer, clientId), largest)
    const larger = { ...largest, name: `${largest.name}x` }
    assert.throws(() => sealRegistration(sealer, larger), /too large/)
  })

  it('is counted in bytes, not in characters', () => {
    assert.equal(
      registrationSize({ ...registration, name: '東京' }),
      registrationSize({ ...registration, name: 'abcdef' }),
    )
  })

  it('of another instance is unknown here', () => {
    const other = createSealer(
      openKeyring(Buffer.alloc(32, 8), generateKeys(Buffer.alloc(32, 8), systemRandom, 0)),
      systemRandom,
    )
    assert.equal(openRegistration(sealer, sealRegistration(other, registration).clientId), undefined)
  })

  it('is not made by sealing a registration for another purpose', () => {
    const elsewhere = parse('clientId', sealRegistration(sealer, registration).clientId) ?? ''
    assert.equal(sealer.open('access-token', elsewhere), undefined)
    assert.equal(
      openRegistration(sealer, format('clientId', sealer.seal('device-code', { n: 'x', t: 0, x: 1 }))),
      undefined,
    )
  })
})

describe('a client secret', () => {
  const { clientId, clientSecret } = sealRegistration(sealer, registration)

  it('belongs to the id that it was issued with, and to no other', () => {
    assert.equal(isClientSecret(sealer, clientId, clientSecret), true)
    assert.equal(isClientSecret(sealer, sealRegistration(sealer, registration).clientId, clientSecret), false)
  })

  it('is not the id, nor any other MAC of it', () => {
    for (const wrong of [
      '',
      clientId,
      clientSecret.slice(0, -1),
      format('clientSecret', sealer.mac('client', clientId)),
      format('clientSecret', sealer.mac('csrf', `client-secret/${clientId}`)),
      parse('clientSecret', clientSecret) ?? '',
    ]) {
      assert.equal(isClientSecret(sealer, clientId, wrong), false, wrong)
    }
  })

  it('stays good when the key rotates, and goes when the key is retired', () => {
    const [old] = generateKeys(rootKey, systemRandom, 0, ['client'])
    const [next] = generateKeys(rootKey, systemRandom, 1, ['client'])
    assert.ok(old && next)
    let ring = openKeyring(rootKey, [old])
    const node = createSealer(() => ring, systemRandom)
    const client = sealRegistration(node, registration)
    ring = openKeyring(rootKey, [{ ...old, state: 'verify-only' }, next])
    assert.ok(openRegistration(node, client.clientId) && isClientSecret(node, client.clientId, client.clientSecret))
    ring = openKeyring(rootKey, [{ ...old, state: 'retired' }, next])
    assert.equal(openRegistration(node, client.clientId), undefined)
    assert.equal(isClientSecret(node, client.clientId, client.clientSecret), false)
  })
})

describe('the hash of a client', () => {
  it('cannot be dodged: an id that is spelled in any other way is no client', () => {
    const { clientId } = sealRegistration(sealer, registration)
    assert.match(clientHash(clientId), /^[A-Za-z0-9_-]{43}$/)
    for (const other of [`${clientId} `, clientId.toLowerCase(), `${clientId}=`, `${clientId}A`]) {
      assert.equal(openRegistration(sealer, other), undefined)
    }
  })
})
