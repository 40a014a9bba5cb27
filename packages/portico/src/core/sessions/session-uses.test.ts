import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSessionUses } from './session-uses.ts'

type Use = { id: string; at: number }

test('the last use of each session is written, some hundreds in one commit', async () => {
  const commits: (readonly Use[])[] = []
  const uses = createSessionUses({ noteSessionUses: async ({ uses: written }) => void commits.push(written) })
  for (let i = 0; i < 600; i++) uses.note(`session-${i}`, i)
  uses.note('session-0', 1000)
  assert.equal(uses.lastOf('session-0'), 1000)
  await uses.flush()
  assert.deepEqual(
    commits.map((commit) => commit.length),
    [500, 100],
  )
  assert.deepEqual(commits[0]?.[0], { id: 'session-0', at: 1000 })
  await uses.flush()
  assert.equal(commits.length, 2, 'nothing new, nothing written')
  assert.equal(uses.lastOf('session-0'), undefined)
})

test('a use that is being written is known until the next writing, for whoever read the session just before', async () => {
  const commit = Promise.withResolvers<void>()
  const uses = createSessionUses({ noteSessionUses: () => commit.promise })
  uses.note('a', 1)
  const flushing = uses.flush()
  assert.equal(uses.lastOf('a'), 1, 'not yet committed')
  commit.resolve()
  await flushing
  assert.equal(uses.lastOf('a'), 1, 'committed after somebody read')
  uses.note('a', 2)
  assert.equal(uses.lastOf('a'), 2)
})

test('what could not be written is written the next time, unless there is a later use', async () => {
  const written: Use[] = []
  let broken = true
  const uses = createSessionUses({
    noteSessionUses: async ({ uses: some }) => {
      if (broken) {
        uses.note('a', 5)
        throw new Error('the disk is full')
      }
      written.push(...some)
    },
  })
  uses.note('a', 1)
  uses.note('b', 2)
  await assert.rejects(uses.flush(), /disk is full/)
  broken = false
  await uses.flush()
  assert.deepEqual(written, [
    { id: 'a', at: 5 },
    { id: 'b', at: 2 },
  ])
})

test('of too many sessions the one noted longest ago is forgotten', () => {
  const uses = createSessionUses({ noteSessionUses: async () => {} }, 2)
  for (const [index, id] of ['a', 'b', 'c'].entries()) uses.note(id, index)
  assert.deepEqual(
    ['a', 'b', 'c'].map((id) => uses.lastOf(id)),
    [undefined, 1, 2],
  )
})
