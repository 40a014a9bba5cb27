import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { generateKey, generateKeys, openKeyring, PURPOSES } from './keyring.ts'
import { type Random, systemRandom } from './random.ts'
import { createSealer, MAX_SEALED_LENGTH } from './sealing.ts'

const rootKey = Buffer.alloc(32, 7)
const now = Date.UTC(2026, 10, 24)
const stored = generateKeys(rootKey, systemRandom, now)
const keyring = openKeyring(rootKey, stored)
const sealer = createSealer(keyring, systemRandom)
const payload = { sessionId: 'c2Vzc2lvbg', generation: 3, issuedAt: now }

const saltOf = (sealed: string) => Buffer.from(sealed, 'base64url').toString('hex', 5, 21)
const nonceOf = (sealed: string) => Buffer.from(sealed, 'base64url').toString('hex', 21, 33)

describe('a sealed payload', () => {
  it('is what went in, for any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (object) => {
        const plain: unknown = JSON.parse(JSON.stringify(object))
        assert.deepEqual(sealer.open('paging', sealer.seal('paging', object)), plain)
      }),
    )
  })

  it('opens in another process with the same keys, and nowhere else', () => {
    const sealed = sealer.seal('access-token', payload)
    assert.deepEqual(createSealer(openKeyring(rootKey, stored), systemRandom).open('access-token', sealed), payload)
    const otherRoot = Buffer.alloc(32, 8)
    const foreign = createSealer(openKeyring(otherRoot, generateKeys(otherRoot, systemRandom, now)), systemRandom)
    assert.equal(foreign.open('access-token', sealed), undefined)
  })

  it('does not open under a foreign key that carries the same id', () => {
    const kid = keyring.active('access-token').kid
    const sameId: Random = { bytes: (n) => (n === 4 ? Buffer.from(kid, 'hex') : systemRandom.bytes(n)) }
    const twin = generateKeys(Buffer.alloc(32, 8), sameId, now, ['access-token'])
    const foreign = createSealer(openKeyring(Buffer.alloc(32, 8), twin), systemRandom)
    assert.equal(foreign.open('access-token', sealer.seal('access-token', payload)), undefined)
  })

  it('opens for the one purpose that it was sealed for, of all eleven', () => {
    for (const made of PURPOSES) {
      const sealed = sealer.seal(made, payload)
      for (const asked of PURPOSES)
        assert.equal(sealer.open(asked, sealed) !== undefined, asked === made, `${made} as ${asked}`)
    }
  })

  it('is made something of once when that is kept, and anew, or not at all, once keys have changed', () => {
    let ring = keyring
    let made = 0
    const changing = createSealer(() => ring, systemRandom)
    const sealed = changing.seal('client', payload)
    const kept = () =>
      changing.keep(sealed, () => {
        made += 1
        return changing.open('client', sealed)
      })
    const first = kept()
    assert.deepEqual(first, payload)
    assert.equal(kept(), first)
    assert.equal(made, 1)
    ring = openKeyring(
      rootKey,
      stored.map((key) => (key.purpose === 'client' ? { ...key, state: 'retired' as const } : key)),
    )
    assert.equal(kept(), undefined)
    ring = keyring
    assert.deepEqual(kept(), payload, 'that nothing came of it was not kept')
    assert.equal(made, 3)
  })

  it('is kept among so many at most, and what nothing comes of pushes nothing out', () => {
    const small = createSealer(keyring, systemRandom, { mostKept: 2 })
    const made: string[] = []
    const keep = (text: string) =>
      small.keep(text, () => {
        made.push(text)
        return { text }
      })
    for (const text of ['a', 'b', 'a']) keep(text)
    for (let i = 0; i < 10; i++) small.keep(`invented-${i}`, () => undefined)
    for (const text of ['a', 'b', 'c', 'a']) keep(text)
    assert.deepEqual(made, ['a', 'b', 'c', 'a'])
  })

  it('would not open for another purpose even if both shared one key', () => {
    const secret = keyring.active('csrf')
    const shared = createSealer({ active: () => secret, find: () => secret, all: () => [secret] }, systemRandom)
    assert.deepEqual(shared.open('csrf', shared.seal('csrf', payload)), payload)
    assert.equal(shared.open('cookie', shared.seal('csrf', payload)), undefined)
  })

  it('does not open with any bit of any byte changed', () => {
    const bytes = Buffer.from(sealer.seal('device-code', payload), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      assert.equal(sealer.open('device-code', changed.toString('base64url')), undefined, `bit ${bit}`)
    }
  })

  it('does not open when anything is cut from either end, taken from the middle or added', () => {
    const bytes = Buffer.from(sealer.seal('device-code', payload), 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      assert.equal(sealer.open('device-code', bytes.subarray(0, at).toString('base64url')), undefined)
      if (at > 0) assert.equal(sealer.open('device-code', bytes.subarray(at).toString('base64url')), undefined)
      const without = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])
      assert.equal(sealer.open('device-code', without.toString('base64url')), undefined)
    }
    assert.equal(sealer.open('device-code', Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url')), undefined)
  })

  it('cannot be put together from halves of two others', () => {
    const [a, b] = [1, 2].map((n) => Buffer.from(sealer.seal('device-code', { ...payload, n }), 'base64url')) as [
      Buffer,
      Buffer,
    ]
    for (let at = 1; at < a.length; at++) {
      const mixed = Buffer.concat([a.subarray(0, at), b.subarray(at)])
      const opens = sealer.open('device-code', mixed.toString('base64url'))
      // Version, key id and salt are the same in both, and now and then a byte beside the cut: then it is one of the two whole.
      assert.equal(opens !== undefined, mixed.equals(a) || mixed.equals(b), `cut at ${at}`)
      if (at <= 21) assert.ok(mixed.equals(b), `cut at ${at}`)
    }
  })

  it('has one spelling', () => {
    const sealed = sealer.seal('csrf', payload)
    for (const other of [`${sealed}=`, ` ${sealed}`, `${sealed}\n`, sealed.replace(/.$/, '.'), `${sealed}A`]) {
      assert.equal(sealer.open('csrf', other), undefined)
    }
  })

  it('is judged without throwing, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => sealer.open('cookie', text) === undefined),
    )
    const version = Buffer.from([1])
    const kid = Buffer.from(keyring.active('cookie').kid, 'hex')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (rest) => {
        return sealer.open('cookie', Buffer.concat([version, kid, rest]).toString('base64url')) === undefined
      }),
    )
    assert.equal(sealer.open('cookie', 'A'.repeat(MAX_SEALED_LENGTH + 4)), undefined)
  })

  it('must be an object, and an object of ours is never turned into another kind', () => {
    for (const value of [[], [1], null, 1, 'text']) {
      assert.equal(sealer.open('cookie', sealer.seal('cookie', value as object)), undefined)
    }
    const opened = sealer.open('cookie', sealer.seal('cookie', JSON.parse('{"__proto__":{"administrator":true}}')))
    assert.equal(Object.getPrototypeOf(opened), Object.prototype)
    assert.equal(opened?.administrator, undefined)
    assert.equal(Object.getPrototypeOf({ ...opened }), Object.prototype)
  })

  it('may not be so long that it would not be opened again', () => {
    assert.throws(() => sealer.seal('paging', { text: 'x'.repeat(MAX_SEALED_LENGTH) }), /too long to seal/)
    const longest = sealer.seal('paging', { text: 'x'.repeat(12_000) })
    assert.ok(sealer.open('paging', longest))
  })
})

