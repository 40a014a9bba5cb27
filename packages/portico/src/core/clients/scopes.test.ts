import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isScope, parseScopeParameter } from './scopes.ts'

describe('the scopes of a request', () => {
  for (const [how, values, scopes] of [
    [
      'separated by spaces, as AWS clients send them',
      ['sso:account:access codewhisperer:completions'],
      ['sso:account:access', 'codewhisperer:completions'],
    ],
    ['separated by commas', ['a:b,c:d'], ['a:b', 'c:d']],
    ['separated by both', [' a:b, c:d ,,e '], ['a:b', 'c:d', 'e']],
    ['named twice', ['a b a'], ['a', 'b']],
    ['in both parameters', ['a b', 'b c'], ['a', 'b', 'c']],
    ['in neither parameter', [undefined, undefined], []],
    ['in an empty parameter', ['', '  ,'], []],
    ['with a word that is no scope, kept so that it can be refused by name', ['a* b\tc'], ['a*', 'b\tc']],
  ] as const) {
    it(`are read ${how}`, () => assert.deepEqual(parseScopeParameter(...values), scopes))
  }

  it('are what was joined, whichever way', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abz09_:'), minLength: 1 })
    fc.assert(
      fc.property(fc.uniqueArray(word), fc.constantFrom(' ', ',', ', '), (words, separator) => {
        assert.deepEqual(parseScopeParameter(words.join(separator)), words)
      }),
    )
  })
})

describe('a scope', () => {
  for (const text of [
    'sso:account:access',
    'codewhisperer:completions',
    'codecatalyst:read_write',
    'openid',
    'aws',
    'sts:identity_context',
    's3:access_grants:read_write',
    'x'.repeat(50),
    `${'x'.repeat(50)}:${'y'.repeat(50)}:${'z'.repeat(50)}`,
  ]) {
    it(`may be ${text.slice(0, 60)}`, () => assert.equal(isScope(text), true))
  }

  for (const text of [
    '',
    ':',
    'a:',
    ':a',
    'a::b',
    'a:b:c:d',
    'sso-portal:*',
    'a b',
    'a\n',
    'a"',
    'a\\',
    'é',
    'x'.repeat(51),
    'a:b ',
  ]) {
    it(`may not be ${JSON.stringify(text.slice(0, 60))}`, () => assert.equal(isScope(text), false))
  }

  it('is always a scope token of RFC 6749', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 20 }),
        (t) => !isScope(t) || /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(t),
      ),
    )
  })
})
