/**
 * Signing in, as a short machine:
 *
 *     nobody ── password ──▶ second factor, where the person has one ──▶ signed in
 *       │          ├───────▶ enrolment, where one is required but there is none ──▶ signed in
 *       │          └───────▶ signed in
 *       └── passkey ───────▶ signed in
 *
 * A wrong password and an unknown name get the same answer after the same work, and attempts are counted before the check that
 * they guard.
 *
 * Not its job: what becomes of a sign-in between its steps (`pending-sign-in.ts`), and how single proofs are checked (`factors/`).
 */
import type { AuthenticationMethod, Factors, User } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Deps, Origin } from '../deps.ts'
import { type Enrolment, enrol } from '../factors/enrolment.ts'
import { type PasskeyAnswer, usePasskey } from '../factors/passkeys.ts'
import { useRecoveryCode } from '../factors/recovery-codes.ts'
import { hasFactors, needsSecondFactor } from '../factors/requirements.ts'
import { useTotp } from '../factors/totp.ts'
import { countAttempt, subjectOf } from '../limits/attempts.ts'
import { tell } from './letters.ts'
import { unlessBusy, verifyPassword } from './passwords.ts'
import { type At, type Continue, type Pending, type Proof, putOff } from './pending-sign-in.ts'
import { beginSignIn, type Person, type SignedIn } from './people.ts'

/** How a step went. */
export type SignIn = SignedIn | Continue | { outcome: 'wrong' | 'too-many-attempts' | 'too-busy' }

/** The first step with a password. */
export async function signIn(
  deps: Deps,
  input: { userName: string; password: string },
  at: At,
  origin: Origin,
  now: number,
): Promise<SignIn> {
  const user = await deps.storage.findUserByName({ userName: input.userName })
  const counted = await countAttempt(deps, 'password', subjectOf(user, input.userName), origin, now)
  if (counted === undefined) return { outcome: 'too-many-attempts' }
  const right = await verifyPassword(user?.passwordHash ?? null, input.password).catch(unlessBusy)
  if (right === undefined) {
    await counted.refund()
    return { outcome: 'too-busy' }
  }
  if (user === undefined || !right || !user.enabled) return failed(deps, user?.id ?? null, 'password', origin, now)
  await counted.refund()
  const factors = await deps.storage.readFactors({ userId: user.id })
  const proof: Proof = { amr: ['password'], authenticatedAt: now }
  if (hasFactors(factors)) return putOff(deps, user, proof, 'second-factor', at, now)
  if (needsSecondFactor(deps.settings, factors, input.password)) return putOff(deps, user, proof, 'enrolment', at, now)
  return finish(deps, user, proof, origin, now)
}

/** The only step with a passkey: it says whose it is, and its person has unlocked it. */
export async function signInWithPasskey(
  deps: Deps,
  answer: PasskeyAnswer,
  { holder }: At,
  origin: Origin,
  now: number,
): Promise<SignIn> {
  const counted = await countAttempt(deps, 'passkey', holder, origin, now)
  if (counted === undefined) return { outcome: 'too-many-attempts' }
  const passkey = await usePasskey(deps, answer, { userId: null, holder }, origin, now)
  const user = passkey && (await deps.storage.findUser({ id: passkey.userId }))
  if (!user?.enabled) return failed(deps, passkey?.userId ?? null, 'passkey', origin, now)
  await counted.refund()
  return finish(deps, user, { amr: ['passkey'], authenticatedAt: now }, origin, now)
}

/** For somebody whose passkey was made and checked a moment ago, through a link of theirs. */
export async function signInWithNewPasskey(deps: Deps, user: User, origin: Origin, now: number): Promise<SignIn> {
  return finish(deps, user, { amr: ['passkey'], authenticatedAt: now }, origin, now)
}

/** For somebody who is signed in with a password alone and needs a second factor for what they are about to do. */
export async function stepUp(deps: Deps, person: Person, at: At, now: number): Promise<Continue> {
  const { user } = person.reach
  const factors = await deps.storage.readFactors({ userId: user.id })
  return putOff(deps, user, person, hasFactors(factors) ? 'second-factor' : 'enrolment', at, now)
}

/** What somebody presents as a second factor. */
export type SecondFactor =
  | { method: 'totp' | 'recovery-code'; code: string }
  | { method: 'passkey'; answer: PasskeyAnswer; holder: string }

/** The second step, for those who have a second factor. */
export async function presentSecondFactor(
  deps: Deps,
  pending: Pending,
  presented: SecondFactor,
  origin: Origin,
  now: number,
): Promise<SignIn> {
  const { user, factors } = pending
  if (!hasFactors(factors)) return { outcome: 'wrong' }
  const outcome = await check(deps, user, factors, presented, origin, now)
  if (outcome === 'too-many-attempts') return { outcome }
  if (outcome === 'wrong') return failed(deps, user.id, presented.method, origin, now)
  if (presented.method === 'recovery-code') tell(deps, user, 'recovery-code-used', origin)
  return finish(deps, user, proved(pending, presented.method), origin, now)
}

/** The second step, for those who must set a second factor up first. */
export async function enrolAndSignIn(
  deps: Deps,
  pending: Pending,
  enrolment: Enrolment,
  origin: Origin,
  now: number,
): Promise<SignIn> {
  // Whoever has a factor proves that one. Else a stolen password would bring its own second factor.
  if (hasFactors(pending.factors)) return { outcome: 'wrong' }
  const counted = await countAttempt(deps, 'totp', pending.user.id, origin, now)
  if (counted === undefined) return { outcome: 'too-many-attempts' }
  const enrolling = { first: true, signInId: null }
  if (!(await enrol(deps, pending.user, enrolment, enrolling, origin, now))) return { outcome: 'wrong' }
  await counted.refund()
  return finish(deps, pending.user, proved(pending, enrolment.method), origin, now)
}

function proved({ amr, authenticatedAt }: Pending, method: AuthenticationMethod): Proof {
  return { amr: [...amr, method], authenticatedAt }
}

async function finish(deps: Deps, user: User, proof: Proof, origin: Origin, now: number): Promise<SignIn> {
  const begun = await beginSignIn(deps, user, proof, origin, now)
  if (begun === undefined) return { outcome: 'wrong' }
  const { resetAt } = await deps.storage.readFactors({ userId: user.id })
  return resetAt === null ? begun : { ...begun, news: 'factors-reset' }
}

async function failed(
  deps: Deps,
  userId: string | null,
  method: AuthenticationMethod,
  origin: Origin,
  now: number,
): Promise<SignIn> {
  const audit = auditEvent('SignInFailed', origin, userId, { method }, now)
  await deps.storage.recordAudit({ events: [audit] })
  return { outcome: 'wrong' }
}

async function check(
  deps: Deps,
  user: User,
  factors: Factors,
  presented: SecondFactor,
  origin: Origin,
  now: number,
): Promise<'right' | 'wrong' | 'too-many-attempts'> {
  if (presented.method === 'passkey') {
    const counted = await countAttempt(deps, 'passkey', user.id, origin, now)
    if (counted === undefined) return 'too-many-attempts'
    const expectation = { userId: user.id, holder: presented.holder }
    if ((await usePasskey(deps, presented.answer, expectation, origin, now)) === undefined) return 'wrong'
    await counted.refund()
    return 'right'
  }
  return presented.method === 'totp'
    ? useTotp(deps, user, factors.totp, presented.code, origin, now)
    : useRecoveryCode(deps, user, presented.code, origin, now)
}
