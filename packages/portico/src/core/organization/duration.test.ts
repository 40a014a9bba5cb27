import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatDuration, parseDuration } from './duration.ts'

test('durations are read as AWS writes them', () => {
  const seconds = ['PT1H', 'PT90M', 'PT1H30M', 'P1D', 'P1DT12H', 'PT3600S', 'PT0S'].map(parseDuration)
  assert.deepEqual(seconds, [3600, 5400, 5400, 86_400, 129_600, 3600, 0])
})

test('what is no duration is undefined, never a guess', () => {
  for (const text of ['', 'P', 'PT', 'P1DT', '1h', 'PT1.5H', 'pt1h', 'PT1H ', 'P1Y', 'P1M', '-PT1H', 'PT1M1H']) {
    assert.equal(parseDuration(text), undefined, text)
  }
})

test('a duration that is written is read back as the same time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 365 * 86_400 }), (seconds) => {
      assert.equal(parseDuration(formatDuration(seconds)), seconds)
    }),
  )
})
