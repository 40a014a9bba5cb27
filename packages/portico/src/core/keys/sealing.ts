/**
 * Sealing: text that only this instance can make or read. Client ids, codes, tokens and cookies are sealed, so that most of
 * what arrives can be judged without asking the database, and what was forged, cut or meant for something else never
 * reaches a rule.
 *
 * A sealed text is base64url of
 *
 *     version (1) · key id (4) · salt (16) · nonce (12) · AES-256-GCM ciphertext of a JSON object · tag (16)
 *
 * The encryption key is HKDF(key of the purpose, salt): each process draws its own salt, and a new one every 2³¹ seals, so
 * random 96-bit nonces stay far from their bound however many processes seal.
 *
 * Not its job: expiry, and what the payload means. Whoever opens a payload checks both.
 *
 * @see https://doi.org/10.6028/NIST.SP.800-38D §8.3
 */

import { createCipheriv, createDecipheriv, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { decodeBase64url } from './base64url.ts'
import { deriveKey, type Key, type Keyring, macKey, PURPOSES, type Purpose } from './keyring.ts'
import type { Random } from './random.ts'

/** Seals, opens and MACs, for one instance. */
export type Sealer = {
  /** The payload as sealed text. Throws when it is longer than `MAX_SEALED_LENGTH`. */
  seal(purpose: Purpose, payload: object): string
  /**
   * The payload, when the text is whole, authentic and of this purpose; else undefined. Never throws on hostile input.
   * `T` names what this purpose seals: that it is authentic means that an instance with these keys made it.
   */
  open<T extends object = Readonly<Record<string, unknown>>>(purpose: Purpose, text: string): T | undefined
  /**
   * What `make` makes of a text that comes again with every request, such as a client id, kept until the keys change: what a key
   * vouched for that is no longer good is made anew, or not at all. Not for what nobody may know; it would stay in memory.
   */
  keep<T extends object>(text: string, make: () => T | undefined): T | undefined
  /** A MAC of the text under the active key: base64url of key id (4) · HMAC-SHA256 (32), 48 characters. */
  mac(purpose: Purpose, text: string): string
  /** The MACs of the text under every key that is still good, the active one's first: to look up what an earlier key made. */
  macs(purpose: Purpose, text: string): readonly string[]
  /** Whether `mac` was made of this text, for this purpose, under any key that is still good. In constant time. */
  verifyMac(purpose: Purpose, text: string, mac: string): boolean
}

/** Bounds that only tests have a reason to change. */
export type SealerOptions = {
  /** Seals under one salt before the next is drawn. */
  sealsPerSalt?: number
  /** Derived keys kept for opening, and things that are kept for `keep`. */
  mostKept?: number
}

/** Nothing sealed is longer than this, in characters, so nothing longer is worth decoding. */
export const MAX_SEALED_LENGTH = 16_384

const VERSION = 1
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KID_AT = 1
const SALT_AT = KID_AT + 4
const NONCE_AT = SALT_AT + SALT_BYTES
const CIPHERTEXT_AT = NONCE_AT + NONCE_BYTES
/** 4 + 32 bytes in base64url. */
const MAC_LENGTH = 48

/** The purpose is authenticated with every payload, so even one key under two purposes would not mix them up. */
const CONTEXTS = new Map(PURPOSES.map((purpose) => [purpose, Buffer.from(`portico/${purpose}/v${VERSION}`)]))

/** A sealer over a keyring, or over a function that says which keyring is current, when keys rotate under it. */
export function createSealer(keyring: Keyring | (() => Keyring), random: Random, options: SealerOptions = {}): Sealer {
  const { sealsPerSalt = 2 ** 31, mostKept = 1_000 } = options
  const keys = typeof keyring === 'function' ? keyring : () => keyring
  const current = new Map<Purpose, SealingKey>()
  const subkeys = new Map<string, KeyObject>()
  const kept = new Map<string, object>()
  let keptUnder: Keyring | undefined

  function sealingKey(purpose: Purpose): SealingKey {
    const key = keys().active(purpose)
    let sealing = current.get(purpose)
    if (sealing?.kid !== key.kid || sealing.left === 0) {
      sealing = newSealingKey(key, random, sealsPerSalt)
      current.set(purpose, sealing)
    }
    sealing.left -= 1
    return sealing
  }

  return {
    seal(purpose, payload) {
      const { header, subkey } = sealingKey(purpose)
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', subkey, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(contextOf(purpose))
      const ciphertext = cipher.update(JSON.stringify(payload), 'utf8')
      cipher.final()
      const text = Buffer.concat([header, nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')
      if (text.length > MAX_SEALED_LENGTH) throw new Error(`A payload of the purpose "${purpose}" is too long to seal.`)
      return text
    },

    open<T extends object>(purpose: Purpose, text: string): T | undefined {
      if (text.length > MAX_SEALED_LENGTH) return undefined
      const sealed = decodeBase64url(text)
      if (!sealed || sealed.length < CIPHERTEXT_AT + TAG_BYTES || sealed[0] !== VERSION) return undefined
      // Asked each time, before the cache: a key that was retired a moment ago opens nothing.
      const key = keys().find(purpose, sealed.toString('hex', KID_AT, SALT_AT))
      if (!key) return undefined
      const id = sealed.toString('latin1', KID_AT, NONCE_AT)
      const subkey = subkeys.get(id) ?? subkeyOf(key, sealed.subarray(SALT_AT, NONCE_AT))
      const plaintext = decrypt(subkey, purpose, sealed)
      if (plaintext === undefined) return undefined
      remember(subkeys, id, subkey, mostKept)
      // The plaintext is ours, so it is the payload that `seal` was given, of the type that this purpose seals.
      return parseObject(plaintext) as T | undefined
    },

    keep<T extends object>(text: string, make: () => T | undefined): T | undefined {
      // A keyring is never changed, only replaced.
      const keyring = keys()
      if (keyring !== keptUnder) kept.clear()
      keptUnder = keyring
      const known = kept.get(text)
      if (known !== undefined) return known as T // one text is only ever kept as one thing
      const made = make()
      if (made !== undefined) remember(kept, text, made, mostKept)
      return made
    },

    mac: (purpose, text) => macUnder(keys().active(purpose), text),

    macs: (purpose, text) =>
      keys()
        .all(purpose)
        .map((key) => macUnder(key, text)),

    verifyMac(purpose, text, mac) {
      if (mac.length !== MAC_LENGTH) return false
      const given = decodeBase64url(mac)
      if (!given) return false
      const key = keys().find(purpose, given.toString('hex', 0, 4))
      return key !== undefined && timingSafeEqual(given.subarray(4), hmac(key, text))
    },
  }
}

/** The least recently added goes first. Only what opened something is kept: what is invented cannot push real things out. */
function remember<T>(cache: Map<string, T>, id: string, value: T, most: number): void {
  cache.delete(id)
  cache.set(id, value)
  if (cache.size > most) cache.delete(cache.keys().next().value ?? '')
}

/** What one process seals with for one purpose, until the key rotates or the salt is spent. */
type SealingKey = { kid: string; header: Buffer; subkey: KeyObject; left: number }

function newSealingKey(key: Key, random: Random, left: number): SealingKey {
  const salt = random.bytes(SALT_BYTES)
  const header = Buffer.concat([Buffer.from([VERSION]), Buffer.from(key.kid, 'hex'), salt])
  return { kid: key.kid, header, subkey: subkeyOf(key, salt), left }
}

function subkeyOf(key: Key, salt: Uint8Array): KeyObject {
  return deriveKey(key, salt, 'portico/seal/v1')
}

function decrypt(subkey: KeyObject, purpose: Purpose, sealed: Buffer): string | undefined {
  const nonce = sealed.subarray(NONCE_AT, CIPHERTEXT_AT)
  // The length is fixed here because Node would otherwise take a tag of 4 bytes, which can be guessed.
  const decipher = createDecipheriv('aes-256-gcm', subkey, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(contextOf(purpose))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plaintext = decipher.update(sealed.subarray(CIPHERTEXT_AT, -TAG_BYTES))
  try {
    decipher.final()
  } catch {
    return undefined
  }
  return plaintext.toString('utf8')
}

/** An object, or undefined. A member named `__proto__` becomes an ordinary own member: JSON.parse assigns nothing. */
function parseObject(text: string): object | undefined {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}

function macUnder(key: Key, text: string): string {
  return Buffer.concat([Buffer.from(key.kid, 'hex'), hmac(key, text)]).toString('base64url')
}

function hmac(key: Key, text: string): Buffer {
  return createHmac('sha256', macKey(key)).update(text).digest()
}

function contextOf(purpose: Purpose): Buffer {
  const context = CONTEXTS.get(purpose)
  if (!context) throw new Error(`Nothing is sealed for the purpose "${purpose}".`)
  return context
}
