/**
 * Keys. One root key, which is never in the database, wraps one random key for each purpose; the wrapped ones live in
 * storage. A keyring is those keys, unwrapped, as one process holds them.
 *
 * A key is published, then active, then verify-only, then retired. Every state but the last opens what the key once sealed,
 * so that nodes which learn of a new key at different moments never refuse each other's tokens, and a rotation ends nobody's
 * session. Only the active key makes anything new.
 *
 * Not its job: when to rotate, and what is sealed.
 */

import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { KeyState, WrappedKey } from '../../storage/storage.ts'
import { decodeBase64url } from './base64url.ts'
import type { Random } from './random.ts'

/** What keys are for. Nothing made for one purpose means anything to another. */
export const PURPOSES = [
  'client',
  'device-code',
  'authorization-code',
  'access-token',
  'refresh-token',
  'session-token',
  'user-code',
  'cookie',
  'csrf',
  'paging',
  'demo',
  'totp',
  'recovery-code',
  'access-key',
  'identity-context',
  'resource-server',
  'disown',
  'application',
] as const

/** One of `PURPOSES`. */
export type Purpose = (typeof PURPOSES)[number]

/** A key, unwrapped. Its bytes stay inside OpenSSL: nothing here can be printed by accident. */
export type Key = {
  /** Eight hexadecimal digits; unique over all purposes. */
  kid: string
  purpose: Purpose
  state: KeyState
  /** Input for key derivation only; nothing is ever sealed or MACed with it directly. */
  secret: KeyObject
}

/** The keys of one instance. */
export type Keyring = {
  /** The key that makes what is new. Throws when the purpose has none, which a started server never sees. */
  active(purpose: Purpose): Key
  /** The key of this purpose with this id, unless it is retired. */
  find(purpose: Purpose, kid: string): Key | undefined
  /** Every key of the purpose that still opens, the active one first. */
  all(purpose: Purpose): readonly Key[]
}

/** Length of the root key and of every other key, in bytes. */
export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** One active key for each purpose, wrapped. `purposes` names fewer, when an older database lacks only those. */
export function generateKeys(
  rootKey: Buffer,
  random: Random,
  now: number,
  purposes: readonly Purpose[] = PURPOSES,
): WrappedKey[] {
  const keys = new Map<string, WrappedKey>()
  for (const purpose of purposes) {
    let key = generateKey(rootKey, random, { purpose, state: 'active', createdAt: now, activeAt: now })
    // Four random bytes meet by chance once in a hundred million instances; a source that repeats itself would never end.
    for (let draws = 1; keys.has(key.kid); draws++) {
      if (draws === 100) throw new Error('The source of randomness repeats itself: every key id it gave was taken.')
      key = generateKey(rootKey, random, key)
    }
    keys.set(key.kid, key)
  }
  return [...keys.values()]
}

/** One new key, wrapped. To rotate, publish one whose `activeAt` lies beyond the time that nodes take to read it. */
export function generateKey(
  rootKey: Buffer,
  random: Random,
  { purpose, state, createdAt, activeAt }: Pick<WrappedKey, 'purpose' | 'state' | 'createdAt' | 'activeAt'>,
): WrappedKey {
  const kid = random.bytes(4).toString('hex')
  const wrapped = wrapBytes(rootKey, random, { kid, purpose }, random.bytes(KEY_BYTES))
  return { kid, purpose, wrapped, state, createdAt, activeAt }
}

