/**
 * The authorization endpoint and its consent page. A request that a person may decide is sealed into the form together with
 * who it was shown to, so that the decision can only come from that browser's page.
 */

import type { Client } from '../../../core/clients/client-authentication.ts'
import { reachOf } from '../../../core/grants/approvals.ts'
import {
  type AuthorizationRequest,
  decideAuthorization,
  judgeAuthorizationRequest,
} from '../../../core/grants/authorization-codes.ts'
import { judgeAuthentication } from '../../../core/oauth2/authentication-request.ts'
import type { Person } from '../../../core/people/people.ts'
import { queryOf } from '../../environment.ts'
import { consentPage, paths } from '../pages.ts'
import { type Browser, errorAnswer, formOf, page, seeOther, toSignIn } from './browser.ts'
import { proveFirst } from './second-factor.ts'
import { isLoopback, isOfStranger, placeOf } from './strangers.ts'

type ConsentClaims = { signInId: string; query: string; expiresAt: number }

/** How long a consent page may stay open. */
const PATIENCE = 600_000
/** A request is carried through sign-in and consent, so it has to fit into a URL twice over. No client comes near it. */
const LONGEST_QUERY = 5_000
/** As it comes, it may hold an id token as well. */
const LONGEST_FIRST_QUERY = 9_000

/** `GET /authorize`. */
export async function getAuthorize(browser: Browser): Promise<Response> {
  const { server, context, person, now } = browser
  const query = queryOf(context.var.raw)
  if (query.length > LONGEST_FIRST_QUERY) return tooLong(browser)
  const parameters = new URLSearchParams(query)
  const judged = judgeAuthorizationRequest(server.deps, parameters, now)
  if (judged.outcome === 'refused') return refused(browser, judged.reason)
  if (judged.outcome === 'error') return tellClient(browser, judged.client, judged, query)
  const authentication = await judgeAuthentication(server.deps, parameters, judged.request, person, now)
  if (authentication.outcome === 'error') return tellClient(browser, judged.request.client, authentication, query)
  if (authentication.query.length > LONGEST_QUERY) return tooLong(browser)
  if (authentication.outcome === 'ask') return ask(browser, authentication.person, judged.request, authentication.query)
  const { needed, byClient, userName } = authentication
  const returnTo = `${paths.authorize}?${authentication.query}`
  if (person === undefined) return toSignIn(browser, returnTo, { userName })
  if (byClient) return toSignIn(browser, returnTo, { again: 'asked-for', userName })
  return proveFirst(browser, person, needed, returnTo)
}

/**
 * Tells a client of an error, which a link alone can bring about. A program on this machine hears of it at once. To another
 * machine nobody is sent by themselves whose address anybody may have registered: a page says where it would lead. An
 * application's address an administrator knows; still, whoever is sent there has signed in, unless it wants nobody asked.
 */
function tellClient(
  browser: Browser,
  client: Client,
  { location, silent }: { location: string; silent: boolean },
  query: string,
): Response {
  const to = new URL(location)
  if (isLoopback(to)) return browser.context.redirect(location, 302)
  if (isOfStranger(browser, client, to)) return strayed(browser, to)
  if (browser.person !== undefined || silent) return browser.context.redirect(location, 302)
  return query.length > LONGEST_QUERY ? tooLong(browser) : toSignIn(browser, `${paths.authorize}?${query}`)
}

/**
 * `POST /authorize`: the same, in a form. The cookie that says who is signed in does not come with a form of another site, so
 * the browser is sent to ask again as it would have by a link.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
export async function postAuthorize(browser: Browser): Promise<Response> {
  const query = new URLSearchParams(new TextDecoder().decode(browser.context.var.raw.body)).toString()
  return query.length > LONGEST_FIRST_QUERY ? tooLong(browser) : seeOther(browser, `${paths.authorize}?${query}`)
}

/** `POST /consent`: the decision. What it decides is what was shown: the request is judged again from what was sealed. */
export async function postConsent(browser: Browser): Promise<Response> {
  const { server, context, person, origin, now } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  const claims = server.deps.sealer.open<ConsentClaims>('cookie', form.get('request'))
  const decision = form.get('decision')
  if (person === undefined || claims?.signInId !== person.signInId || now >= claims.expiresAt)
    return refused(browser, 'The page was too old, or was shown to somebody else.')
  const judged = judgeAuthorizationRequest(server.deps, new URLSearchParams(claims.query), now)
  if (judged.outcome === 'refused') return refused(browser, judged.reason)
  if (judged.outcome === 'error') return context.redirect(judged.location, 303)
  if (decision !== 'approve' && decision !== 'deny') return ask(browser, person, judged.request, claims.query)
  const decided = await decideAuthorization(server.deps, judged.request, decision, person, origin, now)
  if (decided.outcome === 'proof-needed')
    return proveFirst(browser, person, decided.needed, `${paths.authorize}?${claims.query}`)
  context.header('Cache-Control', 'no-store')
  return context.redirect(decided.location, 303)
}

function ask(browser: Browser, person: Person, request: AuthorizationRequest, query: string): Response {
  const { user } = person.reach
  const redirect = new URL(request.redirectUri)
  const claims: ConsentClaims = { signInId: person.signInId, query, expiresAt: browser.now + PATIENCE }
  return page(
    browser,
    consentPage({
      ...browser.frame,
      person: { displayName: user.displayName, userName: user.userName },
      request: browser.server.deps.sealer.seal('cookie', claims),
      clientName: request.client.name,
      scopes: request.scopes,
      redirect: {
        host: placeOf(redirect),
        loopback: isLoopback(redirect),
      },
      reach: reachOf(person.reach),
    }),
    { redirectUri: request.redirectUri },
  )
}

function tooLong(browser: Browser): Response {
  return refused(browser, `The request has more than ${LONGEST_QUERY} characters.`)
}

/** What a stranger registered is left to the person: the page names the place, and its link leads there. */
function strayed(browser: Browser, to: URL): Response {
  const host = placeOf(to)
  return errorAnswer(browser, 400, {
    title: 'This sign-in cannot go on',
    whatHappened: `${to.searchParams.get('error_description')} The program that sent you here is at ${host}, an address that anybody can have registered.`,
    whatToDo: 'If you came from there and trust it, you may go back. Else close this page.',
    link: { href: to.href, label: `Go back to ${host}` },
  })
}

function refused(browser: Browser, reason: string): Response {
  return errorAnswer(browser, 400, {
    title: 'This sign-in cannot go on',
    whatHappened: reason,
    whatToDo: 'Start the sign-in again in the program that sent you here. If that does not help, tell whoever runs it.',
  })
}
