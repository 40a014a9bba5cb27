import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import type { KeyState, WrappedKey } from '../../storage/storage.ts'
import { generateKey, generateKeys, macKey, openKeyring, PURPOSES } from './keyring.ts'
import { systemRandom } from './random.ts'

const rootKey = Buffer.alloc(32, 7)
const now = Date.UTC(2026, 10, 24)

function key(state: KeyState, activeAt = now, purpose = 'client'): WrappedKey {
  return generateKey(rootKey, systemRandom, { purpose, state, createdAt: now, activeAt })
}

describe('the first keys', () => {
  it('are one active key for each purpose, under ids of their own', () => {
    const keys = generateKeys(rootKey, systemRandom, now)
    assert.deepEqual(
      keys.map(({ purpose, state, createdAt, activeAt }) => ({ purpose, state, createdAt, activeAt })),
      PURPOSES.map((purpose) => ({ purpose, state: 'active', createdAt: now, activeAt: now })),
    )
    assert.equal(new Set(keys.map(({ kid }) => kid)).size, PURPOSES.length)
    for (const { kid } of keys) assert.match(kid, /^[0-9a-f]{8}$/)
  })

  it('can be made for fewer purposes, for a database from before a purpose existed', () => {
    assert.deepEqual(
      generateKeys(rootKey, systemRandom, now, ['paging']).map(({ purpose }) => purpose),
      ['paging'],
    )
  })

  it('draw another id when one is taken, and say so when the source of randomness is stuck', () => {
    let draws = 0
    const stutters = { bytes: (n: number) => (n === 4 && draws++ < 2 ? Buffer.alloc(4) : systemRandom.bytes(n)) }
    assert.equal(new Set(generateKeys(rootKey, stutters, now).map(({ kid }) => kid)).size, PURPOSES.length)
    assert.throws(() => generateKeys(rootKey, { bytes: (n) => Buffer.alloc(n) }, now), /randomness repeats itself/)
  })
})

describe('a keyring', () => {
  it('holds a different secret for every purpose', () => {
    const ring = openKeyring(rootKey, generateKeys(rootKey, systemRandom, now))
    const secrets = PURPOSES.map((purpose) => ring.active(purpose).secret.export().toString('hex'))
    assert.equal(new Set(secrets).size, PURPOSES.length)
  })

  it('does not open under another root key, and says what to do', () => {
    const keys = generateKeys(rootKey, systemRandom, now)
    assert.throws(() => openKeyring(Buffer.alloc(32, 8), keys), /root key does not open.*Start with the root key/)
  })

  it('refuses a root key of another length', () => {
    assert.throws(() => openKeyring(Buffer.alloc(16), []), /32 bytes; this one has 16/)
    assert.throws(() => generateKeys(Buffer.alloc(33), systemRandom, now), /32 bytes; this one has 33/)
  })

  it('does not open a key that was moved to another purpose or another id', () => {
    const stored = key('active')
    assert.throws(() => openKeyring(rootKey, [{ ...stored, purpose: 'csrf' }]), /does not open/)
    assert.throws(() => openKeyring(rootKey, [{ ...stored, kid: '00000000' }]), /does not open/)
  })

  it('does not open a key with any bit changed, nor a part of one', () => {
    const stored = key('active')
    const bytes = Buffer.from(stored.wrapped, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      assert.throws(
        () => openKeyring(rootKey, [{ ...stored, wrapped: changed.toString('base64url') }]),
        /does not open/,
      )
    }
    for (let length = 0; length < bytes.length; length++) {
      const part = bytes.subarray(0, length).toString('base64url')
      assert.throws(() => openKeyring(rootKey, [{ ...stored, wrapped: part }]), /is damaged/)
    }
  })

  it('leaves alone the keys of purposes that it does not know', () => {
    const ring = openKeyring(rootKey, [key('active'), key('active', now, 'from-a-newer-version')])
    assert.equal(ring.all('client').length, 1)
  })

  it('never shows a secret when it is printed', () => {
    const ring = openKeyring(rootKey, [key('active')])
    const secret = ring.active('client').secret.export()
    const printed =
      inspect(ring.active('client'), { depth: 9, showHidden: true }) + JSON.stringify(ring.active('client'))
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      assert.ok(!printed.includes(secret.toString(encoding)))
  })
})

describe('the state of a key', () => {
  // What each state may do.
  for (const [state, opens, makes] of [
    ['published', true, false],
    ['active', true, true],
    ['verify-only', true, false],
    ['retired', false, false],
  ] as const) {
    it(`${state}: ${opens ? 'opens' : 'does not open'}, ${makes ? 'and makes what is new' : 'and makes nothing new'}`, () => {
      const stored = key(state)
      const ring = openKeyring(rootKey, [stored])
      assert.equal(ring.find('client', stored.kid) !== undefined, opens)
      assert.equal(ring.all('client').length, opens ? 1 : 0)
      if (makes) assert.equal(ring.active('client').kid, stored.kid)
      else assert.throws(() => ring.active('client'), /no active key for the purpose "client"/)
    })
  }

  it('belongs to one purpose: an id of another finds nothing', () => {
    const stored = key('active')
    assert.equal(openKeyring(rootKey, [stored]).find('csrf', stored.kid), undefined)
  })

  it('lets a published key take over when its time comes, while the old one goes on opening', () => {
    const [old, next] = [key('active'), key('published', now + 60_000)]
    const before = openKeyring(rootKey, [next, old], now + 59_999)
    assert.equal(before.active('client').kid, old.kid)
    assert.ok(before.find('client', next.kid))
    const after = openKeyring(rootKey, [next, old], now + 60_000)
    assert.equal(after.active('client').kid, next.kid)
    assert.ok(after.find('client', old.kid))
    assert.deepEqual(
      after.all('client').map(({ kid }) => kid),
      [next.kid, old.kid],
    )
  })

  it('makes every node choose the same of two active keys, however the rows are ordered', () => {
    const keys = [key('active'), key('active'), key('active', now - 1), key('verify-only', now + 1)]
    const chosen = openKeyring(rootKey, keys).active('client').kid
    assert.equal(openKeyring(rootKey, keys.toReversed()).active('client').kid, chosen)
    assert.ok([keys[0]?.kid, keys[1]?.kid].includes(chosen))
  })
})

describe('a MAC key', () => {
  it('is derived from its key, not the key itself, and always the same', () => {
    const stored = generateKeys(rootKey, systemRandom, now)
    const [here, there] = [openKeyring(rootKey, stored), openKeyring(rootKey, stored)]
    assert.ok(macKey(here.active('csrf')).equals(macKey(there.active('csrf'))))
    assert.ok(!macKey(here.active('csrf')).equals(here.active('csrf').secret))
    assert.ok(!macKey(here.active('csrf')).equals(macKey(here.active('cookie'))))
  })
})
