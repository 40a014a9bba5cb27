/**
 * How our tokens look: a prefix that says what it is, base64url, and six characters of checksum.
 *
 *     ptc_at_AXk3…Zw2f9QbT
 *     ─┬─ ─┬─ ──┬─── ──┬──
 *     ours kind body   CRC-32 of everything before it, in base 62, six digits, `0-9A-Za-z`
 *
 * The prefix and the checksum are for the people who find a token where it should not be. A secret scanner takes
 * `ptc_(ci|cs|dc|ac|at|rt|st)_[A-Za-z0-9_-]{20,}`, computes the checksum, and raises no false alarm; no key is needed.
 * They protect nothing: a body is sealed, or a MAC, and proves itself.
 *
 * Not its job: what a body means. It only promises that one token has one spelling.
 */

import { crc32 } from 'node:zlib'
import { isBase64url } from './base64url.ts'

/** What each kind of token begins with. */
export const PREFIXES = {
  clientId: 'ptc_ci_',
  clientSecret: 'ptc_cs_',
  deviceCode: 'ptc_dc_',
  authorizationCode: 'ptc_ac_',
  accessToken: 'ptc_at_',
  refreshToken: 'ptc_rt_',
  sessionToken: 'ptc_st_',
} as const

/** A kind of token. */
export type TokenKind = keyof typeof PREFIXES

const CHECKSUM_LENGTH = 6
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The token with this body, which must be base64url. */
export function format(kind: TokenKind, body: string): string {
  const text = PREFIXES[kind] + body
  return text + checksum(text)
}

/** The body of a token of this kind; undefined when the text is anything else, or the same token spelled another way. */
export function parse(kind: TokenKind, text: string): string | undefined {
  const prefix = PREFIXES[kind]
  if (!text.startsWith(prefix)) return undefined
  const body = text.slice(prefix.length, -CHECKSUM_LENGTH)
  if (body === '' || !isBase64url(body)) return undefined
  // A checksum is no secret: it need not be compared in constant time.
  return format(kind, body) === text ? body : undefined
}

/** The text without tokens that open anything, wherever in it they stand: for what is written down. Client ids stay. */
export function withoutTokens(text: string): string {
  return text.replace(/ptc_(?:cs|dc|ac|at|rt|st)_[\w-]+/g, '[redacted]')
}

/** Six digits of base 62 hold 35 bits, so a CRC-32 always fits. */
function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits
    rest = Math.floor(rest / DIGITS.length)
  }
  return digits
}
