import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, duration, moment, scopesInWords } from './words.ts'

test('a stretch of time is told in the largest unit that says something', () => {
  for (const [seconds, words] of [
    [-3, '0 seconds'],
    [1, '1 second'],
    [59.9, '59 seconds'],
    [119, '119 seconds'],
    [120, '2 minutes'],
    [3540, '59 minutes'],
    [8 * 3600, '8 hours'],
    [90 * 86_400, '90 days'],
  ] as const) {
    assert.equal(duration(seconds), words)
  }
})

test('one thing is told in the singular, and many with separators', () => {
  assert.deepEqual(
    [count(0, 'account'), count(1, 'account'), count(1200, 'account')],
    ['0 accounts', '1 account', '1,200 accounts'],
  )
})

test('a moment is told in UTC until the script knows better', () => {
  const at = Date.UTC(2026, 10, 24, 12, 59)
  const [, machine, people] = /datetime="([^"]*)"[^>]*>([^<]*)</.exec(moment(at).toString()) ?? []
  assert.equal(machine, '2026-11-24T12:59:00.000Z')
  assert.match(people ?? '', /24 November 2026.*12:59 UTC/)
})

test('no scopes are told as access to accounts, for that is what they give', () => {
  assert.deepEqual(scopesInWords([]), scopesInWords(['sso:account:access']))
})

test('a scope that the server does not know is shown by its name', () => {
  assert.match(scopesInWords(['codewhisperer:completions'])[0] ?? '', /“codewhisperer:completions”/)
})
