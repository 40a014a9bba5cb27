/**
 * The authorization endpoint and its consent page. A request that a person may decide is sealed into the form together with
 * who it was shown to, so that the decision can only come from that browser's page.
 */

import { proofNeededToApprove } from '../../../core/factors/proof-needed.ts'
import { reachOf } from '../../../core/grants/approvals.ts'
import {
  type AuthorizationRequest,
  decideAuthorization,
  judgeAuthorizationRequest,
} from '../../../core/grants/authorization-codes.ts'
import type { Person } from '../../../core/people/people.ts'
import { queryOf } from '../../environment.ts'
import { consentPage, paths } from '../pages.ts'
import { type Browser, errorAnswer, formOf, page, toSignIn } from './browser.ts'
import { proveFirst } from './second-factor.ts'

type ConsentClaims = { signInId: string; query: string; expiresAt: number }

/** How long a consent page may stay open. */
const PATIENCE = 600_000
/** A request is carried through sign-in and consent, so it has to fit into a URL twice over. No client comes near it. */
const LONGEST_QUERY = 5_000

/** `GET /authorize`. */
export async function getAuthorize(browser: Browser): Promise<Response> {
  const { server, context, person, now } = browser
  const query = queryOf(context.var.raw)
  if (query.length > LONGEST_QUERY) return refused(browser, `The request has more than ${LONGEST_QUERY} characters.`)
  const judged = judgeAuthorizationRequest(server.deps, new URLSearchParams(query), now)
  if (judged.outcome === 'refused') return refused(browser, judged.reason)
  if (judged.outcome === 'error') return context.redirect(judged.location, 302)
  if (person === undefined) return toSignIn(browser, `${context.req.path}?${query}`)
  const needed = await proofNeededToApprove(server.deps, person, now)
  if (needed !== 'nothing') return proveFirst(browser, person, needed, `${context.req.path}?${query}`)
  return ask(browser, person, judged.request, query)
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
        host: redirect.host || redirect.protocol,
        loopback: ['127.0.0.1', '[::1]', 'localhost'].includes(redirect.hostname),
      },
      reach: reachOf(person.reach),
    }),
    { redirectUri: request.redirectUri },
  )
}

function refused(browser: Browser, reason: string): Response {
  return errorAnswer(browser, 400, {
    title: 'This sign-in cannot go on',
    whatHappened: reason,
    whatToDo: 'Start the sign-in again in the program that sent you here. If that does not help, tell whoever runs it.',
  })
}
