/** The link of a letter about a program that was let in from another network: it ends that program's access, and nothing else. */
import { disown, readDisownLink } from '../../../core/grants/distant-devices.ts'
import { disownPage, paths } from '../pages.ts'
import { type Browser, errorAnswer, formOf, page, seeOther } from './browser.ts'

/** `GET /account/disown`. Opening it changes nothing: programs look at links in mail before people do. */
export async function getDisown(browser: Browser): Promise<Response> {
  const { server, context, now, frame } = browser
  const link = context.req.query('link') ?? ''
  const session = await readDisownLink(server.deps, link, now)
  if (session === undefined) return over(browser)
  const { clientName, address, userAgent, createdAt, endedAt } = session
  const content = disownPage({
    ...{ instanceName: frame.instanceName, csrf: frame.csrf, link, clientName, address, userAgent, since: createdAt },
    endedAt,
    administratorEmail: server.deps.settings.supportEmail ?? undefined,
  })
  return page(browser, content)
}

/** `POST /account/disown`. Nobody has to be signed in: the link is the proof. */
export async function postDisown(browser: Browser): Promise<Response> {
  const { server, origin, now } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  const link = form.get('link')
  if (!(await disown(server.deps, link, origin, now))) return over(browser)
  // Back to what is true now, so that no address says of itself that something was ended.
  return seeOther(browser, `${paths.disown}?${new URLSearchParams({ link })}`)
}

function over(browser: Browser): Response {
  return errorAnswer(browser, 410, {
    title: 'This link is of no use any more',
    whatHappened: 'It works for as long as the access that it ends, and that is over.',
    whatToDo:
      'See at your account what is signed in as you. If something there is not yours, end it and tell your administrator.',
  })
}
