/** The account pages: how a person signs in, and where they are signed in. */

import { hasEveryPasskey, offerNewPasskey } from '../../../core/factors/passkeys.ts'
import { proofNeededToChange } from '../../../core/factors/proof-needed.ts'
import { hasFactors, passwordMinimum } from '../../../core/factors/requirements.ts'
import { newTotp, newTotpAgain } from '../../../core/factors/totp.ts'
import {
  acceptDistantDevice,
  addFactor,
  type Changed,
  changePassword,
  endEverything,
  endOwnSession,
  endOwnSignIn,
  makeRecoveryCodes,
  readAccount,
  removePasskey,
  removeTotp,
  renamePasskey,
} from '../../../core/people/account.ts'
import type { Person } from '../../../core/people/people.ts'
import { accountPage, oneTimeCodesPage, passwordPage, paths, recoveryCodesPage } from '../pages.ts'
import {
  type Browser,
  type Form,
  forgetSession,
  formOf,
  keepSession,
  ownPath,
  page,
  seeOther,
  toSignIn,
} from './browser.ts'
import { proveFirst, withRecoveryCodes } from './second-factor.ts'
import { arrive, passkeyAnswer } from './sign-in.ts'

/** `GET /account`. */
export async function getAccount(browser: Browser): Promise<Response> {
  const { person } = browser
  if (person === undefined) return toSignIn(browser, paths.account)
  return show(browser, person, sayingOf(browser))
}

/** `POST /account`: the person has seen that their factors were reset. */
export async function postAccount(browser: Browser): Promise<Response> {
  return withForm(browser, paths.account, 'nothing', async (person, form) => {
    if (form.get('seen') === 'reset')
      await browser.server.deps.storage.acknowledgeFactorReset({ userId: person.reach.user.id })
    return seeOther(browser, ownPath(browser.server, form.get('return') || paths.account))
  })
}

/** `POST /account/passkeys`: adds one, or renames or removes one. */
export async function postPasskeys(browser: Browser): Promise<Response> {
  const { server, origin, now, holder } = browser
  return withForm(browser, paths.account, 'proof', async (person, form) => {
    const answer = passkeyAnswer(form)
    if (answer !== undefined) {
      const enrolment = { method: 'passkey', answer, name: form.get('name'), holder } as const
      const added = await addFactor(server.deps, person, enrolment, origin, now)
      if (added.outcome === 'first')
        return arrive(browser, added.signedIn, withRecoveryCodes(paths.account, 'passkey-added'))
      return said(browser, added.outcome === 'added' ? 'passkey-added' : 'passkey-not-made')
    }
    const id = form.get('passkey')
    if (form.get('do') === 'rename')
      return said(browser, await renamePasskey(server.deps, person, { id, name: form.get('rename') }, origin, now))
    if (form.get('do') === 'remove') return said(browser, await removePasskey(server.deps, person, id, origin, now))
    return seeOther(browser, paths.account)
  })
}

/** `GET /account/one-time-codes`. */
export async function getOneTimeCodes(browser: Browser): Promise<Response> {
  return withProof(browser, paths.oneTimeCodes, (person) => offerTotp(browser, person))
}

/** `POST /account/one-time-codes`: a first code of a new app, or the end of the app. */
export async function postOneTimeCodes(browser: Browser): Promise<Response> {
  const { server, origin, now } = browser
  return withForm(browser, paths.oneTimeCodes, 'proof', async (person, form) => {
    if (form.get('do') === 'remove') return said(browser, await removeTotp(server.deps, person, origin, now))
    const enrolment = { method: 'totp', sealed: form.get('secret'), code: form.get('code') } as const
    const added = await addFactor(server.deps, person, enrolment, origin, now)
    if (added.outcome === 'first')
      return arrive(browser, added.signedIn, withRecoveryCodes(paths.account, 'totp-added'))
    return added.outcome === 'added' ? said(browser, 'totp-added') : offerTotp(browser, person, form.get('secret'))
  })
}