describe('nonces and salts', () => {
  it('never repeat a nonce: 100,000 seals under one salt', () => {
    const nonces = new Set<string>()
    const salts = new Set<string>()
    for (let i = 0; i < 100_000; i++) {
      const sealed = sealer.seal('paging', {})
      nonces.add(nonceOf(sealed))
      salts.add(saltOf(sealed))
    }
    assert.equal(nonces.size, 100_000)
    assert.equal(salts.size, 1)
  })

  it('give each process and each purpose a salt of its own', () => {
    const other = createSealer(keyring, systemRandom)
    const salts = [sealer, other].flatMap((one) => PURPOSES.map((purpose) => saltOf(one.seal(purpose, payload))))
    assert.equal(new Set(salts).size, 2 * PURPOSES.length)
  })

  it('renew the salt after its number of seals, and what was sealed before still opens', () => {
    const short = createSealer(keyring, systemRandom, { sealsPerSalt: 3 })
    const sealed = Array.from({ length: 10 }, () => short.seal('cookie', payload))
    const runs = Map.groupBy(sealed, saltOf)
    assert.deepEqual(
      [...runs.values()].map((run) => run.length),
      [3, 3, 3, 1],
    )
    for (const text of sealed) assert.deepEqual(short.open('cookie', text), payload)
  })

  it('open with a cache of any size, and with salts that come and go', () => {
    const makers = Array.from({ length: 5 }, () => createSealer(keyring, systemRandom))
    const small = createSealer(keyring, systemRandom, { mostKept: 2 })
    for (let round = 0; round < 3; round++) {
      for (const maker of makers) assert.deepEqual(small.open('cookie', maker.seal('cookie', payload)), payload)
    }
  })
})

