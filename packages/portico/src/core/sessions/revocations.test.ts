import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Revocation } from '../../storage/storage.ts'
import { createRevocations, type Revocable } from './revocations.ts'

const now = Date.UTC(2026, 10, 24)
const token: Revocable = { sessionId: 's', userId: 'u', clientHash: 'c', authenticatedAt: now - 60_000 }
const line = (of: Partial<Revocation>): Revocation => ({
  seq: 1,
  kind: 'session',
  subject: 's',
  notBefore: now,
  expiresAt: now + 3_600_000,
  ...of,
})

/** Revocations over these lines, as storage would answer: in order, after what is known, while they live. */
async function following(log: readonly Revocation[], at = now) {
  const asked: number[] = []
  const revocations = createRevocations({
    async readRevocations({ after, now }) {
      asked.push(after)
      return log.filter(({ seq, expiresAt }) => seq > after && expiresAt > now)
    },
  })
  await revocations.follow(at)
  return { revocations, asked }
}

test('a line names a token by session, person, client or instance', async () => {
  for (const [named, of] of [
    [true, { kind: 'session', subject: 's' }],
    [false, { kind: 'session', subject: 'other' }],
    [true, { kind: 'user', subject: 'u' }],
    [false, { kind: 'user', subject: 's' }],
    [true, { kind: 'client', subject: 'c' }],
    [true, { kind: 'instance', subject: '' }],
  ] as const) {
    const { revocations } = await following([line(of)])
    assert.equal(revocations.covers(token), named, JSON.stringify(of))
  }
})

test('a person, and an instance, come back by signing in anew; a session and a client do not', async () => {
  const later = { ...token, authenticatedAt: now + 1 }
  for (const [kind, subject, covered] of [
    ['user', 'u', false],
    ['instance', '', false],
    ['session', 's', true],
    ['client', 'c', true],
  ] as const) {
    const { revocations } = await following([line({ kind, subject })])
    assert.equal(revocations.covers({ ...token, authenticatedAt: now }), true, kind)
    assert.equal(revocations.covers(later), covered, kind)
  }
})

test('a later line about the same person counts, and an earlier one read afterwards takes nothing back', async () => {
  for (const moments of [
    [now, now + 5_000],
    [now + 5_000, now],
  ]) {
    const lines = moments.map((notBefore, i) => line({ seq: i + 1, kind: 'user', subject: 'u', notBefore }))
    const { revocations } = await following(lines)
    assert.equal(revocations.covers({ ...token, authenticatedAt: now + 5_000 }), true)
  }
})

test('the log is read on from where it was left, and what has expired is forgotten', async () => {
  const log = [line({ seq: 4 }), line({ seq: 9, subject: 'other' })]
  const { revocations, asked } = await following(log)
  await revocations.follow(now + 1)
  assert.deepEqual(asked, [0, 9])
  assert.equal(revocations.covers(token), true)
  await revocations.follow(now + 3_600_000)
  assert.equal(revocations.covers(token), false)
})

test('a read that fails is told to whoever asked, and the next one starts where the last success ended', async () => {
  let fail = true
  const revocations = createRevocations({
    async readRevocations() {
      if (fail) throw new Error('no database')
      return [line({})]
    },
  })
  await assert.rejects(revocations.follow(now), /no database/)
  fail = false
  await revocations.follow(now)
  assert.equal(revocations.covers(token), true)
})

test('what is known is read again when it is older than five seconds, and nobody is let in when that fails', async () => {
  let broken = false
  let reads = 0
  const revocations = createRevocations({
    async readRevocations() {
      reads += 1
      if (broken) throw new Error('the database is away')
      return []
    },
  })
  await revocations.follow(now)
  assert.equal(await revocations.isCurrent(now + 5_000), true)
  assert.equal(reads, 1)
  assert.equal(await revocations.isCurrent(now + 5_001), true)
  assert.equal(reads, 2)
  broken = true
  assert.equal(await revocations.isCurrent(now + 10_001), true)
  assert.equal(await revocations.isCurrent(now + 10_002), false)
  broken = false
  assert.equal(await revocations.isCurrent(now + 10_003), true)
})
