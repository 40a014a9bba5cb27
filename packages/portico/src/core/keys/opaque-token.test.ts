import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { generateKeys, openKeyring, type Purpose } from './keyring.ts'
import { format, PREFIXES, parse, type TokenKind } from './opaque-token.ts'
import { systemRandom } from './random.ts'
import { createSealer } from './sealing.ts'

const rootKey = Buffer.alloc(32, 7)
const sealer = createSealer(openKeyring(rootKey, generateKeys(rootKey, systemRandom, 0)), systemRandom)
const kinds = Object.keys(PREFIXES) as TokenKind[]

/** How each kind's body is made and judged. */
const bodies: Record<TokenKind, { make(): string; accepts(body: string): boolean }> = {
  clientId: sealed('client'),
  clientSecret: { make: () => sealer.mac('client', 'id'), accepts: (body) => sealer.verifyMac('client', 'id', body) },
  deviceCode: sealed('device-code'),
  authorizationCode: sealed('authorization-code'),
  accessToken: sealed('access-token'),
  refreshToken: sealed('refresh-token'),
  sessionToken: sealed('session-token'),
}

function sealed(purpose: Purpose) {
  return {
    make: () => sealer.seal(purpose, { id: 'b3BhcXVl', expiresAt: 1 }),
    accepts: (body: string) => sealer.open(purpose, body) !== undefined,
  }
}

function isAccepted(kind: TokenKind, text: string): boolean {
  const body = parse(kind, text)
  return body !== undefined && bodies[kind].accepts(body)
}

for (const kind of kinds) {
  describe(`a token of the kind ${kind}`, () => {
    const token = format(kind, bodies[kind].make())

    it('is accepted whole, and shows what it is', () => {
      assert.ok(isAccepted(kind, token))
      assert.ok(token.startsWith(PREFIXES[kind]))
      assert.match(token, /^ptc_(ci|cs|dc|ac|at|rt|st)_[A-Za-z0-9_-]{20,}$/)
    })

    it('is refused when cut anywhere, from either end', () => {
      for (let at = 0; at < token.length; at++) assert.equal(isAccepted(kind, token.slice(0, at)), false, `first ${at}`)
      for (let at = 1; at <= token.length; at++) assert.equal(isAccepted(kind, token.slice(at)), false, `from ${at}`)
    })

    it('is refused with any bit of any character changed', () => {
      for (let bit = 0; bit < token.length * 8; bit++) {
        const changed = Buffer.from(token, 'latin1')
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        assert.equal(isAccepted(kind, changed.toString('latin1')), false, `bit ${bit}`)
      }
    })

    it('is refused with any bit of its body changed or with its body cut, though the checksum be made to fit', () => {
      const bytes = Buffer.from(bodies[kind].make(), 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        assert.equal(isAccepted(kind, format(kind, changed.toString('base64url'))), false, `bit ${bit}`)
      }
      for (let length = 0; length < bytes.length; length++) {
        assert.equal(isAccepted(kind, format(kind, bytes.subarray(0, length).toString('base64url'))), false)
      }
    })

    it('is refused as every other kind, even under their prefix', () => {
      for (const other of kinds.filter((name) => name !== kind)) {
        assert.equal(isAccepted(other, token), false, `as ${other}`)
        assert.equal(isAccepted(other, format(other, parse(kind, token) ?? '')), false, `dressed as ${other}`)
      }
    })

    it('has one spelling', () => {
      const end = token.length - 6
      for (const other of [
        ` ${token}`,
        `${token} `,
        `${token}\n`,
        `${token}=`,
        token.toUpperCase(),
        `${token.slice(0, end)}=${token.slice(end)}`,
        `${token}${token}`,
        `${token}\u0000`,
      ]) {
        assert.equal(parse(kind, other), undefined, JSON.stringify(other))
      }
    })
  })
}

describe('the form of tokens', () => {
  it('gives back the body that it was given, and accepts no other text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.uint8Array({ minLength: 1 }), (kind, bytes) => {
        const body = Buffer.from(bytes).toString('base64url')
        assert.equal(parse(kind, format(kind, body)), body)
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.string({ unit: 'binary' }), (kind, text) => {
        assert.equal(parse(kind, text), undefined)
        assert.equal(parse(kind, PREFIXES[kind] + text), undefined)
      }),
    )
  })

  it('refuses a body that is empty or not base64url, though the checksum fit', () => {
    for (const body of ['', 'QQ==', 'QR', 'Q', '+/+/', 'a b ', 'QUFБ']) {
      assert.equal(parse('accessToken', format('accessToken', body)), undefined, body)
    }
  })

  it('ends in the CRC-32 of what stands before, in base 62, so that a scanner can check it without a key', () => {
    const token = format('refreshToken', 'AQIDBA')
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const value = [...token.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)
    assert.equal(value, crc32('ptc_rt_AQIDBA'))
  })
})
