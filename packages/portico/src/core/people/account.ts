/**
 * A person's own account: what they prove themselves with, and where they are signed in. Whatever changes how somebody signs in
 * needs a fresh proof with everything that they have, leaves an audit line and a letter.
 *
 * Not its job: other people's accounts, which are an administrator's.
 */
import type { AuditEvent, DistantDevice, Factors, Session, SignInSession } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import { cleanDisplayText } from '../clients/text.ts'
import type { Deps, Origin } from '../deps.ts'
import { type Enrolment, enrol } from '../factors/enrolment.ts'
import { newRecoveryCodes } from '../factors/recovery-codes.ts'
import { hasFactors, hasSecondFactor, needsSecondFactor, passwordMinimum } from '../factors/requirements.ts'
import { equalInConstantTime } from '../keys/random.ts'
import { countAttempt } from '../limits/attempts.ts'
import { REVOCATION_LIFE } from '../sessions/tokens.ts'
import { tell } from './letters.ts'
import { checkNewPassword, hashPassword, unlessBusy, verifyPassword } from './passwords.ts'
import { beginSignIn, isUnused, lastUseOf, type Person, type SignedIn } from './people.ts'

/** All that the account page shows. */
export type Account = {
  readonly factors: Factors
  readonly sessions: readonly Session[]
  readonly signIns: readonly SignInSession[]
  /** Programs that were let in from another network, whose sessions may be over. */
  readonly distant: readonly DistantDevice[]
}

/** Reads it. */
export async function readAccount(deps: Deps, { reach: { user } }: Person, now: number): Promise<Account> {
  const [factors, sessions, signIns, distant] = await Promise.all([
    deps.storage.readFactors({ userId: user.id }),
    deps.storage.listSessions({ userId: user.id, now }),
    deps.storage.listSignIns({ userId: user.id, now }),
    deps.storage.listDistantDevices({ userId: user.id, now }),
  ])
  const used = sessions.map((session) => ({
    ...session,
    lastUsedAt: Math.max(session.lastUsedAt, deps.sessionUses.lastOf(session.id) ?? 0),
  }))
  const browsers = signIns
    .filter((signIn) => !isUnused(deps, signIn, now))
    .map((signIn) => ({ ...signIn, lastUsedAt: lastUseOf(deps, signIn) }))
  return { factors, sessions: used, signIns: browsers, distant }
}

/** What became of a new factor. With the first, the browser goes on as one that has proved it. */
export type FactorAdded = { outcome: 'wrong' | 'added' } | { outcome: 'first'; signedIn: SignedIn }

/** Adds a factor for somebody who is signed in. */
export async function addFactor(
  deps: Deps,
  person: Person,
  enrolment: Enrolment,
  origin: Origin,
  now: number,
): Promise<FactorAdded> {
  const { user } = person.reach
  // Whoever has proved no second factor may add their first and no other, whatever somebody else adds at the same moment.
  const first = !hasSecondFactor(person.amr)
  const before = await deps.storage.readFactors({ userId: user.id })
  const enrolling = { first, signInId: person.signInId }
  if (!(await enrol(deps, user, enrolment, enrolling, origin, now))) return { outcome: 'wrong' }
  if (hasFactors(before)) return { outcome: 'added' }
  const { authenticatedAt, amr } = person
  const proof = { authenticatedAt, amr: [...amr, enrolment.method] }
  const signedIn = await beginSignIn(deps, user, proof, origin, now)
  return signedIn === undefined ? { outcome: 'wrong' } : { outcome: 'first', signedIn }
}

/** How a change went. */
export type Changed = 'done' | 'removed' | 'unknown' | 'last-factor' | 'only-way-in'

/** Renames one of the person's passkeys. */
export async function renamePasskey(
  deps: Deps,
  { reach: { user } }: Person,
  { id, name }: { id: string; name: string },
  origin: Origin,
  now: number,
): Promise<Changed> {
  const clean = cleanDisplayText(name, 64)
  if (clean === '') return 'unknown'
  const audit = auditEvent('RenamePasskey', origin, user.id, { passkey: clean }, now)
  return (await deps.storage.renamePasskey({ id, userId: user.id, name: clean, audit })) ? 'done' : 'unknown'
}

/**
 * Removes one of the person's passkeys, unless nothing would be left of what they need. Whoever removes one may have lost it:
 * what was let in elsewhere with a passkey ends.
 */
export async function removePasskey(
  deps: Deps,
  person: Person,
  id: string,
  origin: Origin,
  now: number,
): Promise<Changed> {
  const { user } = person.reach
  const factors = await deps.storage.readFactors({ userId: user.id })
  const name = factors.passkeys.find((passkey) => passkey.id === id)?.name
  const audit = auditEvent('RemovePasskey', origin, user.id, { passkey: name }, now)
  const keep = user.passwordHash === null ? 'passkey' : keptFactor(deps, factors)
  const removed = await deps.storage.removePasskey({ id, keep, ...removalBy(person, audit, now) })
  if (removed === 'last') return keep === 'passkey' ? 'only-way-in' : 'last-factor'
  if (removed === 'removed') tell(deps, user, 'passkey-removed', origin)
  return removed
}

/**
 * Removes the person's app for one-time codes, unless it is the last factor of one that is required. What was let in elsewhere
 * with its codes ends.
 */
export async function removeTotp(deps: Deps, person: Person, origin: Origin, now: number): Promise<Changed> {
  const { user } = person.reach
  const factors = await deps.storage.readFactors({ userId: user.id })
  const audit = auditEvent('RemoveTotp', origin, user.id, {}, now)
  const keep = keptFactor(deps, factors)
  const removed = await deps.storage.removeTotp({ keep, ...removalBy(person, audit, now) })
  if (removed === 'last') return 'last-factor'
  if (removed === 'removed') tell(deps, user, 'totp-removed', origin)
  return removed
}

