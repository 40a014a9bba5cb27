import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEvent } from '../../storage/storage.ts'
import { createAuditQueue } from './audit-queue.ts'

const line = (eventName: string): AuditEvent => ({
  at: Date.UTC(2026, 10, 24),
  eventName,
  userId: null,
  address: null,
  userAgent: null,
  detail: {},
})

/** Storage whose writes end when the test says so. */
function slowStorage() {
  const writes: { names: string[]; done: PromiseWithResolvers<void> }[] = []
  return {
    writes,
    async recordAudit({ events }: { events: readonly AuditEvent[] }) {
      const done = Promise.withResolvers<void>()
      writes.push({ names: events.map(({ eventName }) => eventName), done })
      await done.promise
    },
  }
}

/** Lets everything run that waits for nothing but its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what comes in during a write goes into the next one, in order and all at once', async () => {
  const storage = slowStorage()
  const queue = createAuditQueue(storage)
  for (const name of ['a', 'b', 'c']) queue.add(line(name))
  await turn()
  storage.writes[0]?.done.resolve()
  await turn()
  storage.writes[1]?.done.resolve()
  await queue.flush()
  assert.deepEqual(
    storage.writes.map(({ names }) => names),
    [['a'], ['b', 'c']],
  )
})

test('flush waits for lines that were taken while it waited, and for nothing when there are none', async () => {
  const storage = slowStorage()
  const queue = createAuditQueue(storage)
  await queue.flush()
  queue.add(line('a'))
  let flushed = false
  const flush = queue.flush().then(() => {
    flushed = true
  })
  queue.add(line('b'))
  storage.writes[0]?.done.resolve()
  await turn()
  assert.equal(flushed, false)
  storage.writes[1]?.done.resolve()
  await flush
})

test('lines beyond the bound are dropped and counted, and the next write says how many', async () => {
  const storage = slowStorage()
  const queue = createAuditQueue(storage, { most: 2 })
  for (const name of ['a', 'b', 'c', 'd', 'e']) queue.add(line(name))
  assert.equal(queue.dropped(), 2)
  for (const i of [0, 1]) {
    await turn()
    storage.writes[i]?.done.resolve()
  }
  await queue.flush()
  assert.deepEqual(storage.writes[1]?.names, ['b', 'c', 'AuditLinesDropped'])
})

test('a write that fails loses its lines, which the next one says, and the queue goes on', async () => {
  const storage = slowStorage()
  const queue = createAuditQueue(storage)
  queue.add(line('a'))
  storage.writes[0]?.done.reject(new Error('no database'))
  await queue.flush()
  assert.equal(queue.dropped(), 1)
  queue.add(line('b'))
  storage.writes[1]?.done.resolve()
  await queue.flush()
  assert.deepEqual(storage.writes[1]?.names, ['b', 'AuditLinesDropped'])
})

test('between two writes there is a pause, which ends as soon as somebody waits for the lines', async () => {
  const storage = slowStorage()
  const pauses: number[] = []
  const pause = (ms: number) => {
    pauses.push(ms)
    return new Promise<void>(() => {})
  }
  const queue = createAuditQueue(storage, { pause })
  queue.add(line('a'))
  storage.writes[0]?.done.resolve()
  for (const name of ['b', 'c']) {
    await turn()
    queue.add(line(name))
  }
  assert.deepEqual(pauses, [25])
  assert.equal(storage.writes.length, 1)
  const flush = queue.flush()
  await turn()
  storage.writes[1]?.done.resolve()
  await flush
  assert.deepEqual(
    storage.writes.map(({ names }) => names),
    [['a'], ['b', 'c']],
  )
})
