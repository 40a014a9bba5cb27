/**
 * Where unpredictability comes from, and the few things that are made of it. Core never reaches for a generator of its own:
 * randomness is passed in, so that a test can say what was drawn.
 */

import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A source of unpredictable bytes. Each call gives bytes that nobody else holds. */
export type Random = {
  /** `n` fresh bytes. */
  bytes(n: number): Buffer
}

/** The operating system's generator, through OpenSSL. */
export const systemRandom: Random = drawnAtOnce(randomBytes)

/** Nonces and ids are drawn by the pageful, since asking for twelve bytes costs as much as asking for four thousand. */
const POOL_BYTES = 4_096
const MOST_POOLED = 64

/** A source that asks `draw` seldom. Each byte is handed out once. */
export function drawnAtOnce(draw: (n: number) => Buffer): Random {
  let pool: Buffer = Buffer.alloc(0)
  let used = 0
  return {
    bytes(n) {
      if (n > MOST_POOLED) return draw(n)
      if (used + n > pool.length) {
        pool = draw(POOL_BYTES)
        used = 0
      }
      used += n
      return pool.subarray(used - n, used)
    },
  }
}

/** An identifier that cannot be guessed: 16 random bytes, 22 characters of base64url. */
export function randomId(random: Random): string {
  return random.bytes(16).toString('base64url')
}

/**
 * A random UUID, version 4.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.4
 */
export function randomUuid(random: Random): string {
  const bytes = random.bytes(16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** SHA-256 of bytes, or of a text's UTF-8, as base64url without padding (43 characters). */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'base64url')
}

/**
 * Whether two secrets are the same text, in a time that says nothing about where they differ, nor about how long the
 * expected one is.
 */
export function equalInConstantTime(a: string, b: string): boolean {
  // Digests have one length, which timingSafeEqual needs. The second comparison runs only when the digests agree, and
  // tells apart what UTF-8 cannot: two different lone surrogates.
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer')) && a === b
}
