/**
 * A browser's request to a page: who is signed in there, what its forms must carry, and how a page is answered.
 *
 * Cookies are `__Host-` and `Secure`; on plain http, which only loopback may be, their names carry the port instead, since a
 * browser keeps one jar for all ports of a host.
 */
import { getCookie, setCookie } from 'hono/cookie'
import type { Origin } from '../../../core/deps.ts'
import { sha256 } from '../../../core/keys/random.ts'
import { cookieSecret, csrfToken, isCsrfToken, type Person, recognise } from '../../../core/people/people.ts'
import { originOf, type RequestContext, rawHeader, type ServerDeps } from '../../environment.ts'
import { contentSecurityPolicy, type ErrorModel, errorPage, type Frame, type Html, paths } from '../pages.ts'

/** What a page's handler knows. */
export type Browser = {
  readonly server: ServerDeps
  readonly context: RequestContext
  readonly now: number
  readonly origin: Origin
  readonly person: Person | undefined
  /** Hash of the secret in this browser's cookie: what is sealed for it alone names this. */
  readonly holder: string
  /** What every page's model carries. */
  readonly frame: Frame
}

/** A form's fields, each at most once. */
export type Form = { get(name: string): string }

const INSTANCE_NAME = 'Portico'

/** Looks at the cookies. Whoever has none gets one, so that the first form is theirs alone too. */
export async function browserOf(server: ServerDeps, context: RequestContext): Promise<Browser> {
  const { deps } = server
  const { now, raw } = context.var
  const secret = getCookie(context, cookieName(server, 'session'))
  const person = secret === undefined ? undefined : await recognise(deps, secret, now)
  const holder = person && secret !== undefined ? secret : visitOf(server, context)
  return {
    server,
    context,
    now,
    origin: originOf(raw),
    person,
    holder: sha256(holder),
    frame: {
      instanceName: INSTANCE_NAME,
      csrf: csrfToken(deps, holder),
      person: person && { displayName: person.reach.user.displayName, userName: person.reach.user.userName },
    },
  }
}

/** Remembers a person who signed in. */
export function keepSession(browser: Browser, secret: string, expiresAt: number): void {
  set(browser.server, browser.context, 'session', secret, Math.floor((expiresAt - browser.now) / 1000))
}

/** Keeps a sign-in that is half finished; '' forgets it. */
export function keepPending(browser: Browser, sealed: string): void {
  set(browser.server, browser.context, 'pending', sealed, sealed === '' ? 0 : 600)
}

/** The half-finished sign-in of this browser, as it was sealed; '' when there is none. */
export function pendingOf({ server, context }: Browser): string {
  return getCookie(context, cookieName(server, 'pending')) ?? ''
}

/** Forgets who was signed in. */
export function forgetSession(browser: Browser): void {
  set(browser.server, browser.context, 'session', '', 0)
}

/**
 * Reads a form that this browser's own page sent; anything else is answered here.
 *
 * @see https://owasp.org/www-community/attacks/csrf
 */
