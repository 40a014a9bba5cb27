/** Where a page sends a browser back to, and which start URL a client means. */
import assert from 'node:assert/strict'
import { namesThisInstance } from '../../../packages/portico/src/core/access/start-url.ts'
import { ownPath } from '../../../packages/portico/src/server/pages/routes/browser.ts'
import type { Target } from '../target.ts'

const origin = 'https://sso.example.com'
const settings = { origin, startUrlAliases: ['https://old.example.com/start'] } as never // nothing else of them is read
const server = { deps: { settings } } as never
const instance = { instanceId: 'ssoins-0123456789abcdef' } as never // nothing else of it is read

export const target: Target = {
  reads: 'the path to which a sign-in returns, and the start URL that a client names',
  promises:
    'A browser that follows the path stays on our origin, and reads it as we did; a start URL means us only if it is ours to WHATWG URL, but for a fragment, query and last slashes.',
  files: ['packages/portico/src/server/pages/routes/browser.ts', 'packages/portico/src/core/access/start-url.ts'],
  seeds: [
    '/device?user_code=BCDF-GHJK',
    '//evil.example/',
    '/\\evil.example',
    '/.//evil.example',
    '/\t/evil.example',
    'https://sso.example.com/start/#/?tab=accounts',
    'https://old.example.com/start//',
    'https://ssoins-0123456789abcdef.portico.invalid.awsapps.com/start',
    'https://sso.example.com@evil.example/start',
  ],
  words: ['//', '\\', '/./', '/../', '%2f', '@', '#', '?', ':', 'https:', 'javascript:', '\t', '\n', '\r', '/start'],
  check(input) {
    const text = input.toString('utf8')
    const path = ownPath(server, text)
    assert.ok(path.startsWith('/') && !path.startsWith('//'))
    const url = new URL(path, `${origin}/sign-in`)
    assert.equal(url.origin, origin)
    assert.equal(url.pathname + url.search, path)
    assert.doesNotMatch(path, /[^!-~]/)
    if (!namesThisInstance(text, settings, instance)) return
    const named = new URL(text.trim().split('#')[0] ?? '')
    assert.match(
      named.host,
      /^(?:sso\.example\.com|old\.example\.com|ssoins-0123456789abcdef\.portico\.invalid\.awsapps\.com)$/,
    )
    assert.equal(named.protocol, 'https:')
    assert.match(named.pathname, /^\/start\/*$/)
  },
}
