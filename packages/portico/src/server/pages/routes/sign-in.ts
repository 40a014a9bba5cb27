/** Signing in and out. */
import { offerPasskey } from '../../../core/factors/passkeys.ts'
import { signOutEverywhereAsked } from '../../../core/oauth2/end-session.ts'
import type { Continue } from '../../../core/people/pending-sign-in.ts'
import type { SignedIn } from '../../../core/people/people.ts'
import { signOut } from '../../../core/people/people.ts'
import { type SignIn, signIn, signInWithPasskey } from '../../../core/people/sign-in.ts'
import { paths, signedOutPage, signInPage } from '../pages.ts'
import {
  type Again,
  type Browser,
  errorAnswer,
  type Form,
  forgetSession,
  formOf,
  keepPending,
  keepSession,
  ownPath,
  page,
  pendingOf,
  seeOther,
} from './browser.ts'

/** `GET /sign-in`: the form, unless somebody is signed in already and need not prove it again. */
export async function getSignIn(browser: Browser): Promise<Response> {
  const { server, context, person } = browser
  const returnTo = ownPath(server, context.req.query('return') ?? paths.start)
  const again = context.req.query('again')
  if (person !== undefined && again === undefined) return seeOther(browser, returnTo)
  return ask(browser, {
    returnTo,
    userName: context.req.query('username') ?? person?.reach.user.userName,
    reason: person === undefined ? undefined : reasons[again === 'asked-for' ? again : 'long-ago'],
  })
}

const reasons: Readonly<Record<Again, string>> = {
  'long-ago': 'You signed in a while ago. Sign in again before you approve anything.',
  'asked-for': 'The program that sent you here asks that you sign in again.',
}

const failures = {
  wrong: { status: 400, error: 'User name or password is wrong.' },
  'too-many-attempts': { status: 429, error: 'There were too many tries. Wait ten minutes and try again.' },
  'too-busy': { status: 503, error: 'Too many people sign in at this moment. Try again in a few seconds.' },
} as const

/** `POST /sign-in`: a user name and a password, or a passkey that says whose it is. */
export async function postSignIn(browser: Browser): Promise<Response> {
  const { server, origin, now, holder } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  const at = { holder, returnTo: ownPath(server, form.get('return')) }
  const answer = passkeyAnswer(form)
  const userName = form.get('username').trim()
  const result = answer
    ? await signInWithPasskey(server.deps, answer, at, origin, now)
    : await signIn(server.deps, { userName, password: form.get('password') }, at, origin, now)
  if (result.outcome === 'signed-in') return arrive(browser, result, at.returnTo)
  if (result.outcome === 'continue') return goOn(browser, result)
  const { status, error } = failures[result.outcome]
  const said = answer && result.outcome === 'wrong' ? 'This passkey is not known here, or was not unlocked.' : error
  return ask(browser, { returnTo: at.returnTo, userName: userName || undefined, error: said }, status)
}

/** Signs the browser in and sends it where it wanted to go. */
export async function arrive(browser: Browser, signedIn: SignedIn, returnTo: string): Promise<Response> {
  const { server, person, origin, now } = browser
  // Proving it again replaces the earlier sign-in: its cookie may be what somebody else holds.
  if (person !== undefined) await signOut(server.deps, person, origin, now)
  keepSession(browser, signedIn.secret, signedIn.expiresAt)
  if (pendingOf(browser) !== '') keepPending(browser, '')
  const first = `${paths.account}?${new URLSearchParams({ return: returnTo })}`
  return seeOther(browser, signedIn.news === undefined ? returnTo : first)
}

/** Sends a browser whose sign-in is half finished to its next step. */
export function goOn(browser: Browser, { next, sealed }: Continue): Response {
  keepPending(browser, sealed)
  return seeOther(browser, next === 'second-factor' ? paths.secondFactor : paths.enrol)
}

/** What a passkey form sent; undefined for any other form. */
export function passkeyAnswer(form: Form): { ceremony: string; credential: string } | undefined {
  const [ceremony, credential] = [form.get('ceremony'), form.get('credential')]
  return credential === '' ? undefined : { ceremony, credential }
}

/** The sentence and status for a step that failed, for pages that show the step again. */
export function failureOf(outcome: Exclude<SignIn['outcome'], 'signed-in' | 'continue'>, wrong: string) {
  const { status, error } = failures[outcome]
  return { status, error: outcome === 'wrong' ? wrong : error }
}

/**
 * `POST /sign-out`: ends the browser's sign-in. What was approved for programs goes on, but for the one that sent its person
 * here to sign out.
 */
export async function postSignOut(browser: Browser): Promise<Response> {
  const form = formOf(browser)
  if (form instanceof Response) return form
  const { server, person, origin, now } = browser
  const confirmed = form.get('request')
  const returnTo = person && (await signOutEverywhereAsked(server.deps, confirmed, person, origin, now))
  forgetSession(browser)
  return seeOther(browser, returnTo ?? paths.signOut)
}

/** `GET /sign-out`: says that nobody is signed in here. Opening it changes nothing. */
export async function getSignOut(browser: Browser): Promise<Response> {
  if (browser.person !== undefined)
    return errorAnswer(browser, 200, {
      title: 'You are still signed in',
      whatHappened: 'Opening this address does not sign anybody out.',
      whatToDo: 'Use the button at the top of the page.',
    })
  return page(browser, signedOutPage(browser.frame))
}

async function ask(
  browser: Browser,
  shown: { returnTo: string; userName: string | undefined; reason?: string | undefined; error?: string },
  status = 200,
): Promise<Response> {
  const { server, frame, holder, now } = browser
  const passkey = await offerPasskey(server.deps, undefined, holder, now)
  return page(browser, signInPage({ ...frame, ...shown, passkey, mayForget: server.deps.mailer !== null }), { status })
}
