/** The device page: a person types or confirms a code and decides. Opening it changes nothing. */

import { proofNeededToApprove } from '../../../core/factors/proof-needed.ts'
import { decide, type Found, findByUserCode, reachOf } from '../../../core/grants/approvals.ts'
import {
  allowsApproval,
  isUncertain,
  mayPrefill,
  needsFreshProof,
  proximityOf,
} from '../../../core/grants/device-policy.ts'
import { offered } from '../../../core/grants/number-match.ts'
import { formatUserCode } from '../../../core/grants/user-code.ts'
import type { Person } from '../../../core/people/people.ts'
import { type DeviceOutcome, deviceCodePage, deviceConfirmPage, deviceEndingPage, paths } from '../pages.ts'
import { type Browser, type Form, formOf, page, seeOther, toSignIn } from './browser.ts'
import { proveFirst } from './second-factor.ts'

/** `GET /device`, with or without a code. */
export async function getDevice(browser: Browser): Promise<Response> {
  const userCode = browser.context.req.query('user_code') ?? ''
  const here = userCode === '' ? paths.device : withCode(userCode)
  if (browser.person === undefined) return toSignIn(browser, here)
  const needed = await proofNeededToApprove(browser.server.deps, browser.person, browser.now)
  if (needed !== 'nothing') return proveFirst(browser, browser.person, needed, here)
  if (userCode === '') return page(browser, deviceCodePage(browser.frame))
  return confirm(browser, browser.person, userCode)
}

/** `POST /device`: a typed code goes on to its confirmation; a decision is made. */
export async function postDevice(browser: Browser): Promise<Response> {
  const { server, person, origin, now } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  const userCode = form.get('user_code')
  const decision = form.get('decision')
  if (person === undefined) return toSignIn(browser, withCode(userCode))
  // Whoever typed the code has it from the device, which a link does not show.
  if (decision !== 'approve' && decision !== 'deny')
    return seeOther(browser, withCode(userCode, typedMark(browser, userCode)))
  const decided = await decide(server.deps, person, userCode, { decision, number: numberOf(form) }, origin, now)
  if (decided.outcome === 'proof-needed') return proveFirst(browser, person, decided.needed, withCode(userCode))
  if (decided.outcome === 'approved') return seeOther(browser, `${paths.device}/approved`)
  if (decided.outcome === 'number-needed') return confirm(browser, person, userCode, true)
  if (decided.outcome === 'denied' || decided.outcome === 'wrong-number')
    return seeOther(
      browser,
      `${paths.device}/${decided.outcome}?${new URLSearchParams({ reference: decided.grant.id.slice(0, 8) })}`,
    )
  return ending(browser, decided.outcome)
}

/** `GET /device/approved`, `/device/denied` and `/device/wrong-number`: where a decision leads, so that a reload repeats nothing. */
export async function getDeviceEnding(browser: Browser): Promise<Response> {
  const ending = browser.context.req.path.slice(paths.device.length + 1)
  const outcome = ending === 'approved' || ending === 'wrong-number' ? ending : 'denied'
  const reference = /^[\w-]{8}$/.exec(browser.context.req.query('reference') ?? '')?.[0]
  return page(
    browser,
    deviceEndingPage({
      ...browser.frame,
      outcome,
      reference,
      administratorEmail: browser.server.deps.settings.supportEmail ?? undefined,
    }),
  )
}

async function confirm(browser: Browser, person: Person, typed: string, unchosen = false): Promise<Response> {
  const { server, origin, now, frame } = browser
  const found = await findByUserCode(server.deps, person, typed, origin, now)
  if (found.outcome !== 'found') return ending(browser, found.outcome)
  const { grant, userCode } = found
  const { user } = person.reach
  const { settings } = server.deps
  const proximity = proximityOf(grant.address, origin.address)
  if (!allowsApproval(settings, proximity)) return ending(browser, 'elsewhere')
  if (needsFreshProof(settings, proximity, person, now)) return proveFirst(browser, person, 'sign-in', withCode(typed))
  // Whoever has decided on this page has had the code before them.
  if (!mayPrefill(settings, proximity) && !unchosen && !wasTyped(browser, typed))
    return page(browser, deviceCodePage(frame))
  return page(
    browser,
    deviceConfirmPage({
      ...frame,
      person: { displayName: user.displayName, userName: user.userName },
      userCode: formatUserCode(userCode),
      clientName: grant.clientName,
      scopes: grant.scopes,
      began: {
        address: grant.address,
        userAgent: grant.userAgent,
        secondsAgo: Math.max(0, Math.round((now - grant.createdAt) / 1000)),
      },
      address: origin.address,
      proximity,
      uncertain: isUncertain(settings, proximity),
      reach: reachOf(person.reach),
      ...(grant.numbers === null ? {} : { numbers: offered(grant.numbers), unchosen }),
    }),
    { status: unchosen ? 400 : 200 },
  )
}

/** The number that was chosen; what is none of two digits was not chosen. */
function numberOf(form: Form): number | undefined {
  const text = form.get('number')
  return /^\d\d$/.test(text) ? Number(text) : undefined
}

type Ending = Exclude<Found['outcome'], 'found'> | 'elsewhere'

const endings: Record<Ending, { outcome: DeviceOutcome; status: number }> = {
  unknown: { outcome: 'unknown', status: 404 },
  expired: { outcome: 'expired', status: 410 },
  decided: { outcome: 'already-used', status: 409 },
  elsewhere: { outcome: 'elsewhere', status: 403 },
  'too-many-attempts': { outcome: 'too-many-attempts', status: 429 },
}

function ending(browser: Browser, found: Ending): Response {
  const { outcome, status } = endings[found]
  return page(browser, deviceEndingPage({ ...browser.frame, outcome }), { status })
}

function withCode(userCode: string, typed?: string): string {
  const query = { user_code: userCode, ...(typed === undefined ? {} : { typed }) }
  return `${paths.device}?${new URLSearchParams(query)}`
}

/** Says that this code was typed into this browser's own form. Nobody can put it into a link for somebody else. */
function typedMark({ server, holder }: Browser, userCode: string): string {
  return server.deps.sealer.mac('csrf', `typed ${holder} ${userCode}`)
}

function wasTyped({ server, holder, context }: Browser, userCode: string): boolean {
  return server.deps.sealer.verifyMac('csrf', `typed ${holder} ${userCode}`, context.req.query('typed') ?? '')
}
