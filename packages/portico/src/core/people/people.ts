/**
 * People at a browser: being recognised, signing out, and the link by which the first administrator comes in. The cookie holds
 * a secret; storage holds its hash.
 *
 * Not its job: proving who somebody is (`sign-in.ts`).
 */
import type { Amr, SignInSession, User } from '../../storage/storage.ts'
import type { Reach } from '../access/access.ts'
import { auditEvent } from '../audit/audit.ts'
import { cleanDisplayText } from '../clients/text.ts'
import type { Deps, Origin } from '../deps.ts'
import { equalInConstantTime, randomUuid, sha256 } from '../keys/random.ts'
import { refusal } from '../sessions/mint-gate.ts'
import { checkNewPassword, hashPassword, unlessBusy } from './passwords.ts'

const COOKIE_BYTES = 32
/** How long the link works by which the first administrator comes in, in milliseconds. */
export const SETUP_LINK_LIFE = 86_400_000
const SETUP_LINK_BYTES = 24
/** A person whose proof is older than this proves it again before they approve anything. */
const RECENT = 3_600_000

/** A person who is signed in at this browser. */
export type Person = {
  readonly signInId: string
  readonly authenticatedAt: number
  /** What they proved themselves with. */
  readonly amr: Amr
  readonly reach: Reach
}

/** A browser that is signed in from now on. */
export type SignedIn = {
  outcome: 'signed-in'
  secret: string
  expiresAt: number
  /** What the person must see before anything else. */
  news?: 'factors-reset'
}

/**
 * Signs a browser in for somebody who has proved who they are; undefined when they were disabled or got another password in
 * the meantime. `secret` goes into the cookie and nowhere else.
 */
export async function beginSignIn(
  deps: Deps,
  user: User,
  proof: { amr: Amr; authenticatedAt: number },
  origin: Origin,
  now: number,
): Promise<SignedIn | undefined> {
  // A new secret at every sign-in: whoever planted a cookie before holds nothing after.
  const secret = cookieSecret(deps)
  const expiresAt = proof.authenticatedAt + deps.settings.sessionDuration
  const { address, userAgent } = origin
  await deps.storage.beginSignIn({
    session: {
      id: sha256(secret),
      userId: user.id,
      ...proof,
      createdAt: now,
      lastUsedAt: now,
      expiresAt,
      address,
      userAgent,
    },
    audit: auditEvent('SignIn', origin, user.id, { amr: proof.amr }, now),
  })
  // Read again: whoever changed the password or disabled the person in between ended the sign-ins that there were, not this.
  const after = await deps.storage.findUser({ id: user.id })
  if (after?.enabled && after.passwordHash === user.passwordHash) return { outcome: 'signed-in', secret, expiresAt }
  await end(deps, user.id, sha256(secret), origin, now)
  return undefined
}

/** The person whose browser holds this secret, if they are still signed in. */
export async function recognise(deps: Deps, secret: string, now: number): Promise<Person | undefined> {
  const signIn = await deps.storage.findSignIn({ id: sha256(secret), now })
  const reach = signIn && (await deps.access.of(signIn.userId, now))
  if (signIn === undefined || reach === undefined) return undefined
  // No client's end reaches a browser.
  const revocable = { ...signIn, sessionId: signIn.id, clientHash: '' }
  if (refusal(reach.user, revocable, deps.revocations, now) !== undefined) return undefined
  if (isUnused(deps, signIn, now)) return undefined
  deps.signInUses.note(signIn.id, now)
  return { signInId: signIn.id, authenticatedAt: signIn.authenticatedAt, amr: signIn.amr, reach }
}

/** When a browser's sign-in was used last, by what is stored and what this process has noted since. */
export function lastUseOf({ signInUses }: Pick<Deps, 'signInUses'>, signIn: SignInSession): number {
  // While an older version still serves beside this one, what it begins has no use written down.
  return Math.max(signIn.createdAt, signIn.lastUsedAt, signInUses.lastOf(signIn.id) ?? 0)
}

/**
 * Whether a browser's sign-in went unused for so long that it is over. It does not come back: only its person's proof begins another.
 *
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html#aal2reauth
 */
export function isUnused(deps: Pick<Deps, 'settings' | 'signInUses'>, signIn: SignInSession, now: number): boolean {
  return now - lastUseOf(deps, signIn) >= deps.settings.signInIdleDuration
}

/** Whether the person proved who they are recently enough to approve something. */
export function isRecent(deps: Deps, person: Person, now: number): boolean {
  return now - person.authenticatedAt < Math.min(RECENT, deps.settings.sessionDuration / 2)
}

/** Signs the browser out. Sessions of programs that it approved go on. */
export async function signOut(deps: Deps, person: Person, origin: Origin, now: number): Promise<void> {
  await end(deps, person.reach.user.id, person.signInId, origin, now)
}

