import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createErrands } from './errands.ts'

test('an errand begins after what sent it has gone on, and the next one after its end', async () => {
  const said: string[] = []
  const errands = createErrands((error) => assert.fail(String(error)))
  for (const name of ['first', 'second'])
    errands.send(async () => {
      said.push(`${name} begins`)
      await Promise.resolve()
      said.push(`${name} ends`)
    })
  await Promise.resolve()
  said.push('answered')
  await errands.done()
  assert.deepEqual(said, ['answered', 'first begins', 'first ends', 'second begins', 'second ends'])
})

test('one that fails is told of, and those behind it are run', async () => {
  const failures: unknown[] = []
  const errands = createErrands((error) => failures.push(error))
  const full = new Error('the disk is full')
  errands.send(async () => {
    throw full
  })
  const done = Promise.withResolvers<void>()
  errands.send(async () => done.resolve())
  await done.promise
  await errands.done()
  assert.deepEqual(failures, [full])
})

test('beyond a thousand that wait none is taken, until they are done', async () => {
  let refused = 0
  let run = 0
  const errands = createErrands(() => {
    refused += 1
  })
  const send = () => errands.send(async () => (run += 1))
  for (let i = 0; i < 1_003; i++) send()
  assert.equal(refused, 3)
  await errands.done()
  assert.equal(run, 1_000)
  send()
  await errands.done()
  assert.deepEqual([run, refused], [1_001, 3])
})

test('one that hangs is told of after half a minute, and holds nothing behind it up, nor the end of the server', async () => {
  const failures: string[] = []
  const asked: number[] = []
  const passed = Promise.withResolvers<void>()
  const pause = (ms: number) => {
    asked.push(ms)
    return passed.promise
  }
  const errands = createErrands((error) => failures.push(String(error)), pause)
  const hangs = Promise.withResolvers<void>()
  errands.send(() => {
    hangs.resolve()
    return new Promise(() => {})
  })
  const run = Promise.withResolvers<void>()
  errands.send(async () => run.resolve())
  await hangs.promise
  passed.resolve()
  await run.promise
  await errands.done()
  assert.equal(asked[0], 30_000)
  assert.match(failures.join(), /^Error: it takes longer than 30 seconds, and what comes after it no longer waits$/)
})

test('the time of one that is done is not waited out', async () => {
  const signals: (AbortSignal | undefined)[] = []
  const pause = (_: number, signal?: AbortSignal) => {
    signals.push(signal)
    return new Promise<void>(() => {})
  }
  const errands = createErrands((error) => assert.fail(String(error)), pause)
  errands.send(async () => {})
  await errands.done()
  assert.deepEqual(
    signals.map((signal) => signal?.aborted),
    [true],
  )
})
