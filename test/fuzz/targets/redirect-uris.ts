/** Which redirect URIs may be registered, and which request meets which registration. */
import assert from 'node:assert/strict'
import { checkRedirectUri, matchesRegistered } from '../../../packages/portico/src/core/clients/redirect-uri.ts'
import { textsOf } from '../parts.ts'
import type { Target } from '../target.ts'

export const target: Target = {
  reads: 'a redirect URI that is registered, and one that is asked for',
  promises:
    'What is registered is what WHATWG URL reads, without user or fragment, on https, a loopback address or a private scheme; what is accepted leads to the same place, but for a loopback port.',
  files: ['packages/portico/src/core/clients/redirect-uri.ts'],
  seeds: [
    'https://app.example.com/callback\nhttps://app.example.com/callback',
    'http://127.0.0.1/oauth/callback\nhttp://127.0.0.1:49152/oauth/callback',
    'http://[::1]:8080/cb?a=b\nhttp://[::1]/cb?a=b',
    'http://localhost:3000/\nhttp://localhost:3000/',
    'com.example.app:/callback\ncom.example.app:/callback',
    'com.example.app://host/callback\ncom.example.app://host/callback',
    'https://example.com\nhttps://example.com@evil.example',
    'https://a.b/..;/c\nhttps://a.b/%2e%2e/',
  ],
  words: [
    '@',
    '#',
    '\\',
    '//',
    '..',
    '%2e',
    '%5c',
    ':80',
    ':443',
    ':0',
    '127.0.0.1',
    '[::1]',
    'localhost',
    'xn--',
    '.',
  ],
  check(input) {
    const [registered = '', requested = ''] = textsOf(input, 2)
    if (checkRedirectUri(registered) !== undefined) return
    const place = new URL(registered)
    assert.equal(`${place.username}${place.password}${place.hash}`, '')
    assert.ok([registered, `${registered}/`, registered.replace('?', '/?')].includes(place.href), place.href)
    if (place.protocol === 'http:') assert.ok(['127.0.0.1', '[::1]', 'localhost'].includes(place.hostname))
    else assert.ok(place.protocol === 'https:' || place.protocol.includes('.'), place.protocol)
    assert.ok(matchesRegistered(registered, [registered]))
    if (!matchesRegistered(requested, [registered])) return
    const asked = new URL(requested)
    for (const part of ['protocol', 'username', 'password', 'hostname', 'pathname', 'search', 'hash'] as const)
      assert.equal(asked[part], place[part], part)
    if (!['127.0.0.1', '[::1]'].includes(place.hostname) || place.protocol !== 'http:')
      assert.equal(asked.port, place.port)
  },
}
