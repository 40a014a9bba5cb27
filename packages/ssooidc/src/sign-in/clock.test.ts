import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from './clock.ts'

test('a wait that is longer than a timer can hold does not end at once', async (t) => {
  const warn = t.mock.method(process, 'emitWarning', () => {})
  const stop = new AbortController()
  const awake = systemClock.sleep(2 ** 40, stop.signal).then(
    () => 'it woke up',
    () => 'it was woken',
  )
  await new Promise((later) => setTimeout(later, 5))
  stop.abort()
  assert.equal(await awake, 'it was woken')
  assert.equal(warn.mock.callCount(), 0)
})
