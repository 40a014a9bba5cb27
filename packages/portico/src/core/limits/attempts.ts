/**
 * Guesses, counted in storage before the check that they are guesses at: by person, by network and over the instance. Many at
 * the same moment cannot pass one count, and a restart forgets nothing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.1
 */
import { type AttemptBucket, type User, userNameKey } from '../../storage/storage.ts'
import type { Deps, Origin } from '../deps.ts'
import { sha256 } from '../keys/random.ts'
import { networkOf } from './network.ts'

/** Attempts are forgotten after ten minutes. */
export const ATTEMPT_WINDOW = 600_000

/** How many attempts fit into ten minutes. */
const LIMITS = {
  password: { subject: 10, network: 100, instance: 2_000 },
  passkey: { subject: 20, network: 100, instance: 2_000 },
  totp: { subject: 5, network: 50, instance: 1_000 },
  'recovery-code': { subject: 5, network: 50, instance: 500 },
  'reset-link': { subject: 3, network: 20, instance: 500 },
  'user-code': { subject: 5, network: 10, instance: 100 },
  'match-number': { subject: 5, network: 50, instance: 500 },
} as const

/** What is guessed at. */
export type Guessed = keyof typeof LIMITS

/**
 * Whom attempts with a user name count for: the person, however the name was spelt. Names that nobody has count as if somebody
 * had them, in every spelling too: else the limit would tell which names are taken.
 */
export function subjectOf(user: User | undefined, userName: string): string {
  return user?.id ?? sha256(userNameKey(userName))
}

/**
 * Counts an attempt; undefined when there were too many and the check must not be made. A success gives back its own count,
 * and no other.
 */
export async function countAttempt(
  deps: Deps,
  guessed: Guessed,
  subject: string,
  origin: Origin,
  now: number,
): Promise<{ refund(): Promise<void> } | undefined> {
  const buckets = bucketsOf(guessed, subject, origin)
  if (!(await deps.storage.countAttempt({ buckets, window: ATTEMPT_WINDOW, now }))) return undefined
  return { refund: async () => deps.storage.refundAttempt({ buckets }) }
}

/**
 * Where an attempt is counted. Whoever asks has a network and invents the rest, so that comes first: once it is full, no name
 * from there is counted, nor written down.
 */
export function bucketsOf(guessed: Guessed, subject: string, origin: Origin): readonly AttemptBucket[] {
  const limits = LIMITS[guessed]
  return [
    { bucket: `${guessed}:network:${networkOf(origin.address)}`, limit: limits.network },
    { bucket: `${guessed}:subject:${subject}`, limit: limits.subject },
    { bucket: `${guessed}:instance`, limit: limits.instance },
  ]
}