/** `GET /account/recovery-codes`. */
export async function getRecoveryCodes(browser: Browser): Promise<Response> {
  const { server, context, frame } = browser
  const returnTo = ownPath(server, context.req.query('return') ?? paths.account)
  const said = sayingOf(browser)
  const here = `${paths.recoveryCodes}?${new URLSearchParams({ return: returnTo })}`
  return withProof(browser, here, async (person) => {
    const factors = await server.deps.storage.readFactors({ userId: person.reach.user.id })
    return page(browser, recoveryCodesPage({ ...frame, returnTo, left: factors.recoveryCodes, said }))
  })
}

/** `POST /account/recovery-codes`. Answers with the codes and not with 303: they are shown once, and no URL may hold them. */
export async function postRecoveryCodes(browser: Browser): Promise<Response> {
  const { server, origin, now, frame } = browser
  return withForm(browser, paths.recoveryCodes, 'proof', async (person, form) => {
    const codes = await makeRecoveryCodes(server.deps, person, origin, now)
    if (codes === undefined) return seeOther(browser, paths.account)
    return page(browser, recoveryCodesPage({ ...frame, returnTo: ownPath(server, form.get('return')), codes, left: 0 }))
  })
}

/** `GET /account/password`. */
export async function getPassword(browser: Browser): Promise<Response> {
  return withProof(browser, paths.password, (person) => askForPassword(browser, person))
}

/** `POST /account/password`. */
export async function postPassword(browser: Browser): Promise<Response> {
  const { server, origin, now } = browser
  return withForm(browser, paths.password, 'proof', async (person, form) => {
    const fields = {
      current: form.get('current'),
      password: form.get('password'),
      passwordAgain: form.get('password_again'),
    }
    const result = await changePassword(server.deps, person, fields, origin, now)
    if (result.outcome === 'signed-in') {
      keepSession(browser, result.secret, result.expiresAt)
      return said(browser, 'password-changed')
    }
    if (result.outcome === 'invalid') return askForPassword(browser, person, { [result.field]: result.reason })
    const tooMany = result.outcome === 'too-many-attempts'
    const error = tooMany ? 'There were too many tries. Wait ten minutes.' : 'Try again in a few seconds.'
    return askForPassword(browser, person, {}, { error, status: tooMany ? 429 : 503 })
  })
}

/** `POST /account/sessions`: ends a program's session, a browser's sign-in, or everything. */
export async function postSessions(browser: Browser): Promise<Response> {
  const { server, origin, now } = browser
  // Whoever wants out need not prove anything again.
  return withForm(browser, paths.account, 'nothing', async (person, form) => {
    const [session, other] = [form.get('session'), form.get('browser')]
    if (form.get('known') !== '') {
      await acceptDistantDevice(server.deps, person, form.get('known'))
      return seeOther(browser, paths.account)
    }
    if (form.get('end') === 'everything') {
      await endEverything(server.deps, person, origin, now)
      forgetSession(browser)
      return seeOther(browser, paths.signOut)
    }
    const ended =
      session !== ''
        ? await endOwnSession(server.deps, person, session, origin, now)
        : await endOwnSignIn(server.deps, person, other, origin, now)
    return said(browser, ended ? 'ended' : 'unknown')
  })
}

/** What the account page says after a change, by what became of it. */
const sayings: Readonly<Record<string, { kind: 'information' | 'error'; text: string }>> = {
  done: { kind: 'information', text: 'Done.' },
  removed: { kind: 'information', text: 'It was removed, and what it had let in elsewhere is signed out.' },
  ended: { kind: 'information', text: 'It is signed out, from this moment on.' },
  'passkey-added': { kind: 'information', text: 'The passkey was added.' },
  'passkey-not-made': { kind: 'error', text: 'The passkey was not made. Try again.' },
  'totp-added': { kind: 'information', text: 'The app was set up.' },
  'password-changed': {
    kind: 'information',
    text: 'Your password was changed, and everything else is signed out.',
  },
  unknown: { kind: 'error', text: 'It was gone already.' },
  'last-factor': {
    kind: 'error',
    text: 'You need a second factor here, and this is your last. Set another one up first.',
  },
  'only-way-in': {
    kind: 'error',
    text: 'This passkey is your only way in. Set a password or add another passkey first.',
  },
}

