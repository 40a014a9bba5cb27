/**
 * User codes: what a person reads on one screen and types on another. Twenty consonants, so that no code spells a word and
 * none is mistaken for a digit; eight of them hold 34 bits, ten hold 43.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-6.1
 */

import type { Random } from '../keys/random.ts'

/** The letters of a user code. */
export const USER_CODE_ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'

/** How many letters a code has: eight, or ten where so many codes wait that eight would be too easily hit. */
export type UserCodeLength = 8 | 10

/** A new code, as stored: capitals without a separator. Every letter is as likely as every other. */
export function newUserCode(random: Random, length: UserCodeLength = 8): string {
  // 240 is the greatest multiple of 20 in a byte: keeping what lies above it would favour the first sixteen letters.
  const fair = 256 - (256 % USER_CODE_ALPHABET.length)
  let code = ''
  while (code.length < length) {
    const letters = [...random.bytes(length)].filter((byte) => byte < fair)
    code += letters.map((byte) => USER_CODE_ALPHABET.charAt(byte % USER_CODE_ALPHABET.length)).join('')
  }
  return code.slice(0, length)
}

/** The code as people see it: `BCDF-GHJK`. */
export function formatUserCode(code: string): string {
  const half = Math.ceil(code.length / 2)
  return `${code.slice(0, half)}-${code.slice(half)}`
}

/** No honest spelling is longer: ten letters, each followed by a separator or two. */
const MAX_TYPED_LENGTH = 64
// `i` without `u`: no letter outside ASCII, such as the long s or the Kelvin sign, passes for one of ours.
const CODE = new RegExp(`^(?:[${USER_CODE_ALPHABET}]{8}|[${USER_CODE_ALPHABET}]{10})$`, 'i')
const SEPARATORS = /[\s\p{Z}\p{Pd}\p{Cf}\u2212_.·•]/gu

/**
 * What a person typed, as stored; undefined when it cannot be a code. Every spelling of one code gives the same text, so that
 * attempts are counted for the code and not for its spelling: either case, any spaces, dashes, dots and underscores, and
 * the full-width letters of East Asian keyboards.
 */
export function normaliseUserCode(text: string): string | undefined {
  if (text.length > MAX_TYPED_LENGTH) return undefined
  const letters = text.replace(/[\uff01-\uff5e]/g, toAscii).replace(SEPARATORS, '')
  return CODE.test(letters) ? letters.toUpperCase() : undefined
}

/** Full-width forms lie at a fixed distance from ASCII. */
function toAscii(fullWidth: string): string {
  return String.fromCharCode(fullWidth.charCodeAt(0) - 0xfee0)
}
