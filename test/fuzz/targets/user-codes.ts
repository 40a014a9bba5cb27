/** User codes, as people type them. */
import assert from 'node:assert/strict'
import { formatUserCode, normaliseUserCode } from '../../../packages/portico/src/core/grants/user-code.ts'
import type { Target } from '../target.ts'

const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'

export const target: Target = {
  reads: 'user codes, as people type them',
  promises:
    'No code, or eight or ten letters of the alphabet that are, in order, those that were typed; every spelling of one code is that code.',
  files: ['packages/portico/src/core/grants/user-code.ts'],
  seeds: [
    'BCDF-GHJK',
    'bcdf ghjk',
    'bcdfg-hjklm',
    '\u00ef\u00bc\u00a2CDF\u00e2\u0080\u0094GHJK',
    'BCDF\u00e2\u0080\u008bGHJK',
    'BCDF-GHJ\u00c5\u00bf',
  ],
  words: [...ALPHABET, '-', ' ', '\u00e2\u0080\u0090', '\u00ef\u00bc\u008d', '\u00e2\u0084\u00aa', '\u00c4\u00b1'],
  longest: 200,
  check(input) {
    const typed = input.toString('utf8')
    const code = normaliseUserCode(typed)
    if (code === undefined) return
    assert.match(code, /^(?:[BCDFGHJKLMNPQRSTVWXZ]{8}|[BCDFGHJKLMNPQRSTVWXZ]{10})$/)
    // Compatibility decomposition is another way to know full-width letters.
    const letters = [...typed.normalize('NFKD')].filter((letter) => /[a-z0-9]/i.test(letter) && /^[!-~]$/.test(letter))
    assert.equal(letters.join('').toUpperCase(), code)
    for (const spelling of [code, formatUserCode(code), code.toLowerCase(), ` ${code}\n`])
      assert.equal(normaliseUserCode(spelling), code)
  },
}
