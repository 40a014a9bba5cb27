/**
 * The published keys of other issuers: found by discovery, kept for a while, asked for again when an unknown one turns up.
 * Each key is pinned to one algorithm, so that an assertion cannot choose how it wants to be verified.
 *
 * Not its job: opening connections, and what their limits are made of; that is the door `FetchDocument`.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
import type { JWK } from 'jose'

/** Fetches a JSON document: no redirects, bounded in size and time. Rejects for whatever goes wrong. */
export type FetchDocument = (url: string, options: FetchOptions) => Promise<unknown>

/** What a fetch may not exceed, and where it may go. */
export type FetchOptions = {
  mostBytes: number
  /** For all of it, milliseconds. */
  timeout: number
  /** Whether the address may be in a private network. Never one that is only this machine's link, whatever is said here. */
  allowPrivate: boolean
}

/** A key with the one algorithm that it verifies. */
export type PinnedKey = { jwk: JWK; alg: string }

/** Keys by issuer. */
export type IssuerKeys = {
  /**
   * The key with this id, or the only one there is when the id is left out. Undefined when the issuer publishes no such key.
   *
   * @throws IssuerUnreachable when its keys are not known and cannot be fetched
   */
  find(issuerUrl: string, kid: string | undefined, now: number): Promise<PinnedKey | undefined>
}

/** An issuer's keys cannot be had now. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable'
}

const MINUTE = 60_000
/** How long keys are taken for current, and how long they are still used when the issuer does not answer. */
const FRESH = 10 * MINUTE
const STALE = 60 * MINUTE
/** How often an unknown key id may make us ask again: whoever invents key ids must not make us a hammer. */
const COOL_DOWN = 30_000
const LIMITS = { mostBytes: 256 * 1024, timeout: 5_000 }
const MOST_KEYS = 100

type Known = { keys: readonly PinnedKey[]; at: number }

/** Keeps keys in memory. */
export function createIssuerKeys(fetchDocument: FetchDocument): IssuerKeys {
  const known = new Map<string, Known>()
  const asked = new Map<string, { at: number; answer: Promise<Known> }>()

  /** One question at a time and issuer, and after each a pause. */
  const ask = (issuerUrl: string, now: number): Promise<Known> => {
    const last = asked.get(issuerUrl)
    if (last !== undefined && now - last.at < COOL_DOWN && now >= last.at) return last.answer
    const answer = fetchKeys(fetchDocument, issuerUrl).then((keys) => {
      const fetched = { keys, at: now }
      known.set(issuerUrl, fetched)
      return fetched
    })
    asked.set(issuerUrl, { at: now, answer })
    return answer
  }
  const current = async (issuerUrl: string, now: number): Promise<Known> => {
    const held = known.get(issuerUrl)
    if (held !== undefined && now - held.at < FRESH) return held
    return ask(issuerUrl, now).catch((cause: unknown) => {
      if (held !== undefined && now - held.at < STALE) return held
      throw new IssuerUnreachable(`The keys of ${issuerUrl} cannot be fetched.`, { cause })
    })
  }
  return {
    async find(issuerUrl, kid, now) {
      const held = await current(issuerUrl, now)
      const key = pick(held.keys, kid)
      if (key !== undefined) return key
      const again = await ask(issuerUrl, now).catch(() => held)
      return pick(again.keys, kid)
    },
  }
}

function pick(keys: readonly PinnedKey[], kid: string | undefined): PinnedKey | undefined {
  if (kid === undefined) return keys.length === 1 ? keys[0] : undefined
  const named = keys.filter(({ jwk }) => jwk.kid === kid)
  return named.length === 1 ? named[0] : undefined
}

async function fetchKeys(fetchDocument: FetchDocument, issuerUrl: string): Promise<readonly PinnedKey[]> {
  const discovery = `${issuerUrl.replace(/\/$/, '')}/.well-known/openid-configuration`
  const metadata = await fetchDocument(discovery, { ...LIMITS, allowPrivate: true })
  if (memberOf(metadata, 'issuer') !== issuerUrl) throw new Error('the discovery document is of another issuer')
  const jwksUri = memberOf(metadata, 'jwks_uri')
  const url = typeof jwksUri === 'string' ? URL.parse(jwksUri) : null
  const { protocol, host } = new URL(issuerUrl)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== protocol))
    throw new Error('there is no safe jwks_uri')
  // An administrator wrote the issuer's name, which may be an internal one. What the issuer then names is its own choice.
  const set = await fetchDocument(url.href, { ...LIMITS, allowPrivate: url.host === host })
  const keys = memberOf(set, 'keys')
  if (!Array.isArray(keys) || keys.length > MOST_KEYS) throw new Error('the key set is none, or too long')
  return keys.flatMap(pin)
}

/** No key at all when it is not one that verifies signatures in a way that we know. */
function pin(value: unknown): PinnedKey[] {
  if (typeof value !== 'object' || value === null) return []
  const jwk = value as JWK // each member that is used is looked at below, or by jose
  if (jwk.use !== undefined && jwk.use !== 'sig') return []
  if (Array.isArray(jwk.key_ops) && !jwk.key_ops.includes('verify')) return []
  const possible = algorithmsOf(jwk)
  // RFC 8725 §3.1: one algorithm a key. A key that names none has the usual one of its type.
  const alg = jwk.alg === undefined ? possible[0] : possible.find((each) => each === jwk.alg)
  if (alg === undefined) return []
  const { kid, kty, crv, x, y, n, e } = jwk
  // Only the public members: a key set that holds private or symmetric ones gains nothing by it.
  return [{ jwk: JSON.parse(JSON.stringify({ kid, kty, crv, x, y, n, e })) as JWK, alg }]
}

/** What a key of this type can verify; never anything symmetric, and never `none`. */
function algorithmsOf({ kty, crv }: JWK): readonly string[] {
  if (kty === 'RSA') return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
  if (kty === 'OKP') return crv === 'Ed25519' ? ['EdDSA', 'Ed25519'] : []
  if (kty !== 'EC') return []
  const byCurve: Readonly<Record<string, readonly string[]>> = {
    'P-256': ['ES256'],
    'P-384': ['ES384'],
    'P-521': ['ES512'],
  }
  return byCurve[crv ?? ''] ?? []
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
