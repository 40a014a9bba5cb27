/** Cookies, through the whole server: who is signed in is whoever has the session's cookie, and nobody else. */
import assert from 'node:assert/strict'
import hostile from '../../corpora/cookies.json' with { type: 'json' }
import { type SignedInBrowser, signedInBrowser } from '../signed-in.ts'
import type { Target } from '../target.ts'

let browser: Promise<SignedInBrowser> | undefined

export const target: Target = {
  reads: 'the `Cookie` header of the pages (`{secret}` stands for a real session’s)',
  promises:
    'A page or a redirect to the sign-in; signed in exactly when the first cookie of the session’s name that has a cookie’s value has the session’s.',
  files: ['packages/portico/src/server/pages/routes/browser.ts', 'node_modules/hono/dist/utils/cookie.js'],
  seeds: [
    'portico-session-8000={secret}',
    'portico-session-8000="{secret}"',
    'portico-visit-8000=a; portico-session-8000={secret}; portico-pending-8000=',
    'portico-session-8000=a; portico-session-8000={secret}',
    'Portico-Session-8000={secret}',
    ' portico-session-8000 = {secret} ',
    ...hostile.map((text) => Buffer.from(text, 'utf8').toString('latin1')),
  ],
  words: ['portico-session-8000', '{secret}', '__Host-', '; ', '=', '"', ',', '%', 'a=b; '],
  longest: 512,
  async check(input) {
    browser ??= signedInBrowser()
    const { instance, secret, sessionCookie } = await browser
    const cookie = input.toString('latin1').replaceAll('{secret}', secret)
    if (/[^\t\x20-\x7e\x80-\xff]/.test(cookie)) return
    const response = await instance.fetch(
      new Request(`${instance.origin}/start`, { headers: { cookie }, redirect: 'manual' }),
    )
    instance.log.length = 0
    const signedIn = response.status === 200
    if (!signedIn) assert.match(response.headers.get('location') ?? '', /^\/sign-in\?/)
    assert.equal(signedIn, cookieValue(cookie, sessionCookie) === secret)
  },
}

/** RFC 6265 §4.1.1 and §5.2, by splitting alone: what a cookie of this name has for a value. */
function cookieValue(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [own = '', ...rest] = pair.split('=')
    const value = bare(rest.join('='))
    if (bare(own) === name && rest.length > 0 && /^[ !#-:<-[\]-~]*$/.test(unquoted(value)))
      return decoded(unquoted(value))
  }
  return undefined
}

function bare(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')
}

function unquoted(value: string): string {
  return value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
