/**
 * The second step of a sign-in: presenting a second factor, or setting one up where it is required. Whose step it is, the
 * browser's cookie says, sealed.
 */
import { offerNewPasskey, offerPasskey } from '../../../core/factors/passkeys.ts'
import { type ProofNeeded, proofNeededToAssume } from '../../../core/factors/proof-needed.ts'
import { lacksSecondFactor } from '../../../core/factors/requirements.ts'
import { newTotp, newTotpAgain } from '../../../core/factors/totp.ts'
import { type Pending, readPending } from '../../../core/people/pending-sign-in.ts'
import type { Person } from '../../../core/people/people.ts'
import { enrolAndSignIn, presentSecondFactor, stepUp } from '../../../core/people/sign-in.ts'
import { pathOf } from '../../environment.ts'
import { enrolPage, paths, secondFactorPage } from '../pages.ts'
import { type Browser, formOf, ownPath, page, pendingOf, seeOther, toSignIn } from './browser.ts'
import { arrive, failureOf, goOn, passkeyAnswer } from './sign-in.ts'

/** Sends a person who is signed in to prove what they must before they may go on to `returnTo`. */
export async function proveFirst(
  browser: Browser,
  person: Person,
  needed: Exclude<ProofNeeded, 'nothing'>,
  returnTo: string,
): Promise<Response> {
  if (needed === 'sign-in') return toSignIn(browser, returnTo, { again: 'long-ago' })
  const { server, holder, now } = browser
  return goOn(browser, await stepUp(server.deps, person, { holder, returnTo }, now))
}

/**
 * Sends a person who is in with less than is asked of them by now to prove the rest, before any page that shows or gives
 * something. Undefined where there is nothing to prove, or nothing to see without.
 */
export async function proveTheRest(browser: Browser): Promise<Response | undefined> {
  const { person, server, now, context } = browser
  const { raw } = context.var
  if (person === undefined || OPEN.has(pathOf(raw))) return undefined
  if (!lacksSecondFactor(server.deps.settings, person.reach, person.amr)) return undefined
  const needed = await proofNeededToAssume(server.deps, person, { requireSecondFactor: true }, now)
  if (needed === 'nothing') return undefined
  return proveFirst(browser, person, needed, raw.method === 'GET' ? ownPath(server, raw.target) : paths.start)
}

/**
 * Where people prove themselves; where they end what they have open, since whoever wants out need not prove anything; and
 * where a program sends them, which asks for the same proof unless the program wants nobody asked.
 */
const OPEN: ReadonlySet<string> = new Set([
  ...[paths.signIn, paths.secondFactor, paths.enrol, paths.forgot, paths.setUp, paths.personLink],
  ...[paths.signOut, paths.sessions, paths.disown, paths.endSession],
  // Approvals ask for themselves, with more care; denials need nothing.
  ...[paths.device, paths.authorize, paths.consent],
])

/** `GET /sign-in/second-factor`. */
export async function getSecondFactor(browser: Browser): Promise<Response> {
  return withPending(browser, 'second-factor', (pending) => askForFactor(browser, pending))
}

/** `POST /sign-in/second-factor`. */
export async function postSecondFactor(browser: Browser): Promise<Response> {
  const { server, origin, now, holder } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  return withPending(browser, 'second-factor', async (pending) => {
    const answer = passkeyAnswer(form)
    const presented = answer
      ? ({ method: 'passkey', answer, holder } as const)
      : form.get('method') === 'recovery-code'
        ? ({ method: 'recovery-code', code: form.get('recovery_code') } as const)
        : ({ method: 'totp', code: form.get('code') } as const)
    const result = await presentSecondFactor(server.deps, pending, presented, origin, now)
    if (result.outcome === 'signed-in') return arrive(browser, result, pending.returnTo)
    if (result.outcome === 'continue') return goOn(browser, result)
    const { status, error } = failureOf(result.outcome, wrong[presented.method])
    return askForFactor(browser, pending, error, status)
  })
}

const wrong = {
  totp: 'This code is not right, or was used already. Wait for the next one and try again.',
  'recovery-code': 'This is not one of your recovery codes, or it was used already.',
  passkey: 'This passkey did not do. Try again, or use another way.',
} as const

/** `GET /sign-in/enrol`. */
export async function getEnrol(browser: Browser): Promise<Response> {
  return withPending(browser, 'enrolment', (pending) => askToEnrol(browser, pending))
}

/** `POST /sign-in/enrol`. */
export async function postEnrol(browser: Browser): Promise<Response> {
  const { server, origin, now, holder } = browser
  const form = formOf(browser)
  if (form instanceof Response) return form
  return withPending(browser, 'enrolment', async (pending) => {
    const answer = passkeyAnswer(form)
    const enrolment = answer
      ? ({ method: 'passkey', answer, name: form.get('name'), holder } as const)
      : ({ method: 'totp', sealed: form.get('secret'), code: form.get('code') } as const)
    const result = await enrolAndSignIn(server.deps, pending, enrolment, origin, now)
    if (result.outcome === 'signed-in')
      return arrive(browser, result, withRecoveryCodes(pending.returnTo, `${enrolment.method}-added`))
    if (result.outcome === 'continue') return goOn(browser, result)
    const { status, error } = failureOf(
      result.outcome,
      answer
        ? 'The passkey was not made. Try again.'
        : 'This is not the code that the app shows now. Try the next one.',
    )
    return askToEnrol(browser, pending, { error, sealed: form.get('secret') }, status)
  })
}

/** Where somebody goes who has just set up their first factor, and is told so: past the recovery codes. */
export function withRecoveryCodes(returnTo: string, said: 'passkey-added' | 'totp-added'): string {
  return `${paths.recoveryCodes}?${new URLSearchParams({ said, return: returnTo })}`
}

async function withPending(
  browser: Browser,
  step: Pending['next'],
  act: (pending: Pending) => Promise<Response>,
): Promise<Response> {
  const { server, holder, now } = browser
  const pending = await readPending(server.deps, pendingOf(browser), holder, now)
  // Too late, another browser's, or somebody changed the password meanwhile: from the beginning.
  if (pending === undefined)
    return toSignIn(browser, paths.start, browser.person === undefined ? {} : { again: 'long-ago' })
  if (pending.next !== step)
    return seeOther(browser, pending.next === 'second-factor' ? paths.secondFactor : paths.enrol)
  return act(pending)
}

async function askForFactor(browser: Browser, pending: Pending, error?: string, status = 200): Promise<Response> {
  const { server, holder, now, frame } = browser
  const { user, factors } = pending
  const content = secondFactorPage({
    ...{ instanceName: frame.instanceName, csrf: frame.csrf, userName: user.userName },
    passkey: await offerPasskey(server.deps, { user, factors }, holder, now),
    totp: factors.totp !== null,
    recoveryCodes: factors.recoveryCodes > 0,
    error,
  })
  return page(browser, content, { status })
}

async function askToEnrol(
  browser: Browser,
  { user, factors }: Pending,
  { error, sealed = '' }: { error?: string; sealed?: string } = {},
  status = 200,
): Promise<Response> {
  const { server, holder, now, frame } = browser
  const content = enrolPage({
    ...{ instanceName: frame.instanceName, csrf: frame.csrf, userName: user.userName },
    passkey: await offerNewPasskey(server.deps, user, factors, { holder, alone: false }, now),
    totp: newTotpAgain(server.deps, user, sealed) ?? newTotp(server.deps, user),
    resetAt: factors.resetAt ?? undefined,
    error,
  })
  return page(browser, content, { status })
}
