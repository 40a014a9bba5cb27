/** Where a program sends a person who signed out of it. */
import { readEndSessionRequest, sealConfirmation } from '../../../core/oauth2/end-session.ts'
import { queryOf } from '../../environment.ts'
import { endSessionPage, paths, signedOutPage } from '../pages.ts'
import { type Browser, errorAnswer, page, seeOther } from './browser.ts'
import { isOfStranger, placeOf } from './strangers.ts'

/** An id token, an address and a client id. No program comes near it. */
const LONGEST_QUERY = 12_000

/** `GET /oauth2/logout`: asks. What ends, ends at `/sign-out`. */
export async function getEndSession(browser: Browser): Promise<Response> {
  const { server, context, person, now } = browser
  const query = queryOf(context.var.raw)
  if (query.length > LONGEST_QUERY) return tooLong(browser)
  const request = await readEndSessionRequest(server.deps, new URLSearchParams(query), now)
  const { client, sessionId, returnTo, strayed } = request
  const to = returnTo === null ? undefined : new URL(returnTo)
  const host = to && placeOf(to)
  if (person !== undefined)
    return page(
      browser,
      endSessionPage({
        ...browser.frame,
        person: { displayName: person.reach.user.displayName, userName: person.reach.user.userName },
        request: sealConfirmation(server.deps, request, person, now),
        ...{ clientName: client?.name, host, strayed },
      }),
      returnTo === null ? {} : { redirectUri: returnTo },
    )
  if (to === undefined) return page(browser, signedOutPage(browser.frame))
  // Without an id token the program knows nobody; and with one of their own, whoever registered a program can write a link.
  const stranger = isOfStranger(browser, client, to)
  return sessionId === null || stranger
    ? page(browser, signedOutPage({ ...browser.frame, onward: { href: to.href, host: placeOf(to), stranger } }))
    : seeOther(browser, to.href)
}

/** `POST /oauth2/logout`: the same, in a form, which comes from another site and so without this browser's cookies. */
export async function postEndSession(browser: Browser): Promise<Response> {
  const query = new URLSearchParams(new TextDecoder().decode(browser.context.var.raw.body)).toString()
  return query.length > LONGEST_QUERY ? tooLong(browser) : seeOther(browser, `${paths.endSession}?${query}`)
}

function tooLong(browser: Browser): Response {
  return errorAnswer(browser, 400, {
    title: 'This sign-out cannot go on',
    whatHappened: `The request has more than ${LONGEST_QUERY} characters.`,
    whatToDo: 'Use the button at the top of the page to sign out here.',
  })
}
