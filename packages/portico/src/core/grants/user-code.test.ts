import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { systemRandom } from '../keys/random.ts'
import { formatUserCode, newUserCode, normaliseUserCode, USER_CODE_ALPHABET } from './user-code.ts'

const code = fc.oneof(
  ...[8, 10].map((length) =>
    fc.string({ unit: fc.constantFrom(...USER_CODE_ALPHABET), minLength: length, maxLength: length }),
  ),
)

describe('a new user code', () => {
  it('is eight or ten of the twenty consonants of RFC 8628', () => {
    assert.equal(USER_CODE_ALPHABET.length, 20)
    for (let i = 0; i < 1_000; i++) {
      assert.match(newUserCode(systemRandom), /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/)
      assert.match(newUserCode(systemRandom, 10), /^[BCDFGHJKLMNPQRSTVWXZ]{10}$/)
    }
  })

  it('draws every letter as often as every other: of all 256 bytes, twelve give each and sixteen are drawn again', () => {
    const counts = new Map<string, number>()
    for (let byte = 0; byte < 256; byte++) {
      // The byte under test comes first and alone; whatever else is needed is zero, which is a B.
      let first = true
      const drawn = newUserCode({
        bytes(n) {
          const bytes = first ? Buffer.from([byte]) : Buffer.alloc(n)
          first = false
          return bytes
        },
      })
      if (byte < 240) counts.set(drawn.charAt(0), (counts.get(drawn.charAt(0)) ?? 0) + 1)
      else assert.equal(drawn, 'BBBBBBBB')
    }
    assert.deepEqual([...counts.keys()], [...USER_CODE_ALPHABET])
    assert.deepEqual([...counts.values()], Array(20).fill(12))
  })
})

describe('how a user code is shown', () => {
  it('is in two halves', () => {
    assert.equal(formatUserCode('BCDFGHJK'), 'BCDF-GHJK')
    assert.equal(formatUserCode('BCDFGHJKLM'), 'BCDFG-HJKLM')
  })
})

describe('what a person types', () => {
  for (const [how, typed] of [
    ['as it is shown', 'BCDF-GHJK'],
    ['without the dash', 'BCDFGHJK'],
    ['in lower case', 'bcdf-ghjk'],
    ['with mixed case', 'bCdF-gHjK'],
    ['with spaces', '  BCDF  GHJK '],
    ['with a space after each letter', 'B C D F G H J K'],
    ['with no-break and ideographic spaces', 'BCDF\u00a0\u3000GHJK'],
    ['with a tab and a line end', 'BCDF\tGHJK\r\n'],
    ['with an en dash', 'BCDF\u2013GHJK'],
    ['with an em dash', 'BCDF\u2014GHJK'],
    ['with a no-break hyphen', 'BCDF\u2011GHJK'],
    ['with a minus sign', 'BCDF\u2212GHJK'],
    ['with dots', 'BCDF.GHJK.'],
    ['with a middle dot', 'BCDF·GHJK'],
    ['with an underscore', 'BCDF_GHJK'],
    ['with a soft hyphen', 'BCDF\u00adGHJK'],
    ['with an invisible mark that came along when it was copied', '\u200e\ufeffBCDF-GHJK\u200b'],
    ['in full-width letters', 'ＢＣＤＦ－ｇｈｊｋ'],
  ] as const) {
    it(`is the code, ${how}`, () => assert.equal(normaliseUserCode(typed), 'BCDFGHJK'))
  }

  for (const [what, typed] of [
    ['nothing', ''],
    ['seven letters', 'BCDF-GHJ'],
    ['nine letters', 'BCDFG-HJKL'],
    ['eleven letters', 'BCDFGHJKLMN'],
    ['a vowel', 'ACDF-GHJK'],
    ['a digit', '8CDF-GHJK'],
    ['the Kelvin sign, whose lower case is k', 'BCDF-GHJ\u212a'],
    ['the long s, whose upper case is S', 'BCDF-GHJ\u017f'],
    ['a sharp s, whose upper case is SS', 'BCDF-GH\u00df'],
    ['a Cyrillic letter that looks like one of ours', 'BCDF-GHJ\u041a'],
    ['an accent on a letter', 'BCDF-GHJK\u0301'],
    ['a slash', 'BCDF/GHJK'],
    ['a percent sign, as for a LIKE', 'BCDF-GHJ%'],
    ['a code drowned in spaces', `BCDF${' '.repeat(60)}GHJK`],
  ] as const) {
    it(`cannot be a code with ${what}`, () => assert.equal(normaliseUserCode(typed), undefined))
  }

  it('is the same code in every spelling, so that attempts are counted once for it', () => {
    const separator = fc.constantFrom('', ' ', '-', '–', '.', '\u00a0', '\u200b')
    fc.assert(
      fc.property(
        code,
        fc.array(fc.tuple(separator, fc.boolean()), { minLength: 10, maxLength: 10 }),
        (drawn, style) => {
          const letters = [...drawn].map((letter, i) => {
            const [before, lower] = style[i] ?? ['', false]
            return before + (lower ? letter.toLowerCase() : letter)
          })
          assert.equal(normaliseUserCode(letters.join('')), drawn)
          assert.equal(normaliseUserCode(formatUserCode(drawn)), drawn)
        },
      ),
    )
  })

  it('is either a code or nothing, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const found = normaliseUserCode(text)
        assert.ok(found === undefined || (/^[B-Z]{8,10}$/.test(found) && normaliseUserCode(found) === found))
      }),
    )
  })
})
