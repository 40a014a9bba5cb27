import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { decodeBase64url, isBase64url } from './base64url.ts'
import { drawnAtOnce, equalInConstantTime, randomId, randomUuid, sha256, systemRandom } from './random.ts'

describe('randomness', () => {
  it('gives an identifier 128 bits, in 22 characters that a URL may hold', () => {
    assert.match(randomId(systemRandom), /^[A-Za-z0-9_-]{22}$/)
    const ids = new Set(Array.from({ length: 10_000 }, () => randomId(systemRandom)))
    assert.equal(ids.size, 10_000)
  })

  it('gives UUIDs of version 4 and of the variant of RFC 9562, whatever is drawn', () => {
    for (const byte of [0x00, 0x5a, 0xff]) {
      const uuid = randomUuid({ bytes: (n) => Buffer.alloc(n, byte) })
      assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('hands out bytes that nobody else holds', () => {
    const first = systemRandom.bytes(32)
    const copy = Buffer.from(first)
    systemRandom.bytes(32).fill(0)
    assert.deepEqual(first, copy)
  })

  it('hands out each byte once, in any sizes, although it is drawn many at a time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 200 }), (sizes) => {
        let drawn = 0
        const random = drawnAtOnce((n) => {
          const bytes = Buffer.alloc(n)
          // No two bytes of one place are alike: what is handed out tells where it was.
          for (let i = 0; i < n; i++) bytes[i] = (drawn + i) % 251
          drawn += n
          return bytes
        })
        const handed = sizes.map((n) => random.bytes(n))
        for (const [i, bytes] of handed.entries()) assert.equal(bytes.length, sizes[i])
        const places = handed.flatMap((bytes) =>
          Array.from(bytes, (_, i) => [bytes.buffer, bytes.byteOffset + i] as const),
        )
        const byBuffer = Map.groupBy(places, ([buffer]) => buffer)
        for (const taken of byBuffer.values()) assert.equal(new Set(taken.map(([, at]) => at)).size, taken.length)
      }),
    )
  })
})

describe('a hash', () => {
  it('is the SHA-256 of the UTF-8, in base64url', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(sha256(text), createHash('sha256').update(text, 'utf8').digest('base64url'))
      }),
    )
  })
})

describe('comparing secrets', () => {
  it('says what === says, for texts of any length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        assert.equal(equalInConstantTime(a, b), a === b)
        assert.equal(equalInConstantTime(a, `${a}`), true)
      }),
    )
  })

  it('tells apart texts that become the same UTF-8', () => {
    assert.equal(equalInConstantTime('\ud800', '\ud801'), false)
    assert.equal(equalInConstantTime('\ud800', '\ufffd'), false)
  })
})

describe('base64url', () => {
  it('reads back what it spelled, and has one spelling for each', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.deepEqual(decodeBase64url(Buffer.from(bytes).toString('base64url')), Buffer.from(bytes))
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AZaz09-_+/= \n.') }), (text) => {
        const bytes = decodeBase64url(text)
        assert.ok(bytes === undefined || bytes.toString('base64url') === text)
      }),
    )
  })

  for (const [what, text] of [
    ['padding', 'QQ=='],
    ['the other alphabet', '+/+/'],
    ['stray last bits', 'QR'],
    ['stray last bits after two bytes', 'QUF'],
    ['a single left-over character', 'QUFBQ'],
    ['white space', 'QU FB'],
    ['a line end', 'QUFB\n'],
    ['letters outside ASCII', 'QUFБ'],
  ] as const) {
    it(`refuses ${what}, which the decoder of Node reads`, () => assert.equal(isBase64url(text), false))
  }
})
