/**
 * A sign-in between its two steps: the password was right, the second factor is still to come. It is no session. It is sealed
 * into a cookie, bound to its browser, lives for minutes, and is judged anew against storage when the browser comes back.
 */
import type { Amr, Factors, User } from '../../storage/storage.ts'
import type { Deps } from '../deps.ts'
import { hasFactors } from '../factors/requirements.ts'
import { sha256 } from '../keys/random.ts'
import { refusal } from '../sessions/mint-gate.ts'

/** How long somebody may look for their phone. */
const PATIENCE = 600_000

/** What comes after the password. */
export type NextStep = 'second-factor' | 'enrolment'

type Sealed = {
  kind: 'pending-sign-in'
  userId: string
  amr: Amr
  authenticatedAt: number
  /** Hash of what the password's hash was: another password voids what began with this one. */
  password: string
  /** Hash of the secret of the browser that it is for. */
  holder: string
  returnTo: string
  expiresAt: number
}

/** A sign-in that is half finished, and whose. */
export type Pending = {
  readonly user: User
  readonly factors: Factors
  readonly next: NextStep
  /** Where the person wanted to go. */
  readonly returnTo: string
  readonly amr: Amr
  readonly authenticatedAt: number
}

/** `sealed` goes into a cookie. */
export type Continue = { outcome: 'continue'; next: NextStep; sealed: string }

/** Where a sign-in happens and leads to. `holder` is the hash of the browser's secret. */
export type At = { holder: string; returnTo: string }

/** What was proved so far, and when it began. */
export type Proof = { amr: Amr; authenticatedAt: number }

/** The sign-in that this browser's cookie holds, if it can still go on. */
export async function readPending(
  deps: Deps,
  sealed: string,
  holder: string,
  now: number,
): Promise<Pending | undefined> {
  const claims = deps.sealer.open<Sealed>('cookie', sealed)
  if (claims?.kind !== 'pending-sign-in' || claims.holder !== holder) return undefined
  const { userId, amr, authenticatedAt, expiresAt, returnTo } = claims
  const user = await deps.storage.findUser({ id: userId })
  const revocable = { sessionId: '', userId, clientHash: '', authenticatedAt, expiresAt }
  if (user === undefined || refusal(user, revocable, deps.revocations, now) !== undefined) return undefined
  if (passwordOf(user) !== claims.password) return undefined
  const factors = await deps.storage.readFactors({ userId })
  // What is there now counts, not what was there when the password was typed.
  return { user, factors, next: hasFactors(factors) ? 'second-factor' : 'enrolment', returnTo, amr, authenticatedAt }
}

/** Seals a sign-in for its browser. */
export function putOff(
  deps: Deps,
  user: User,
  { amr, authenticatedAt }: Proof,
  next: NextStep,
  { holder, returnTo }: At,
  now: number,
): Continue {
  const claims: Sealed = {
    kind: 'pending-sign-in',
    userId: user.id,
    ...{ amr, authenticatedAt, holder, returnTo },
    password: passwordOf(user),
    expiresAt: now + PATIENCE,
  }
  return { outcome: 'continue', next, sealed: deps.sealer.seal('cookie', claims) }
}

function passwordOf(user: User): string {
  return sha256(user.passwordHash ?? '')
}
