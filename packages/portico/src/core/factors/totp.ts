/**
 * One-time codes of an app. The secret is sealed at rest under a key of its own; a code works once, and only in its own half
 * minute or the ones beside it, because clocks differ.
 *
 * SHA-1, six digits and 30 seconds are what every app understands; nothing here rests on collisions of SHA-1.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */
import { Secret, TOTP } from 'otpauth'
import type { Totp, User } from '../../storage/storage.ts'
import type { Deps, Origin } from '../deps.ts'
import { countAttempt } from '../limits/attempts.ts'

const PERIOD = 30
const DIGITS = 6
const SECRET_BYTES = 20
/** Steps before and after the present one whose codes are taken. RFC 6238 §5.2 recommends at most one. */
const DRIFT = 1

type SealedSecret = { userId: string; secret: string }

/** A secret that somebody is about to put into an app: for the eye, for the camera, and sealed for the form that confirms it. */
export type NewTotp = {
  /** Base32. */
  secret: string
  /** What the QR code says. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
  uri: string
  sealed: string
}

/** Draws a secret. It counts for nothing until a code of it has been typed. */
export function newTotp(deps: Deps, user: User): NewTotp {
  const { base32 } = new Secret({ buffer: new Uint8Array(deps.random.bytes(SECRET_BYTES)).buffer })
  return describe(deps, user, base32)
}

/** The same secret once more, for a form that is shown again after a wrong code. */
export function newTotpAgain(deps: Deps, user: User, sealed: string): NewTotp | undefined {
  const secret = openSecret(deps, user, sealed)
  return secret === undefined ? undefined : describe(deps, user, secret)
}

/** The app that this first code proves, or undefined when it is not a code of the secret. */
export function confirmTotp(deps: Deps, user: User, sealed: string, code: string, now: number): Totp | undefined {
  const secret = openSecret(deps, user, sealed)
  const step = secret === undefined ? undefined : stepOf(secret, code, now)
  return step === undefined ? undefined : { secret: sealed, lastStep: step, createdAt: now, lastUsedAt: now }
}

/** Checks a code and uses it up. Tries are counted before the check. */
export async function useTotp(
  deps: Deps,
  user: User,
  totp: Totp | null,
  code: string,
  origin: Origin,
  now: number,
): Promise<'right' | 'wrong' | 'too-many-attempts'> {
  const counted = await countAttempt(deps, 'totp', user.id, origin, now)
  if (counted === undefined) return 'too-many-attempts'
  const secret = totp === null ? undefined : openSecret(deps, user, totp.secret)
  const step = secret === undefined ? undefined : stepOf(secret, code, now)
  // RFC 6238 §5.2: a code that was used is not taken again, by whoever watched it being typed.
  if (step === undefined || !(await deps.storage.useTotp({ userId: user.id, step, now }))) return 'wrong'
  await counted.refund()
  return 'right'
}

function describe(deps: Deps, user: User, secret: string): NewTotp {
  const issuer = new URL(deps.settings.origin).host
  const uri = new TOTP({ issuer, label: user.userName, secret, period: PERIOD, digits: DIGITS }).toString()
  const claims: SealedSecret = { userId: user.id, secret }
  return { secret, uri, sealed: deps.sealer.seal('totp', claims) }
}

// Sealed together with whose it is, so that nobody's secret opens as somebody else's.
function openSecret(deps: Deps, user: User, sealed: string): string | undefined {
  const claims = deps.sealer.open<SealedSecret>('totp', sealed)
  return claims?.userId === user.id ? claims.secret : undefined
}

/** The time step that this is a code of, or undefined. */
function stepOf(secret: string, typed: string, now: number): number | undefined {
  const token = typed.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = TOTP.validate({
    token,
    secret: Secret.fromBase32(secret),
    ...{ period: PERIOD, digits: DIGITS, timestamp: now, window: DRIFT },
  })
  return delta === null ? undefined : TOTP.counter({ period: PERIOD, timestamp: now }) + delta
}
