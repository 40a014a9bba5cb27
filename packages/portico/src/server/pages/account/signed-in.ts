import { form } from '../parts/form.ts'
import { type Html, html } from '../parts/html.ts'
import { facts } from '../parts/request.ts'
import { moment } from '../parts/words.ts'
import { paths } from '../paths.ts'

/** How somebody proved who they are. */
export type Method = 'password' | 'passkey' | 'totp' | 'recovery-code'

/** A program that is signed in as the person. */
export type Program = {
  id: string
  /** What it calls itself. */
  name: string
  /** How it was let in: by a code that was typed, through a browser, or by an application that exchanged another token. */
  flow: 'device' | 'code' | 'application'
  address: string
  userAgent: string
  since: number
  lastUsedAt: number
  expiresAt: number
  methods: readonly Method[]
}

/** A browser in which the person is signed in. */
export type Browser = {
  id: string
  /** Whether it is the one that shows the page. */
  here: boolean
  address: string
  userAgent: string
  since: number
  lastUsedAt: number
  expiresAt: number
  methods: readonly Method[]
}

/** One program, with the button that ends its session. */
export function programItem(program: Program, csrf: string): Html {
  const { id, name, flow, address, userAgent, since, lastUsedAt, expiresAt, methods } = program
  return html`<li class="signed-in-item">
<h3><bdi class="claimed">${name}</bdi> <strong class="badge">unverified</strong></h3>
${facts([
  ['Where', place(address, userAgent)],
  ['Since', moment(since)],
  ['Last used', moment(lastUsedAt)],
  ['Until', moment(expiresAt)],
  ['Let in', waysIn[flow], ...(methods.length > 0 ? proved(methods) : [])],
])}
${endButton({ field: 'session', id, csrf, label: 'End it', of: name })}
</li>`
}

/** One browser, with the button that signs it out, unless it is this one. */
export function browserItem(browser: Browser, csrf: string): Html {
  const { id, here, address, userAgent, since, lastUsedAt, expiresAt, methods } = browser
  return html`<li class="signed-in-item">
<h3>${here ? 'This browser' : 'Another browser'}</h3>
${facts([
  ['Where', place(address, userAgent)],
  ['Since', moment(since)],
  ['Last used', moment(lastUsedAt)],
  ['Until', moment(expiresAt)],
  ['Proved', words(methods)],
])}
${!here && endButton({ field: 'browser', id, csrf, label: 'Sign it out', of: 'the other browser' })}
</li>`
}

function endButton(of: { field: 'session' | 'browser'; id: string; csrf: string; label: string; of: string }): Html {
  return form({
    action: paths.sessions,
    csrf: of.csrf,
    content: html`<input type="hidden" name="${of.field}" value="${of.id}">
<p class="actions"><button class="quiet">${of.label}<span class="visually-hidden">: ${of.of}</span></button></p>`,
  })
}

/** Where somebody or something is, and what it says that it runs on. */
export function place(address: string, userAgent: string): Html {
  return html`${address === '' ? 'Not known' : address}<p class="hint"><bdi>${userAgent}</bdi></p>`
}

function proved(methods: readonly Method[]): readonly Html[] {
  return [html`, after you proved yourself with ${words(methods)}`]
}

function words(methods: readonly Method[]): string {
  return methods.map((method) => names[method]).join(' and ')
}

const waysIn: Readonly<Record<Program['flow'], string>> = {
  device: 'by a code that you approved',
  code: 'through the browser',
  application: 'with another token of yours',
}

const names: Readonly<Record<Method, string>> = {
  password: 'a password',
  passkey: 'a passkey',
  totp: 'a one-time code',
  'recovery-code': 'a recovery code',
}
