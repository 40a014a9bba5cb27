/**
 * When keys follow one another. A new key is published before it is used, so that every node knows it when the first token
 * under it arrives; the old one opens what it made until nothing of that can be alive. So a rotation ends nobody's session.
 *
 * Not its job: what a key is (`keyring.ts`), and waking up in time: whoever serves calls `tendKeys` now and then.
 */
import { jwks } from '../../protocol/oauth2.ts'
import type { AuditEvent, Storage, WrappedKey } from '../../storage/storage.ts'
import { generateKey, PURPOSES, type Purpose, unwrapBytes, wrapBytes } from './keyring.ts'
import type { Random } from './random.ts'
import { generateSigningKey, SIGNING_ALGORITHMS, signingAlgorithmOf, signingPurposeOf } from './signing-keys.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long a key is known before it is used: many times what nodes take to hear of it. */
export const PUBLISHED_FOR = MINUTE
/**
 * The same for a key that signs: readers elsewhere verify with it, and may have kept the set of public keys for as long as we let
 * them, so it waits until nobody has one without it any more.
 */
export const SIGNING_PUBLISHED_FOR = PUBLISHED_FOR + (jwks.cacheFor ?? 0) * 1000
/** After this a key is followed by another without anybody's doing. */
export const ROTATED_AFTER = 90 * DAY

/**
 * How long what a key made can live after the key was followed by another, with an hour for clocks that differ: registrations
 * and sessions live 90 days, forms as long as the sign-in that they were given to. What is not here lives as long as what is
 * stored, so that its keys never retire.
 */
const LIVES: Readonly<Record<string, number>> = {
  client: 91 * DAY,
  'device-code': 2 * HOUR,
  'authorization-code': 2 * HOUR,
  'access-token': 9 * HOUR,
  'refresh-token': 91 * DAY,
  'session-token': 13 * HOUR,
  'identity-context': 13 * HOUR,
  'user-code': 2 * HOUR,
  cookie: 91 * DAY,
  csrf: 91 * DAY,
  paging: 91 * DAY,
  disown: 91 * DAY,
}

/** A demo password is derived anew at every start: another key would be another password. */
const NEVER_ROTATED: readonly string[] = ['demo'] satisfies Purpose[]

/** Readers of an id token keep our public keys for a while; the tokens themselves live an hour. */
const SIGNING_LIFE = 7 * DAY

/** What rotation reaches. */
export type KeyKeeping = { storage: Storage; rootKey: Buffer; random: Random }

/** The purposes whose newest key is old enough to be followed by another. */
export function duePurposes(
  keys: readonly Pick<WrappedKey, 'purpose' | 'createdAt' | 'state'>[],
  now: number,
): string[] {
  const newest = new Map<string, number>()
  for (const { purpose, createdAt, state } of keys)
    if (state !== 'retired') newest.set(purpose, Math.max(createdAt, newest.get(purpose) ?? 0))
  return [...newest]
    .filter(([purpose, at]) => isRotated(purpose) && now - at >= ROTATED_AFTER)
    .map(([purpose]) => purpose)
}

/** Publishes a successor for the key of each purpose that is rotated, or of those that are named. Answers the new keys. */
export async function rotateKeys(
  { storage, rootKey, random }: KeyKeeping,
  purposes: readonly string[] | undefined,
  audit: AuditEvent,
  now: number,
): Promise<readonly WrappedKey[]> {
  const known = [...new Set((await storage.readKeys({})).map(({ purpose }) => purpose))].filter(isRotated)
  const keys: WrappedKey[] = []
  for (const purpose of purposes ?? known)
    keys.push(
      await newKey(rootKey, random, purpose, {
        ...{ state: 'published', createdAt: now },
        activeAt: now + (signingAlgorithmOf(purpose) === undefined ? PUBLISHED_FOR : SIGNING_PUBLISHED_FOR),
      }),
    )
  await storage.publishKeys({ keys, audit: { ...audit, detail: { kids: keys.map(({ kid }) => kid) } } })
  return keys
}

/** Moves keys to the states that their time has come for, and publishes successors of those that are old. */
export async function tendKeys(keeping: KeyKeeping, now: number): Promise<void> {
  const { storage } = keeping
  const audit = (eventName: string) => ({
    ...{ at: now, eventName, userId: null, address: null, userAgent: 'portico serve', detail: {} },
  })
  await storage.advanceKeys({ lives: livesOf(), now, audit: audit('AdvanceKeys') })
  const due = duePurposes(await storage.readKeys({}), now)
  if (due.length > 0) await rotateKeys(keeping, due, audit('RotateKeys'), now)
}

/**
 * Retires a key that somebody else may have, with everything that was made under it, and puts a new one in its place at once.
 * Undefined when there is no such key.
 */
export async function compromiseKey(
  { storage, rootKey, random }: KeyKeeping,
  kid: string,
  audit: AuditEvent,
  now: number,
): Promise<WrappedKey | undefined> {
  const known = (await storage.readKeys({})).find((key) => key.kid === kid)
  if (known === undefined) return undefined
  const replacement = await newKey(rootKey, random, known.purpose, { state: 'active', createdAt: now, activeAt: now })
  return (await storage.compromiseKey({ kid, replacement, audit })) ? replacement : undefined
}

/** Keys as they are under `rootKey`: those that only `previous` opens are wrapped anew, the others stay as they are. */
export function underRootKey(
  rootKey: Buffer,
  previous: Buffer | undefined,
  random: Random,
  keys: readonly WrappedKey[],
): readonly WrappedKey[] {
  if (previous === undefined) return keys
  return keys.map((key) => {
    if (opens(rootKey, key)) return key
    return { ...key, wrapped: wrapBytes(rootKey, random, key, unwrapBytes(previous, key)) }
  })
}

function opens(rootKey: Buffer, key: WrappedKey): boolean {
  try {
    unwrapBytes(rootKey, key)
    return true
  } catch {
    return false
  }
}

function newKey(
  rootKey: Buffer,
  random: Random,
  purpose: string,
  times: Omit<WrappedKey, 'kid' | 'purpose' | 'wrapped'>,
) {
  const alg = signingAlgorithmOf(purpose)
  return alg === undefined
    ? generateKey(rootKey, random, { purpose, ...times })
    : generateSigningKey(rootKey, random, alg, times)
}

/** Keys of purposes that this version does not know are a newer version's to rotate. */
function isRotated(purpose: string): boolean {
  if (signingAlgorithmOf(purpose) !== undefined) return true
  return PURPOSES.some((known) => known === purpose) && !NEVER_ROTATED.includes(purpose)
}

function livesOf(): Readonly<Record<string, number>> {
  return { ...LIVES, ...Object.fromEntries(SIGNING_ALGORITHMS.map((alg) => [signingPurposeOf(alg), SIGNING_LIFE])) }
}
