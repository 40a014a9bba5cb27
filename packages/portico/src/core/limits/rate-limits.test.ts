import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRateLimits } from './rate-limits.ts'

const start = Date.UTC(2026, 10, 24)

test('two seconds’ worth fit at once; then one fits as often as the limit says', () => {
  const limits = createRateLimits()
  for (let i = 0; i < 10; i++) assert.equal(limits.take('a', 5, start), 0)
  assert.equal(limits.take('a', 5, start), 1)
  assert.equal(limits.take('a', 5, start + 199), 1)
  assert.equal(limits.take('a', 5, start + 200), 0)
  assert.equal(limits.take('a', 5, start + 200), 1)
})

test('a slow limit lets one pass at once and says how many seconds the next must wait', () => {
  const limits = createRateLimits()
  assert.equal(limits.take('a', 0.1, start), 0)
  assert.equal(limits.take('a', 0.1, start), 10)
  assert.equal(limits.take('a', 0.1, start + 7_000), 3)
  assert.equal(limits.take('a', 0.1, start + 10_000), 0)
})

test('buckets do not know each other, and zero means no limit', () => {
  const limits = createRateLimits()
  for (let i = 0; i < 3; i++) limits.take('a', 1, start)
  assert.equal(limits.take('b', 1, start), 0)
  for (let i = 0; i < 1_000; i++) assert.equal(limits.take('c', 0, start), 0)
})

test('a clock that is set back neither fills a bucket nor locks it', () => {
  const limits = createRateLimits()
  for (let i = 0; i < 2; i++) limits.take('a', 1, start)
  assert.equal(limits.take('a', 1, start - 3_600_000), 1)
  assert.equal(limits.take('a', 1, start - 3_600_000 + 1_000), 0)
})

test('whatever the pace, no more pass than a burst and the limit allow', () => {
  const waits = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 200 })
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 20 }), (gaps, perSecond) => {
      const limits = createRateLimits()
      let now = start
      let passed = 0
      for (const gap of gaps) {
        now += gap
        if (limits.take('a', perSecond, now) === 0) passed++
      }
      assert.ok(passed <= perSecond * 2 + ((now - start) / 1000) * perSecond + 1e-6)
    }),
  )
})
