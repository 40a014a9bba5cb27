import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import { hour, minute, now } from './records.ts'

/** How attempts are counted. */
export function attempts(check: Check): void {
  const window = 10 * minute
  const attempt = (at: number, bucket = 'user-1') => ({ buckets: [{ bucket, limit: 3 }], window, now: at })

  check('a bucket takes as many attempts as its limit, and each bucket counts for itself', async (storage) => {
    for (const expected of [true, true, true, false, false]) {
      assert.equal(await storage.countAttempt(attempt(now)), expected)
    }
    assert.equal(await storage.countAttempt(attempt(now, 'user-2')), true)
  })

  check('an attempt counts until its window has passed, however many were refused meanwhile', async (storage) => {
    for (const at of [now, now + 1, now + 2]) assert.equal(await storage.countAttempt(attempt(at)), true)
    assert.equal(await storage.countAttempt(attempt(now + window - 1)), false)
    assert.equal(await storage.countAttempt(attempt(now + window)), true)
    assert.equal(await storage.countAttempt(attempt(now + window)), false)
    assert.equal(await storage.countAttempt(attempt(now + window + 1)), true)
  })

  check('an attempt that succeeded is taken back', async (storage) => {
    for (const at of [now, now + 1, now + 2]) await storage.countAttempt(attempt(at))
    await storage.refundAttempt({ buckets: [{ bucket: 'user-1' }] })
    assert.equal(await storage.countAttempt(attempt(now + 3)), true)
    assert.equal(await storage.countAttempt(attempt(now + 3)), false)
  })

  check('an attempt in several buckets counts in all of them, or in none when one is full', async (storage) => {
    const wide = { bucket: 'network', limit: 3 }
    const inBoth = (narrow: string) => ({ buckets: [wide, { bucket: narrow, limit: 2 }], window, now })
    const inOne = (bucket: string, limit: number) => ({ buckets: [{ bucket, limit }], window, now })
    for (const expected of [true, true, false]) assert.equal(await storage.countAttempt(inBoth('user-1')), expected)
    // The refused one was counted in neither: the wide bucket has room for one more.
    assert.equal(await storage.countAttempt(inBoth('user-2')), true)
    assert.equal(await storage.countAttempt(inBoth('user-3')), false)
    for (const expected of [true, false]) assert.equal(await storage.countAttempt(inOne('user-3', 1)), expected)
    await storage.refundAttempt({ buckets: [wide, { bucket: 'user-1' }] })
    for (const expected of [true, false]) assert.equal(await storage.countAttempt(inBoth('user-1')), expected)
  })

  check('taking back from an empty bucket is fine, and earns nothing', async (storage) => {
    await storage.refundAttempt({ buckets: [{ bucket: 'user-1' }] })
    for (const expected of [true, true, true, false]) {
      assert.equal(await storage.countAttempt(attempt(now)), expected)
    }
  })

  check('a clock that was an hour ahead locks nobody out once it is right again', async (storage) => {
    for (const expected of [true, true, true, false]) {
      assert.equal(await storage.countAttempt(attempt(now + hour)), expected)
    }
    assert.equal(await storage.countAttempt(attempt(now)), true)
  })
}