function keptFactor({ settings }: Deps, factors: Factors): 'nothing' | 'factor' {
  return needsSecondFactor(settings, factors, undefined) ? 'factor' : 'nothing'
}

function removalBy({ reach, signInId }: Person, audit: AuditEvent, now: number) {
  return { userId: reach.user.id, spare: signInId, revokedUntil: now + REVOCATION_LIFE, now, audit }
}

/** New recovery codes, for somebody who has a factor to recover from. */
export async function makeRecoveryCodes(
  deps: Deps,
  { reach: { user }, signInId }: Person,
  origin: Origin,
  now: number,
): Promise<string[] | undefined> {
  if (!hasFactors(await deps.storage.readFactors({ userId: user.id }))) return undefined
  const codes = await newRecoveryCodes(deps, user, signInId, origin, now)
  if (codes === undefined) return undefined
  tell(deps, user, 'recovery-codes-made', origin)
  return codes
}

/** What somebody fills in to change a password. `current` is empty where there was none. */
export type PasswordForm = { current: string; password: string; passwordAgain: string }

/** How it went. `invalid` says which field, and why. */
export type PasswordChange =
  | SignedIn
  | { outcome: 'too-many-attempts' | 'too-busy' }
  | { outcome: 'invalid'; field: 'current' | 'password' | 'password_again'; reason: string }

/** Changes the person's password, ends all that they had open, and signs this browser in anew with what it had proved. */
export async function changePassword(
  deps: Deps,
  person: Person,
  form: PasswordForm,
  origin: Origin,
  now: number,
): Promise<PasswordChange> {
  const { user } = person.reach
  const counted = await countAttempt(deps, 'password', user.id, origin, now)
  if (counted === undefined) return { outcome: 'too-many-attempts' }
  const right = user.passwordHash === null || (await verifyPassword(user.passwordHash, form.current).catch(unlessBusy))
  if (right === undefined) return { outcome: 'too-busy' }
  if (!right) return { outcome: 'invalid', field: 'current', reason: 'This is not your password.' }
  await counted.refund()
  const factors = await deps.storage.readFactors({ userId: user.id })
  const minimum = passwordMinimum(deps.settings, factors)
  const reason = checkNewPassword(form.password, { userName: user.userName, minimum })
  if (reason !== undefined) return { outcome: 'invalid', field: 'password', reason }
  if (!equalInConstantTime(form.password, form.passwordAgain))
    return { outcome: 'invalid', field: 'password_again', reason: 'The two passwords differ.' }
  const passwordHash = await hashPassword(form.password).catch(unlessBusy)
  if (passwordHash === undefined) return { outcome: 'too-busy' }
  const set = await deps.storage.setPassword({
    ...{ userName: user.userName, passwordHash, signInId: person.signInId },
    ...{ endSessions: true, revokedUntil: now + REVOCATION_LIFE },
    // A millisecond before this browser's new sign-in, so that it alone goes on.
    now: now - 1,
    audit: auditEvent('ChangePassword', origin, user.id, {}, now),
  })
  // Somebody ended this sign-in while the password was hashed: theirs is the last word.
  if (!set) return { outcome: 'too-busy' }
  tell(deps, user, 'password-changed', origin)
  const proof = { amr: person.amr.includes('password') ? person.amr : [...person.amr, 'password' as const] }
  const begun = await beginSignIn(deps, { ...user, passwordHash }, { ...proof, authenticatedAt: now }, origin, now)
  return begun ?? { outcome: 'too-busy' }
}

/** Ends one session of a program. Its tokens stop at once. False when the person has no such session. */
export async function endOwnSession(
  deps: Deps,
  { reach: { user } }: Person,
  sessionId: string,
  origin: Origin,
  now: number,
): Promise<boolean> {
  const session = await deps.storage.findSession({ id: sessionId })
  if (session?.userId !== user.id) return false
  await deps.storage.dismissDistantDevice({ sessionId, userId: user.id })
  return deps.storage.endSession({
    ...{ id: sessionId, reason: 'account-page', revokedUntil: now + REVOCATION_LIFE, now },
    audit: auditEvent('EndSession', origin, user.id, { sessionId, reason: 'account-page' }, now),
  })
}

/** The person knows of a program that was let in from another network: it is not told of any more, and goes on. */
export async function acceptDistantDevice(deps: Deps, { reach: { user } }: Person, sessionId: string): Promise<void> {
  await deps.storage.dismissDistantDevice({ sessionId, userId: user.id })
}

/** Signs one browser of the person out, and ends the role credentials that it was shown. False when it is not theirs. */
export async function endOwnSignIn(
  deps: Deps,
  { reach: { user } }: Person,
  signInId: string,
  origin: Origin,
  now: number,
): Promise<boolean> {
  const theirs = await deps.storage.listSignIns({ userId: user.id, now })
  if (!theirs.some(({ id }) => id === signInId)) return false
  await deps.storage.endSignIn({
    ...{ id: signInId, revokedUntil: now + REVOCATION_LIFE, now },
    audit: auditEvent('SignOut', origin, user.id, {}, now),
  })
  return true
}

/** Ends everything that the person has open, this browser's sign-in too. */
export async function endEverything(
  deps: Deps,
  { reach: { user } }: Person,
  origin: Origin,
  now: number,
): Promise<void> {
  await deps.storage.endSessionsOfUser({
    ...{ userId: user.id, reason: 'account-page', revokedUntil: now + REVOCATION_LIFE, now },
    audit: auditEvent('EndSessionsOfUser', origin, user.id, { reason: 'account-page' }, now),
  })
}
