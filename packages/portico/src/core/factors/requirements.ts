/** Who needs a second factor, and whether they proved one. Decisions only, over what storage and settings say. */
import type { Amr, Factors } from '../../storage/storage.ts'
import type { Reach } from '../access/access.ts'
import { MIN_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH_WITH_SECOND_FACTOR } from '../people/passwords.ts'

/**
 * Whether these proofs are two factors. All but a password count: codes come after a password, and a passkey that stands
 * alone was unlocked by its person, which makes it something that they have and something that they know or are.
 */
export function hasSecondFactor(amr: Amr): boolean {
  return amr.some((method) => method !== 'password')
}

/** Whether the person has something to prove a second factor with. Recovery codes alone stand in for nothing. */
export function hasFactors(factors: Factors): boolean {
  return factors.passkeys.length > 0 || factors.totp !== null
}

/**
 * Whether the person may not sign in without a second factor: the instance or one of their groups wants it, or the password
 * that they typed is too short to stand alone.
 *
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver
 */
export function needsSecondFactor(
  settings: { requireSecondFactor: boolean },
  factors: Factors,
  password: string | undefined,
): boolean {
  const short = password !== undefined && [...password.normalize('NFKC')].length < MIN_PASSWORD_LENGTH
  return settings.requireSecondFactor || factors.requiredByGroup || short
}

/**
 * Whether somebody is in with less than is asked of them by now: the instance, or one of their groups, began to want a second
 * factor after they had proved themselves with a password alone. Where they proved nothing to us, another issuer vouches for
 * them, and how its people prove themselves is that issuer's to ask.
 */
export function lacksSecondFactor(
  settings: { requireSecondFactor: boolean },
  { groups }: Pick<Reach, 'groups'>,
  amr: Amr,
): boolean {
  if (amr.length === 0 || hasSecondFactor(amr)) return false
  return settings.requireSecondFactor || groups.some(({ requireSecondFactor }) => requireSecondFactor)
}

/** The fewest characters of a new password: fewer where it will never stand alone. */
export function passwordMinimum(settings: { requireSecondFactor: boolean }, factors: Factors): number {
  return hasFactors(factors) || needsSecondFactor(settings, factors, undefined)
    ? MIN_PASSWORD_LENGTH_WITH_SECOND_FACTOR
    : MIN_PASSWORD_LENGTH
}