describe('rotating keys', () => {
  const later = now + 60_000
  const old = generateKey(rootKey, systemRandom, { purpose: 'cookie', state: 'active', createdAt: now, activeAt: now })
  const next = generateKey(rootKey, systemRandom, {
    purpose: 'cookie',
    state: 'published',
    createdAt: now,
    activeAt: later,
  })

  it('ends nothing: what either key sealed or MACed is good before and after', () => {
    let ring = openKeyring(rootKey, [old, next], now)
    const node = createSealer(() => ring, systemRandom)
    const [sealed, mac] = [node.seal('cookie', payload), node.mac('cookie', 'text')]
    // Another node was quicker.
    const ahead = createSealer(openKeyring(rootKey, [old, next], later), systemRandom)
    assert.deepEqual(node.open('cookie', ahead.seal('cookie', payload)), payload)
    assert.ok(node.verifyMac('cookie', 'text', ahead.mac('cookie', 'text')))

    ring = openKeyring(rootKey, [old, next], later)
    assert.deepEqual(node.open('cookie', sealed), payload)
    assert.ok(node.verifyMac('cookie', 'text', mac))
    assert.notEqual(saltOf(node.seal('cookie', payload)), saltOf(sealed))
    assert.equal(Buffer.from(node.seal('cookie', payload), 'base64url').toString('hex', 1, 5), next.kid)
  })

  it('retires a key at once, though what it sealed was opened a moment ago', () => {
    let ring = openKeyring(rootKey, [old])
    const node = createSealer(() => ring, systemRandom)
    const [sealed, mac] = [node.seal('cookie', payload), node.mac('cookie', 'text')]
    assert.deepEqual(node.open('cookie', sealed), payload)
    ring = openKeyring(rootKey, [{ ...old, state: 'retired' }, next], later)
    assert.equal(node.open('cookie', sealed), undefined)
    assert.equal(node.verifyMac('cookie', 'text', mac), false)
  })

  it('finds what an earlier key MACed, by asking for the MAC under every good key', () => {
    const before = createSealer(openKeyring(rootKey, [old, next], now), systemRandom)
    const after = createSealer(openKeyring(rootKey, [old, next], later), systemRandom)
    assert.ok(after.macs('cookie', 'text').includes(before.mac('cookie', 'text')))
    assert.equal(after.macs('cookie', 'text')[0], after.mac('cookie', 'text'))
    assert.equal(after.macs('cookie', 'text').length, 2)
  })
})

describe('a MAC', () => {
  it('is always the same for one text and purpose, so that it can be looked up', () => {
    assert.equal(sealer.mac('user-code', 'BCDFGHJK'), createSealer(keyring, systemRandom).mac('user-code', 'BCDFGHJK'))
    assert.match(sealer.mac('user-code', 'BCDFGHJK'), /^[A-Za-z0-9_-]{48}$/)
  })

  it('stands for its text and its purpose only', () => {
    for (const made of PURPOSES) {
      for (const asked of PURPOSES) {
        assert.equal(sealer.verifyMac(asked, 'text', sealer.mac(made, 'text')), asked === made)
      }
    }
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => sealer.verifyMac('csrf', b, sealer.mac('csrf', a)) === (a === b)),
    )
  })

  it('does not verify with any bit changed, cut, padded, or made of anything else', () => {
    const mac = sealer.mac('csrf', 'text')
    const bytes = Buffer.from(mac, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      assert.equal(sealer.verifyMac('csrf', 'text', changed.toString('base64url')), false)
    }
    for (let length = 0; length < mac.length; length++)
      assert.equal(sealer.verifyMac('csrf', 'text', mac.slice(0, length)), false)
    assert.equal(sealer.verifyMac('csrf', 'text', `${mac}A`), false)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => !sealer.verifyMac('csrf', 'text', text)),
    )
  })
})
