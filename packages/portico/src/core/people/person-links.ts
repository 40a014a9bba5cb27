/**
 * One-time links: an invitation, by which somebody chooses how they will sign in, and a reset, by which they choose a new
 * password. The link holds a secret; storage holds its hash. Who opens one proves no second factor by it: whoever has one
 * still presents it afterwards.
 */
import type { AuditEvent, ChosenCredentials, PersonLink, User } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Deps, Origin } from '../deps.ts'
import { type PasskeyAnswer, readNewPasskey } from '../factors/passkeys.ts'
import { hasFactors, passwordMinimum } from '../factors/requirements.ts'
import { equalInConstantTime, sha256 } from '../keys/random.ts'
import { countAttempt, subjectOf } from '../limits/attempts.ts'
import { REVOCATION_LIFE } from '../sessions/tokens.ts'
import { type Post, sendInvitation, sendResetLink, tell } from './letters.ts'
import { checkNewPassword, hashPassword, unlessBusy } from './passwords.ts'
import type { At } from './pending-sign-in.ts'
import { type SignIn, signIn, signInWithNewPasskey } from './sign-in.ts'

const SECRET_BYTES = 24
const DAY = 86_400_000
const MINUTE = 60_000

/** How long a link lives, in milliseconds. */
export const LINK_LIFE = { invitation: 3 * DAY, reset: 60 * MINUTE } as const

/** What it takes to make a link and send it. */
export type Inviting = Pick<Deps, 'storage' | 'random'> & Post

/** Makes a link for a person; earlier unused ones are void. Undefined when the person is disabled. */
async function createPersonLink(
  deps: Inviting,
  user: User,
  purpose: PersonLink['purpose'],
  by: Pick<AuditEvent, 'userId' | 'address' | 'userAgent'>,
  now: number,
): Promise<string | undefined> {
  const secret = deps.random.bytes(SECRET_BYTES).toString('base64url')
  const eventName = purpose === 'invitation' ? 'InvitePerson' : 'CreateResetLink'
  const link = { hash: sha256(secret), userId: user.id, purpose, createdAt: now, expiresAt: now + LINK_LIFE[purpose] }
  const audit: AuditEvent = { at: now, eventName, ...by, detail: { userName: user.userName } }
  if (!(await deps.storage.createPersonLink({ link, audit }))) return undefined
  return `${deps.settings.origin}/setup/link?link=${secret}`
}

/**
 * Makes a link and sends it. `sent` is false where there is no mail server or no address: then somebody hands it over.
 * Undefined when the person is disabled: a link would wait for the day on which they are let in again.
 */
export async function invite(
  deps: Inviting,
  user: User,
  purpose: PersonLink['purpose'],
  by: Pick<AuditEvent, 'userId' | 'address' | 'userAgent'>,
  now: number,
): Promise<{ link: string; sent: boolean } | undefined> {
  const link = await createPersonLink(deps, user, purpose, by, now)
  if (link === undefined) return undefined
  const sent =
    purpose === 'invitation'
      ? sendInvitation(deps, user, link, LINK_LIFE.invitation / DAY)
      : sendResetLink(deps, user, link, LINK_LIFE.reset / MINUTE)
  return { link, sent }
}

/**
 * What the form for a forgotten password does. There is one answer, whether or not there is such a person, so there is none
 * here; and up to it the same is done for everybody. The link is made behind it.
 */
export async function forgotPassword(deps: Deps, userName: string, origin: Origin, now: number): Promise<void> {
  const user = await deps.storage.findUserByName({ userName })
  const counted = await countAttempt(deps, 'reset-link', subjectOf(user, userName), origin, now)
  if (counted === undefined || !user?.enabled || user.email === null || deps.mailer === null) return
  deps.errands.send(() => invite(deps, user, 'reset', { userId: null, ...origin }, now))
}

/** Whose link it is, and what they may choose. */
export type OpenedLink = {
  user: User
  purpose: PersonLink['purpose']
  /** The fewest characters of a password. */
  minimum: number
  /** Whether a passkey will do in place of one. Not for those who have a factor: a link must not stand in for it. */
  passkey: boolean
}

/** The link, if it would still work. */
export async function readPersonLink(deps: Deps, secret: string, now: number): Promise<OpenedLink | undefined> {
  const link = await deps.storage.findPersonLink({ hash: sha256(secret), now })
  const user = link && (await deps.storage.findUser({ id: link.userId }))
  if (link === undefined || user === undefined) return undefined
  const factors = await deps.storage.readFactors({ userId: user.id })
  const minimum = passwordMinimum(deps.settings, factors)
  return { user, purpose: link.purpose, minimum, passkey: !hasFactors(factors) }
}

/** What somebody chooses. */
export type Choice =
  | { method: 'password'; password: string; passwordAgain: string }
  | { method: 'passkey'; answer: PasskeyAnswer; name: string; holder: string }

/** A choice that will not do, and why. The link still works. */
type Unfit = { outcome: 'invalid'; field: 'password' | 'password_again' | 'passkey'; reason: string }

/** What became of a choice. */
export type Chosen = SignIn | Unfit | { outcome: 'link-over' }

/** Uses a link, and goes on as a sign-in with what was chosen. Of two people with one link, one comes in. */
export async function redeemPersonLink(
  deps: Deps,
  secret: string,
  choice: Choice,
  at: At,
  origin: Origin,
  now: number,
): Promise<Chosen> {
  const found = await readPersonLink(deps, secret, now)
  if (found === undefined) return { outcome: 'link-over' }
  const { user, purpose } = found
  const chosen = await judge(deps, found, choice, now)
  if ('outcome' in chosen) return chosen
  const changed = await deps.storage.redeemPersonLink({
    hash: sha256(secret),
    chosen,
    revokedUntil: now + REVOCATION_LIFE,
    // A millisecond before what is about to begin: all that was open ends, and this does not.
    now: now - 1,
    audit: auditEvent('RedeemLink', origin, user.id, { purpose, method: choice.method }, now),
  })
  if (changed === undefined) return { outcome: 'link-over' }
  await deps.storage.acknowledgeFactorReset({ userId: user.id })
  tell(deps, changed, choice.method === 'password' ? 'password-changed' : 'passkey-added', origin)
  return choice.method === 'password'
    ? signIn(deps, { userName: changed.userName, password: choice.password }, at, origin, now)
    : signInWithNewPasskey(deps, changed, origin, now)
}

async function judge(
  deps: Deps,
  { user, minimum, passkey: allowed }: OpenedLink,
  choice: Choice,
  now: number,
): Promise<ChosenCredentials | Unfit | { outcome: 'too-busy' }> {
  if (choice.method === 'passkey') {
    const { answer, name, holder } = choice
    const passkey = allowed ? await readNewPasskey(deps, user, { ...answer, name }, holder, now) : undefined
    if (passkey !== undefined) return { passwordHash: null, passkey }
    return { outcome: 'invalid', field: 'passkey', reason: 'The passkey was not made. Try again.' }
  }
  const reason = checkNewPassword(choice.password, { userName: user.userName, minimum })
  if (reason !== undefined) return { outcome: 'invalid', field: 'password', reason }
  if (!equalInConstantTime(choice.password, choice.passwordAgain))
    return { outcome: 'invalid', field: 'password_again', reason: 'The two passwords differ.' }
  const passwordHash = await hashPassword(choice.password).catch(unlessBusy)
  return passwordHash === undefined ? { outcome: 'too-busy' } : { passwordHash, passkey: null }
}
