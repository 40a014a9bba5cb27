/** One-time links for one person, and asking for one when a password is forgotten. */
import { offerNewPasskey } from '../../../core/factors/passkeys.ts'
import {
  type Choice,
  forgotPassword,
  type OpenedLink,
  readPersonLink,
  redeemPersonLink,
} from '../../../core/people/person-links.ts'
import { type ChooseModel, choosePage, forgotPage, paths } from '../pages.ts'
import { type Browser, errorAnswer, formOf, page, seeOther } from './browser.ts'
import { withRecoveryCodes } from './second-factor.ts'
import { arrive, goOn, passkeyAnswer } from './sign-in.ts'

/** `GET /setup/link`. Opening it changes nothing: programs look at links in mail before people do. */
export async function getPersonLink(browser: Browser): Promise<Response> {
  const link = browser.context.req.query('link') ?? ''
  const opened = await readPersonLink(browser.server.deps, link, browser.now)
  return opened === undefined ? over(browser) : ask(browser, link, opened)
}

/** `POST /setup/link`: what was chosen. */
export async function postPersonLink(browser: Browser): Promise<Response> {
  const { server, origin, now, holder } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  const link = form.get('link')
  const answer = passkeyAnswer(form)
  const choice: Choice = answer
    ? { method: 'passkey', answer, name: form.get('name'), holder }
    : { method: 'password', password: form.get('password'), passwordAgain: form.get('password_again') }
  const at = { holder, returnTo: paths.start }
  const result = await redeemPersonLink(server.deps, link, choice, at, origin, now)
  switch (result.outcome) {
    case 'signed-in':
      return arrive(browser, result, answer ? withRecoveryCodes(paths.start, 'passkey-added') : paths.start)
    case 'continue':
      return goOn(browser, result)
    case 'link-over':
      return over(browser)
    case 'invalid': {
      const opened = await readPersonLink(server.deps, link, now)
      if (opened === undefined) return over(browser)
      return ask(browser, link, opened, { [result.field]: result.reason })
    }
    default:
      return errorAnswer(browser, 503, {
        title: 'Not at this moment',
        whatHappened: 'Too many people sign in at this moment.',
        whatToDo: 'Go back and try again in a few seconds. If the link does not work any more, sign in.',
      })
  }
}

/** `GET /sign-in/forgot`. */
export async function getForgot(browser: Browser): Promise<Response> {
  if (browser.server.deps.mailer === null) return seeOther(browser, paths.signIn)
  return page(browser, forgotPage({ ...browser.frame, asked: browser.context.req.query('asked') !== undefined }))
}

/** `POST /sign-in/forgot`: the same answer for everybody. */
export async function postForgot(browser: Browser): Promise<Response> {
  const { server, origin, now } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  await forgotPassword(server.deps, form.get('username').trim(), origin, now)
  return seeOther(browser, `${paths.forgot}?asked=1`)
}

async function ask(
  browser: Browser,
  link: string,
  { user, purpose, minimum, passkey }: OpenedLink,
  errors: ChooseModel['errors'] = {},
): Promise<Response> {
  const { server, holder, now, frame } = browser
  const offer = { holder, alone: true }
  const content = choosePage({
    ...{ instanceName: frame.instanceName, csrf: frame.csrf, link, purpose, passwordMinimum: minimum, errors },
    ...{ displayName: user.displayName, userName: user.userName },
    passkey: passkey ? await offerNewPasskey(server.deps, user, { passkeys: [] }, offer, now) : undefined,
  })
  return page(browser, content, { status: Object.keys(errors).length > 0 ? 400 : 200 })
}

function over(browser: Browser): Response {
  return errorAnswer(browser, 410, {
    title: 'This link is of no use any more',
    whatHappened: 'Such links work once and not for long, and a newer link ends the ones before it.',
    whatToDo: 'If you have signed in before, do that. Else ask your administrator for a new link.',
  })
}
