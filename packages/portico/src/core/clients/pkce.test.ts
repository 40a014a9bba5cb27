import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { challengeOf, isCodeChallenge, isCodeVerifier } from './pkce.ts'

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'

describe('a code verifier', () => {
  it('has 43 to 128 unreserved characters', () => {
    assert.equal(isCodeVerifier('a'.repeat(42)), false)
    assert.equal(isCodeVerifier('a'.repeat(43)), true)
    assert.equal(isCodeVerifier('a'.repeat(128)), true)
    assert.equal(isCodeVerifier('a'.repeat(129)), false)
    assert.equal(isCodeVerifier(unreserved), true)
  })

  it('has no other character', () => {
    for (let unit = 0; unit < 0x180; unit++) {
      const character = String.fromCharCode(unit)
      assert.equal(isCodeVerifier('a'.repeat(43) + character), unreserved.includes(character), `U+${unit.toString(16)}`)
    }
  })
})

describe('a challenge', () => {
  it('is that of RFC 7636, appendix B', () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    assert.equal(challengeOf(verifier), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
  })

  it('has the form of a challenge, for every verifier', () => {
    const verifier = fc.string({ unit: fc.constantFrom(...unreserved), minLength: 43, maxLength: 128 })
    fc.assert(fc.property(verifier, (text) => isCodeVerifier(text) && isCodeChallenge(challengeOf(text))))
  })

  for (const [what, text] of [
    ['nothing', ''],
    ['padding', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM='],
    ['the other alphabet', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM'],
    ['one character less', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c'],
    ['one character more', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMA'],
    ['last bits that no hash leaves', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN'],
    ['a verifier as in the method "plain"', 'a.b~'.repeat(16)],
  ] as const) {
    it(`is not ${what}`, () => assert.equal(isCodeChallenge(text), false))
  }
})