// Whatever somebody writes into a link, only our own words are said.
function sayingOf({ context }: Browser): (typeof sayings)[string] | undefined {
  const what = context.req.query('said') ?? ''
  return Object.hasOwn(sayings, what) ? sayings[what] : undefined
}

function said(browser: Browser, what: Changed | keyof typeof sayings): Response {
  return seeOther(browser, `${paths.account}?${new URLSearchParams({ said: what })}`)
}

async function show(browser: Browser, person: Person, word: (typeof sayings)[string] | undefined): Promise<Response> {
  const { server, now, holder, frame } = browser
  const { user } = person.reach
  const { factors, sessions, signIns, distant } = await readAccount(server.deps, person, now)
  const content = accountPage({
    ...frame,
    person: { displayName: user.displayName, userName: user.userName, email: user.email },
    hasPassword: user.passwordHash !== null,
    passkeys: factors.passkeys,
    newPasskey: await offerNewPasskey(server.deps, user, factors, { holder, alone: user.passwordHash === null }, now),
    everyPasskey: hasEveryPasskey(factors),
    totp: factors.totp,
    recoveryCodes: hasFactors(factors) ? factors.recoveryCodes : null,
    programs: sessions.map(({ id, clientName, flow, address, userAgent, createdAt, lastUsedAt, expiresAt, amr }) => ({
      ...{ id, name: clientName, flow, address, userAgent },
      ...{ since: createdAt, lastUsedAt, expiresAt, methods: amr },
    })),
    browsers: signIns.map(({ id, address, userAgent, createdAt, lastUsedAt, expiresAt, amr }) => ({
      ...{ id, here: id === person.signInId, address, userAgent },
      ...{ since: createdAt, lastUsedAt, expiresAt, methods: amr },
    })),
    distant: distant.map(({ sessionId, clientName, address, userAgent, at }) => ({
      ...{ id: sessionId, name: clientName, address, userAgent, at },
      alive: sessions.some(({ id }) => id === sessionId),
    })),
    resetAt: factors.resetAt ?? undefined,
    returnTo: ownPath(server, browser.context.req.query('return') ?? paths.account),
    said: word,
  })
  return page(browser, content)
}

async function offerTotp(browser: Browser, person: Person, sealed?: string): Promise<Response> {
  const { server, frame } = browser
  const { user } = person.reach
  const factors = await server.deps.storage.readFactors({ userId: user.id })
  const totp = newTotpAgain(server.deps, user, sealed ?? '') ?? newTotp(server.deps, user)
  const error = sealed === undefined ? undefined : 'This is not the code that the app shows now. Try the next one.'
  const content = oneTimeCodesPage({ ...frame, totp, replaces: factors.totp !== null, error })
  return page(browser, content, { status: error === undefined ? 200 : 400 })
}

async function askForPassword(
  browser: Browser,
  person: Person,
  errors: Record<string, string> = {},
  { error, status }: { error?: string; status?: number } = {},
): Promise<Response> {
  const { server, frame } = browser
  const { user } = person.reach
  const factors = await server.deps.storage.readFactors({ userId: user.id })
  const content = passwordPage({
    ...{ ...frame, userName: user.userName, hasPassword: user.passwordHash !== null, errors, error },
    passwordMinimum: passwordMinimum(server.deps.settings, factors),
  })
  return page(browser, content, { status: status ?? (Object.keys(errors).length > 0 ? 400 : 200) })
}

/** For pages that change how somebody signs in: only after a fresh proof with everything that they have. */
async function withProof(
  browser: Browser,
  here: string,
  act: (person: Person) => Promise<Response>,
): Promise<Response> {
  const { person, server, now } = browser
  if (person === undefined) return toSignIn(browser, here)
  const needed = await proofNeededToChange(server.deps, person, now)
  return needed === 'nothing' ? act(person) : proveFirst(browser, person, needed, here)
}

async function withForm(
  browser: Browser,
  here: string,
  needs: 'proof' | 'nothing',
  act: (person: Person, form: Form) => Promise<Response>,
): Promise<Response> {
  const form = formOf(browser)
  if (form instanceof Response) return form
  if (needs === 'proof') return withProof(browser, here, (person) => act(person, form))
  return browser.person === undefined ? toSignIn(browser, here) : act(browser.person, form)
}
