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
