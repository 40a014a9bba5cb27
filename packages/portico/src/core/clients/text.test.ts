import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cleanDisplayText } from './text.ts'

describe('text that strangers chose', () => {
  for (const [what, text, clean] of [
    ['ordinary names stay as they are', 'botocore-client-my', 'botocore-client-my'],
    ['so do names in other scripts', 'Zażółć 東京 नमस्ते ไทย', 'Zażółć 東京 नमस्ते ไทย'],
    ['letters are composed', 'Cafe\u0301', 'Caf\u00e9'],
    ['text direction cannot be turned around', 'exe.\u202efdp\u202c', 'exe.fdp'],
    ['isolates go as well', '\u2066AWS\u2069 CLI\u200f', 'AWS CLI'],
    ['controls go', 'AWS\u0000\u0007\u001b[31m CLI\u007f\u0085', 'AWS[31m CLI'],
    ['lines become one line', 'AWS\r\nCLI\u2028two\u2029three', 'AWS CLI two three'],
    ['blanks of every kind become one space', ' \tAWS\u00a0\u3000\u2800CLI ', 'AWS CLI'],
    ['nothing hides between letters', 'A\u200bW\u200cS\u2060\u00ad\ufeffX', 'AWS X'],
    ['fillers that are drawn as nothing go', '\u3164\u115f\uffa0AWS', 'AWS'],
    ['tag characters go', 'AWS\u{e0041}\u{e0042}', 'AWS'],
    ['private use goes', 'AWS\ue000\u{f0000}', 'AWS'],
    ['lone surrogates become the replacement character', 'a\ud800b', 'a\ufffdb'],
    ['towers of marks are cut', `Z${'\u0335'.repeat(40)}`, `Z${'\u0335'.repeat(4)}`],
    ['what has nothing to see is empty', '\u202e\u200b \n', ''],
  ] as const) {
    it(what, () => assert.equal(cleanDisplayText(text, 64), clean))
  }

  it('is cut by code points, never through one, and does not end in a blank', () => {
    assert.equal(cleanDisplayText('😀😀😀', 2), '😀😀')
    assert.equal(cleanDisplayText('abc def', 4), 'abc')
    assert.equal(cleanDisplayText('abc', 0), '')
  })

  it('comes out within its bounds, well formed, and the same when cleaned again', () => {
    const nasty = fc.constantFrom(
      ...'aZ \n\u0301\u0344\u0345\u200d\u202e\u3164\u1100\u1161\u11a8\ufe0f\u2800'.split(''),
    )
    const text = fc.string({ unit: fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })) })
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 20 }), (chosen, max) => {
        const clean = cleanDisplayText(chosen, max)
        assert.ok([...clean].length <= max)
        assert.ok(clean.isWellFormed())
        assert.equal(clean, clean.normalize('NFC'))
        assert.doesNotMatch(clean, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]| {2}|^ | $/u)
        assert.equal(cleanDisplayText(clean, max), clean)
      }),
      { numRuns: 1_000 },
    )
  })
})
