/** Forms of the pages: nothing is done for a form that the browser's own page did not send. */
import assert from 'node:assert/strict'
import { textsOf } from '../parts.ts'
import { type SignedInBrowser, signedInBrowser } from '../signed-in.ts'
import type { Target } from '../target.ts'

const FORM = 'application/x-www-form-urlencoded'
let browser: Promise<SignedInBrowser> | undefined

export const target: Target = {
  reads: 'forms that a signed-in browser sends (`{csrf}` stands for what its page holds)',
  promises:
    'Refused with 403 unless it is a form, of our origin or of none, with the page’s token exactly once and no field twice; then a redirect or a page, never a failure.',
  files: ['packages/portico/src/server/pages/routes/browser.ts', 'packages/portico/src/core/grants/user-code.ts'],
  seeds: [
    `${FORM}\nhttp://127.0.0.1:8000\ncsrf={csrf}&user_code=BCDF-GHJK`,
    `${FORM}; charset=utf-8\n\nuser_code=bcdf ghjk&csrf={csrf}`,
    `${FORM}\nhttps://evil.example\ncsrf={csrf}&user_code=`,
    `text/plain\nhttp://127.0.0.1:8000\ncsrf={csrf}`,
    `${FORM}\nnull\ncsrf={csrf}&csrf={csrf}`,
    `${FORM}\n\ncsrf=%7B&a=1&%61=2`,
  ],
  words: [FORM, 'csrf=', '{csrf}', '&', '%', 'user_code=', 'decision', 'http://127.0.0.1:8000', 'null', ';'],
  longest: 512,
  async check(input) {
    browser ??= signedInBrowser()
    const { instance, secret, csrf, sessionCookie } = await browser
    const [type = '', origin = '', ...rest] = textsOf(input, 3)
    const body = rest.join('').replaceAll('{csrf}', csrf)
    if (/[^\t\x20-\x7e\x80-\xff]/.test(type + origin)) return
    // Deciding is another target's affair, and writes.
    if (/decision/i.test(decodeLoosely(body))) return
    const headers = { cookie: `${sessionCookie}=${secret}`, 'content-type': type, ...(origin === '' ? {} : { origin }) }
    const response = await instance.fetch(
      new Request(`${instance.origin}/device`, {
        method: 'POST',
        headers,
        body: Buffer.from(body, 'latin1'),
        redirect: 'manual',
      }),
    )
    instance.log.length = 0
    const fields = body
      .split('&')
      .filter((field) => field !== '')
      .map((field) => field.split(/=(.*)/s, 2).map(decodeLoosely))
    const names = fields.map(([name]) => name)
    const tokens = fields.flatMap(([name, value = '']) => (name === 'csrf' ? [value] : []))
    const essence = type.split(';')[0]?.trim().toLowerCase()
    const ours =
      essence === FORM &&
      ['', instance.origin].includes(origin.trim()) &&
      tokens.length === 1 &&
      tokens[0] === csrf &&
      new Set(names).size === names.length
    assert.equal(response.status, ours ? 303 : 403)
    if (ours) assert.match(response.headers.get('location') ?? '', /^\/device\?user_code=/)
  },
}

/** As a browser's own reader takes it: whatever is no escape stays as it is. */
function decodeLoosely(text: string): string {
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return new TextDecoder().decode(Buffer.from(bytes, 'latin1'))
}
