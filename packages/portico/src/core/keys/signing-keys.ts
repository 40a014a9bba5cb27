/**
 * The keys that sign id tokens. Whoever reads an id token must be able to verify it without asking us, so these are key
 * pairs: the private half is wrapped by the root key like every other key, and lives beside the others in storage; the public
 * half is published. States mean what they mean in `keyring.ts`, and every key that is not retired is published, one that is
 * not active yet included, so that readers know a key before they meet its first signature.
 *
 * Not its job: what an id token says.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { compactVerify, errors, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose'
import type { KeyState, Storage, WrappedKey } from '../../storage/storage.ts'
import type { Deps } from '../deps.ts'
import { newestFirst, stateAt, unwrapBytes, wrapBytes } from './keyring.ts'
import type { Random } from './random.ts'

/** How id tokens are signed: ES256, or RS256 for readers who know nothing newer. */
export const SIGNING_ALGORITHMS = ['ES256', 'RS256'] as const

/** One of `SIGNING_ALGORITHMS`. */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** A key pair. Its private half stays inside OpenSSL. */
export type SigningKey = { kid: string; alg: SigningAlgorithm; state: KeyState; privateKey: KeyObject; publicJwk: JWK }

/** The signing keys of one instance, as one process holds them. */
export type SigningKeys = {
  /** The key that signs with this algorithm. The first one is made when it is first asked for. */
  active(alg: SigningAlgorithm, now: number): Promise<SigningKey>
  /** Every key that is not retired. */
  all(): readonly SigningKey[]
  /** Takes in what storage holds now. */
  load(keys: readonly WrappedKey[], now: number): void
}

/** A JSON Web Key Set of public keys. */
export type PublicKeys = { readonly keys: readonly JWK[] }

/**
 * Signs the claims of an id token. `iat` is `now` unless the claims say otherwise; everything else is the caller's.
 *
 * @param now epoch milliseconds
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export async function signIdToken(
  { signingKeys }: Pick<Deps, 'signingKeys'>,
  claims: JWTPayload,
  now: number,
  alg: SigningAlgorithm = 'ES256',
): Promise<string> {
  const { kid, privateKey } = await signingKeys.active(alg, now)
  return new SignJWT({ iat: Math.floor(now / 1000), ...claims })
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .sign(privateKey)
}

/** Nothing that we sign is longer. */
const LONGEST_ID_TOKEN = 8_192

/**
 * The claims of an id token that this instance signed, whether it is over or not: who comes with one says of whom they speak,
 * and nothing more. Undefined for any other text, and once its key is retired.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest on `id_token_hint`
 */
export async function readIdToken(
  { signingKeys }: Pick<Deps, 'signingKeys'>,
  token: string,
): Promise<JWTPayload | undefined> {
  if (token.length > LONGEST_ID_TOKEN) return undefined
  try {
    const { payload } = await compactVerify(
      token,
      ({ kid, alg }) => {
        const key = signingKeys.all().find((each) => each.kid === kid && each.alg === alg)
        if (key === undefined) throw new errors.JWKSNoMatchingKey()
        return importJWK(key.publicJwk, key.alg)
      },
      { algorithms: [...SIGNING_ALGORITHMS] },
    )
    // What we signed was an object.
    return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

/** Every public key that may have signed an id token that is still alive, or soon will. A key keeps its `kid` for ever. */
export function publicKeys({ signingKeys }: Pick<Deps, 'signingKeys'>): PublicKeys {
  return { keys: signingKeys.all().map(({ publicJwk }) => publicJwk) }
}

/** Holds the signing keys of an instance. The caller calls `load` at start and whenever keys change. */
export function createSigningKeys(at: {
  storage: Pick<Storage, 'addKey' | 'readKeys'>
  rootKey: Buffer
  random: Random
}): SigningKeys {
  let held: readonly SigningKey[] = []
  const making = new Map<SigningAlgorithm, Promise<SigningKey>>()

  const find = (alg: SigningAlgorithm) => held.find((key) => key.alg === alg && key.state === 'active')
  const load = (keys: readonly WrappedKey[], now: number) => {
    held = [...keys].sort(newestFirst).flatMap((key) => open(at.rootKey, key, now))
  }
  const make = async (alg: SigningAlgorithm, now: number): Promise<SigningKey> => {
    await at.storage.addKey({
      key: await generateSigningKey(at.rootKey, at.random, alg, { state: 'active', createdAt: now, activeAt: now }),
    })
    // Read again, and not kept from memory: of two nodes that make one at once, both must sign with the same of the two.
    load(await at.storage.readKeys({}), now)
    const made = find(alg)
    if (made === undefined) throw new Error(`the signing key for ${alg} was stored and is not there`)
    return made
  }
  return {
    async active(alg, now) {
      const key = find(alg)
      if (key !== undefined) return key
      const made = making.get(alg) ?? make(alg, now).finally(() => making.delete(alg))
      making.set(alg, made)
      return made
    },
    all: () => held,
    load,
  }
}

const generatePair = promisify(generateKeyPair)

/** A new key pair, wrapped. */
export async function generateSigningKey(
  rootKey: Buffer,
  random: Random,
  alg: SigningAlgorithm,
  times: Pick<WrappedKey, 'state' | 'createdAt' | 'activeAt'>,
): Promise<WrappedKey> {
  const pair =
    alg === 'ES256'
      ? await generatePair('ec', { namedCurve: 'P-256' })
      : await generatePair('rsa', { modulusLength: 2048 })
  const named = { kid: random.bytes(4).toString('hex'), purpose: signingPurposeOf(alg) }
  const wrapped = wrapBytes(rootKey, random, named, pair.privateKey.export({ format: 'der', type: 'pkcs8' }))
  return { ...named, wrapped, ...times }
}

/** No key at all when it is retired, or of another purpose. */
function open(rootKey: Buffer, wrapped: WrappedKey, now: number): SigningKey[] {
  const alg = signingAlgorithmOf(wrapped.purpose)
  const state = stateAt(wrapped, now)
  if (alg === undefined || state === 'retired') return []
  const privateKey = createPrivateKey({ key: unwrapBytes(rootKey, wrapped), format: 'der', type: 'pkcs8' })
  const { kid } = wrapped
  const publicJwk: JWK = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return [{ kid, alg, state, privateKey, publicJwk }]
}

/** The algorithm that keys of a purpose sign with; undefined when they seal. */
export function signingAlgorithmOf(purpose: string): SigningAlgorithm | undefined {
  return SIGNING_ALGORITHMS.find((alg) => signingPurposeOf(alg) === purpose)
}

/** Signing keys are stored under purposes of their own, one for each algorithm. */
export function signingPurposeOf(alg: SigningAlgorithm): string {
  return `id-token-${alg.toLowerCase()}`
}
