import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testInstance } from '../../../../test/support/instance.ts'
import { sweepAll } from './housekeeping.ts'

test('a pass deletes all that has expired, however much that is, and nothing else', async () => {
  const { storage, deps, clock } = await testInstance()
  const count = (bucket: string, now: number) =>
    storage.countAttempt({ buckets: [{ bucket, limit: 1 }], window: 60_000, now })
  for (let i = 0; i < 1_201; i++) await count(`bucket-${i}`, clock.now)
  const later = clock.now + 24 * 3_600_000
  await count('lives', later)
  await sweepAll(deps, later)
  assert.equal(await storage.sweep({ before: later, sessionsBefore: 0, limit: 2_000 }), 0)
  assert.equal(await storage.sweep({ before: later + 60_001, sessionsBefore: 0, limit: 2_000 }), 1)
})