/** Wraps the bytes of a key of any kind, tied to its id and purpose, so that only the root key gives them back. */
export function wrapBytes(
  rootKey: Buffer,
  random: Random,
  { kid, purpose }: Pick<WrappedKey, 'kid' | 'purpose'>,
  bytes: Uint8Array,
): string {
  const nonce = random.bytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', rootKeyObject(rootKey), nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(wrapContext(kid, purpose))
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** The bytes that `wrapBytes` was given. Throws when another root key wrapped them, or they were altered. */
export function unwrapBytes(rootKey: Buffer, key: Pick<WrappedKey, 'kid' | 'purpose' | 'wrapped'>): Buffer {
  return unwrap(rootKeyObject(rootKey), key)
}

/**
 * Unwraps the keys of an instance. With `now`, a published key whose `activeAt` has come is active.
 *
 * Keys of purposes that this version does not know are left alone: a newer version may have been here. Throws when the root
 * key is not the one that wrapped the keys, or when a key was altered.
 */
export function openKeyring(rootKey: Buffer, keys: readonly WrappedKey[], now?: number): Keyring {
  const root = rootKeyObject(rootKey)
  const byPurpose = new Map<string, Key[]>(PURPOSES.map((purpose) => [purpose, []]))
  // Newest first: of two active keys the one that became active last is the one that seals.
  for (const wrapped of [...keys].sort(newestFirst)) {
    const state = stateAt(wrapped, now)
    if (state === 'retired' || !isPurpose(wrapped.purpose)) continue
    byPurpose
      .get(wrapped.purpose)
      ?.push({ kid: wrapped.kid, purpose: wrapped.purpose, state, secret: unwrapSecret(root, wrapped) })
  }
  for (const ring of byPurpose.values()) {
    const active = ring.findIndex((key) => key.state === 'active')
    if (active > 0) ring.unshift(...ring.splice(active, 1))
  }
  const ringOf = (purpose: Purpose) => byPurpose.get(purpose) ?? []
  return {
    active(purpose) {
      const [first] = ringOf(purpose)
      if (first?.state !== 'active') throw new Error(`There is no active key for the purpose "${purpose}".`)
      return first
    },
    find: (purpose, kid) => ringOf(purpose).find((key) => key.kid === kid),
    all: ringOf,
  }
}

const macKeys = new WeakMap<Key, KeyObject>()

/** The key's own MAC key, derived by HKDF so that one secret never serves two algorithms. */
export function macKey(key: Key): KeyObject {
  let derived = macKeys.get(key)
  if (!derived) {
    derived = deriveKey(key, '', 'portico/mac/v1')
    macKeys.set(key, derived)
  }
  return derived
}

/**
 * A key derived from another by HKDF-SHA256. Different `salt` or `info`, independent keys.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */
export function deriveKey(key: Key, salt: string | Uint8Array, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key.secret, salt, info, KEY_BYTES)))
}

/** What a key may do at `now`: a published one becomes active when its time comes. */
export function stateAt(key: WrappedKey, now: number | undefined): KeyState {
  return key.state === 'published' && now !== undefined && key.activeAt <= now ? 'active' : key.state
}

/** Orders keys so that of two active ones, the one that became active last is first. */
export function newestFirst(a: WrappedKey, b: WrappedKey): number {
  // The id breaks ties, so that all nodes choose the same key.
  return b.activeAt - a.activeAt || b.createdAt - a.createdAt || (a.kid < b.kid ? -1 : 1)
}

function unwrapSecret(root: KeyObject, wrapped: WrappedKey): KeyObject {
  if (decodeBase64url(wrapped.wrapped)?.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) throw damaged(wrapped)
  return createSecretKey(unwrap(root, wrapped))
}

function unwrap(root: KeyObject, named: Pick<WrappedKey, 'kid' | 'purpose' | 'wrapped'>): Buffer {
  const { kid, purpose, wrapped } = named
  const bytes = decodeBase64url(wrapped)
  if (bytes === undefined || bytes.length <= NONCE_BYTES + TAG_BYTES) throw damaged(named)
  const decipher = createDecipheriv('aes-256-gcm', root, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(wrapContext(kid, purpose))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch (cause) {
    throw new Error(
      `The root key does not open the stored key ${kid} (${purpose}). ` +
        'Start with the root key that this database was set up with; its keys cannot be opened by any other.',
      { cause },
    )
  }
}

function damaged({ kid, purpose }: Pick<WrappedKey, 'kid' | 'purpose'>): Error {
  return new Error(`The stored key ${kid} (${purpose}) is damaged.`)
}

/** Ties a wrapped key to its row: a key moved to another id or purpose does not open. */
function wrapContext(kid: string, purpose: string): Buffer {
  return Buffer.from(`portico/wrap/v1/${kid}/${purpose}`)
}

function rootKeyObject(rootKey: Buffer): KeyObject {
  if (rootKey.length !== KEY_BYTES)
    throw new Error(`A root key has ${KEY_BYTES} bytes; this one has ${rootKey.length}.`)
  return createSecretKey(rootKey)
}

function isPurpose(text: string): text is Purpose {
  return PURPOSES.some((purpose) => purpose === text)
}