/** A value for a form that only this browser's page can have. `holder` is the cookie's secret. */
export function csrfToken(deps: Deps, holder: string): string {
  return deps.sealer.mac('csrf', sha256(holder))
}

/** Whether a form came from a page that we gave to this browser. */
export function isCsrfToken(deps: Deps, holder: string, token: string): boolean {
  return deps.sealer.verifyMac('csrf', sha256(holder), token)
}

/** A new secret for a cookie. */
export function cookieSecret(deps: Deps): string {
  return deps.random.bytes(COOKIE_BYTES).toString('base64url')
}

/**
 * Makes a one-time link by which the first administrator sets a password. It lives a day; older ones are void.
 *
 * @param command that prints it: whoever runs commands on this machine has no name here
 */
export async function createSetupLink(
  deps: Pick<Deps, 'storage' | 'random'> & { settings: Pick<Deps['settings'], 'origin'> },
  command: string,
  now: number,
): Promise<string> {
  const secret = deps.random.bytes(SETUP_LINK_BYTES).toString('base64url')
  const who = { userId: null, address: null, userAgent: command }
  const audit = { at: now, eventName: 'CreateSetupLink', ...who, detail: {} }
  await deps.storage.createSetupLink({ hash: sha256(secret), expiresAt: now + SETUP_LINK_LIFE, now, audit })
  return `${deps.settings.origin}/setup?link=${secret}`
}

/** Whether a set-up link would still work. */
export async function isSetupLinkLive(deps: Deps, secret: string, now: number): Promise<boolean> {
  return deps.storage.isSetupLinkLive({ hash: sha256(secret), now })
}

/** What the first administrator says about themselves. */
export type SetupForm = {
  link: string
  userName: string
  displayName: string
  email: string
  password: string
  passwordAgain: string
}

/** How set-up went. Where a field is not acceptable, it says which and why, and the link still works. */
export type Setup =
  | SignedIn
  | { outcome: 'link-over' }
  | { outcome: 'too-busy' }
  | ({ outcome: 'invalid' } & FieldFault)

/** A field of the set-up form, by its name there, and what to change. */
export type FieldFault = { field: 'username' | 'email' | 'password' | 'password_again'; reason: string }

/** Makes the first administrator and signs them in. Of two people with one link, one comes in. */
export async function setUp(deps: Deps, form: SetupForm, origin: Origin, now: number): Promise<Setup> {
  if (!(await isSetupLinkLive(deps, form.link, now))) return { outcome: 'link-over' }
  const fault = faultOf(form) ?? (await takenBy(deps, form.userName))
  if (fault !== undefined) return { outcome: 'invalid', ...fault }
  const passwordHash = await hashPassword(form.password).catch(unlessBusy)
  if (passwordHash === undefined) return { outcome: 'too-busy' }
  const user: User = {
    id: randomUuid(deps.random),
    userName: form.userName,
    displayName: cleanDisplayText(form.displayName, 256) || form.userName,
    givenName: null,
    familyName: null,
    email: form.email === '' ? null : form.email,
    enabled: true,
    passwordHash,
    administrator: true,
  }
  const audit = auditEvent('SetUp', origin, user.id, { userName: user.userName }, now)
  const made = await deps.storage.redeemSetupLink({ hash: sha256(form.link), user, now, audit })
  const proof = { amr: ['password'], authenticatedAt: now } as const
  const begun = made && (await beginSignIn(deps, made, proof, origin, now))
  return begun ?? { outcome: 'link-over' }
}

// The organization file may have named the administrator already; a name that somebody can sign in with is theirs.
async function takenBy(deps: Deps, userName: string): Promise<FieldFault | undefined> {
  const holder = await deps.storage.findUserByName({ userName })
  const taken =
    holder?.passwordHash || (holder && (await deps.storage.readFactors({ userId: holder.id })).passkeys.length)
  return taken ? { field: 'username', reason: 'Somebody has this name. Choose another.' } : undefined
}

function faultOf(form: SetupForm): FieldFault | undefined {
  if (!/^[\w+=,.@-]{1,64}$/.test(form.userName))
    return { field: 'username', reason: 'Use 1 to 64 letters, digits, or any of these: + = , . @ - _' }
  if (form.email !== '' && !/^[^\s@]{1,64}@[^\s@]{1,189}$/.test(form.email))
    return { field: 'email', reason: 'This is no e-mail address.' }
  const reason = checkNewPassword(form.password, { userName: form.userName })
  if (reason !== undefined) return { field: 'password', reason }
  if (!equalInConstantTime(form.password, form.passwordAgain))
    return { field: 'password_again', reason: 'The two passwords differ.' }
  return undefined
}

async function end(deps: Deps, userId: string, signInId: string, origin: Origin, now: number): Promise<void> {
  // Role credentials that the person took along go on, as do the programs that they let in.
  const audit = auditEvent('SignOut', origin, userId, {}, now)
  await deps.storage.endSignIn({ id: signInId, revokedUntil: null, now, audit })
}
