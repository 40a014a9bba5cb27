/** Setting up: the one-time link by which the first administrator comes in. */

import { MIN_PASSWORD_LENGTH } from '../../../core/people/passwords.ts'
import { isSetupLinkLive, setUp } from '../../../core/people/people.ts'
import { paths, setUpPage } from '../pages.ts'
import { type Browser, errorAnswer, formOf, keepSession, page, seeOther } from './browser.ts'

/** `GET /setup`. */
export async function getSetUp(browser: Browser): Promise<Response> {
  const link = browser.context.req.query('link') ?? ''
  if (!(await isSetupLinkLive(browser.server.deps, link, browser.now))) return over(browser)
  return page(browser, setUpPage({ ...browser.frame, token: link, passwordMinimum: MIN_PASSWORD_LENGTH }))
}

/** `POST /setup`. */
export async function postSetUp(browser: Browser): Promise<Response> {
  const { server, origin, now, frame } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  const token = form.get('token')
  const values = {
    username: form.get('username').trim(),
    display_name: form.get('display_name').trim(),
    email: form.get('email').trim(),
  }
  const result = await setUp(
    server.deps,
    {
      link: token,
      userName: values.username,
      displayName: values.display_name,
      email: values.email,
      password: form.get('password'),
      passwordAgain: form.get('password_again'),
    },
    origin,
    now,
  )
  if (result.outcome === 'signed-in') {
    keepSession(browser, result.secret, result.expiresAt)
    return seeOther(browser, paths.start)
  }
  if (result.outcome === 'link-over') return over(browser)
  if (result.outcome === 'too-busy')
    return errorAnswer(browser, 503, {
      title: 'Not at this moment',
      whatHappened: 'Too many people sign in at this moment. The link still works.',
      whatToDo: 'Go back and try again in a few seconds.',
    })
  const errors = { [result.field]: result.reason }
  const content = setUpPage({ ...frame, token, passwordMinimum: MIN_PASSWORD_LENGTH, values, errors })
  return page(browser, content, { status: 400 })
}

function over(browser: Browser): Response {
  return errorAnswer(browser, 410, {
    title: 'This link is of no use any more',
    whatHappened: 'Set-up links work once and for a day, and a newer link ends the ones before it.',
    whatToDo: 'Start Portico again: it prints a new link for as long as there is no administrator.',
  })
}
