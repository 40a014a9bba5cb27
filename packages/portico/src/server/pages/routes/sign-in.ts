/** Signing in and out. */
import { signIn, signOut } from '../../../core/people.ts'
import { paths, signedOutPage, signInPage } from '../pages.ts'
import { type Browser, errorAnswer, forgetSession, formOf, keepSession, ownPath, page, seeOther } from './browser.ts'

/** `GET /sign-in`: the form, unless somebody is signed in already and need not prove it again. */
export async function getSignIn(browser: Browser): Promise<Response> {
  const { server, context, person, frame } = browser
  const returnTo = ownPath(server, context.req.query('return') ?? paths.start)
  const again = context.req.query('again') !== undefined
  if (person !== undefined && !again) return seeOther(browser, returnTo)
  return page(
    browser,
    signInPage({
      ...frame,
      returnTo,
      userName: person?.reach.user.userName,
      reason:
        person === undefined ? undefined : 'You signed in a while ago. Sign in again before you approve anything.',
    }),
  )
}

const failures = {
  wrong: { status: 400, error: 'User name or password is wrong.' },
  'too-many-attempts': { status: 429, error: 'There were too many tries. Wait ten minutes and try again.' },
  'too-busy': { status: 503, error: 'Too many people sign in at this moment. Try again in a few seconds.' },
} as const

/** `POST /sign-in`. */
export async function postSignIn(browser: Browser): Promise<Response> {
  const { server, frame, origin, now, person } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  const returnTo = ownPath(server, form.get('return'))
  const userName = form.get('username').trim()
  const result = await signIn(server.deps, { userName, password: form.get('password') }, origin, now)
  if (result.outcome === 'signed-in') {
    // Proving it again replaces the earlier sign-in: its cookie may be what somebody else holds.
    if (person !== undefined) await signOut(server.deps, person, origin, now)
    keepSession(browser, result.secret, result.expiresAt)
    return seeOther(browser, returnTo)
  }
  const { status, error } = failures[result.outcome]
  return page(browser, signInPage({ ...frame, returnTo, userName, error }), { status })
}

/** `POST /sign-out`: ends the browser's sign-in. What was approved for programs goes on. */
export async function postSignOut(browser: Browser): Promise<Response> {
  const form = formOf(browser)
  if (form instanceof Response) return form
  if (browser.person !== undefined) await signOut(browser.server.deps, browser.person, browser.origin, browser.now)
  forgetSession(browser)
  return seeOther(browser, paths.signOut)
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