export function formOf(browser: Browser): Form | Response {
  const { server, context } = browser
  const { raw } = context.var
  const from = rawHeader(raw, 'origin')
  const type = (rawHeader(raw, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase()
  const fields = new URLSearchParams(new TextDecoder().decode(raw.body))
  const repeated = new Set(fields.keys()).size !== fields.size
  if ((from !== undefined && from !== server.deps.settings.origin) || type !== 'application/x-www-form-urlencoded')
    return refuseForm(browser)
  if (repeated || !isCsrfToken(server.deps, holderOf(browser), fields.get('csrf') ?? '')) return refuseForm(browser)
  return { get: (name) => fields.get(name) ?? '' }
}

/** Answers with a page. */
export function page(
  browser: Browser,
  content: Html,
  options: { status?: number; redirectUri?: string } = {},
): Response {
  const { context } = browser
  context.header('Content-Type', 'text/html; charset=utf-8')
  context.header('Content-Security-Policy', contentSecurityPolicy(options.redirectUri))
  context.header('Cache-Control', 'no-store')
  context.header('X-Content-Type-Options', 'nosniff')
  context.header('X-Frame-Options', 'DENY')
  // With 'no-referrer' browsers would send `Origin: null` with our own forms, which are then refused.
  context.header('Referrer-Policy', 'same-origin')
  context.header('Cross-Origin-Opener-Policy', 'same-origin')
  context.header('Cross-Origin-Resource-Policy', 'same-origin')
  context.header('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  if (browser.server.deps.settings.origin.startsWith('https:'))
    context.header('Strict-Transport-Security', 'max-age=31536000')
  context.status((options.status ?? 200) as 200) // hono's type lists the codes; every caller's is one of them
  return context.body(String(content))
}

/** Answers with a page that says what went wrong and what to do. */
export function errorAnswer(
  browser: Browser,
  status: number,
  model: Pick<ErrorModel, 'title' | 'whatHappened' | 'whatToDo' | 'link'>,
): Response {
  const requestId = browser.context.get('requestId')
  return page(browser, errorPage({ ...browser.frame, ...model, requestId }), { status })
}

/** Sends the browser on, after a form. */
export function seeOther(browser: Browser, location: string): Response {
  browser.context.header('Cache-Control', 'no-store')
  return browser.context.redirect(location, 303)
}

/** Why somebody who is signed in is asked to sign in again. */
export type Again = 'long-ago' | 'asked-for'

/**
 * Sends the browser to the sign-in page and back to where it wanted to go. `again` asks even who is signed in; `userName` is
 * who is expected.
 */
export function toSignIn(
  browser: Browser,
  returnTo: string,
  { again, userName }: { again?: Again | undefined; userName?: string | undefined } = {},
): Response {
  const hint = userName === undefined ? {} : { username: userName }
  const query = new URLSearchParams({ return: returnTo, ...(again === undefined ? {} : { again }), ...hint })
  return seeOther(browser, `${paths.signIn}?${query}`)
}

/** A path of this origin, whatever somebody wrote into a link. */
export function ownPath(server: ServerDeps, path: string): string {
  const { origin } = server.deps.settings
  const url = URL.parse(path, origin)
  if (url === null || url.origin !== origin || !path.startsWith('/')) return paths.start
  // What the parser made of it is what the browser will read: `/.//elsewhere` has become `//elsewhere`, which is no path.
  const own = url.pathname + url.search
  return own.startsWith('//') ? paths.start : own
}

function refuseForm(browser: Browser): Response {
  return errorAnswer(browser, 403, {
    title: 'This form was not accepted',
    whatHappened: 'It did not come from a page that this browser was given, or the page was too old.',
    whatToDo: 'Go back, reload the page and try again.',
  })
}

function visitOf(server: ServerDeps, context: RequestContext): string {
  const known = getCookie(context, cookieName(server, 'visit'))
  if (known !== undefined && known.length === 43) return known
  const fresh = cookieSecret(server.deps)
  set(server, context, 'visit', fresh)
  return fresh
}

function holderOf({ server, context, person }: Browser): string {
  const session = getCookie(context, cookieName(server, 'session'))
  return person && session !== undefined ? session : (getCookie(context, cookieName(server, 'visit')) ?? '')
}

function set(server: ServerDeps, context: RequestContext, which: CookieUse, value: string, maxAge?: number) {
  setCookie(context, cookieName(server, which), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: server.deps.settings.origin.startsWith('https:'),
    ...(maxAge === undefined ? {} : { maxAge }),
  })
}

type CookieUse = 'session' | 'visit' | 'pending'

function cookieName(server: ServerDeps, which: CookieUse): string {
  const { protocol, port } = new URL(server.deps.settings.origin)
  return protocol === 'https:' ? `__Host-portico-${which}` : `portico-${which}-${port || '80'}`
}
