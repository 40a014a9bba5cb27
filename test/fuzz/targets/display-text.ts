/** Names that programs choose for themselves, as people are shown them. */
import assert from 'node:assert/strict'
import { cleanDisplayText } from '../../../packages/portico/src/core/clients/text.ts'
import type { Target } from '../target.ts'

export const target: Target = {
  reads: 'names that programs choose for themselves',
  promises:
    'One line of at most 64 characters that can all be seen, in normal form C; cleaning it again changes nothing.',
  files: ['packages/portico/src/core/clients/text.ts'],
  seeds: [
    'a program',
    'a\u00e2\u0080\u00aeb\tc  d\n',
    'e\u00cc\u0081\u00cc\u0081\u00cc\u0081\u00cc\u0081\u00cc\u0081\u00cc\u0081',
    '\u00f0\u009f\u0091\u00a9\u00e2\u0080\u008d\u00f0\u009f\u0092\u00bb',
    'x'.repeat(70),
  ],
  words: [
    '\u00e2\u0080\u00ae',
    '\u00e2\u0080\u008b',
    '\u00cc\u0081',
    '\u00c2\u00a0',
    '\u00e2\u00a0\u0080',
    '\u00e3\u0085\u00a4',
    '\u00f3\u00a0\u0080\u0081',
    '\u00ef\u00b8\u008f',
    '\u00ea\u00b0\u0080',
    '\u00e1\u0086\u00a8',
  ],
  longest: 400,
  check(input) {
    const shown = cleanDisplayText(input.toString('utf8'), 64)
    assert.ok([...shown].length <= 64)
    assert.equal(shown, shown.normalize('NFC').trim())
    assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2028\u2029]| {2}|\p{M}{5}/u)
    assert.equal(cleanDisplayText(shown, 64), shown)
  },
}
