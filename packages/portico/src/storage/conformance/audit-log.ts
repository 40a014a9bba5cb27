import assert from 'node:assert/strict'
import { CHAIN_START, followChain } from '../audit-log.ts'
import type { Check, CheckHandles } from './conformance.ts'
import { auditLine, now } from './records.ts'

const nothing = { eventName: null, userId: null, from: null, to: null }
const start = { seq: 0, hash: CHAIN_START }

/** How the audit log is read, and how its chain holds. */
export function auditLog(check: Check): void {
  const lines = Array.from({ length: 5 }, (_, index) =>
    auditLine(index % 2 === 0 ? 'Even' : 'Odd', { at: now + index, userId: `user-${index % 3}`, detail: { index } }),
  )

  check('lines are listed in order, those that match, after a given one, and the last ones', async (storage) => {
    await storage.recordAudit({ events: lines })
    const all = await storage.listAudit({ after: 0, limit: 10, filter: nothing })
    assert.deepEqual(
      all.map(({ id: _, seq, hash, ...event }) => [seq, hash, event]),
      lines.map((line) => [null, null, line]),
    )
    const indexes = async (filter: Partial<typeof nothing> | Record<string, unknown>) =>
      (await storage.listAudit({ after: 0, limit: 10, filter: { ...nothing, ...filter } })).map(({ at }) => at - now)
    assert.deepEqual(await indexes({ eventName: 'Odd' }), [1, 3])
    assert.deepEqual(await indexes({ userId: 'user-0' }), [0, 3])
    assert.deepEqual(await indexes({ from: now + 1, to: now + 3 }), [1, 2])
    const rest = await storage.listAudit({ after: all[1]?.id ?? 0, limit: 2, filter: nothing })
    assert.deepEqual(rest, all.slice(2, 4))
    assert.deepEqual(await storage.lastAudit({ limit: 2, filter: nothing }), all.slice(-2))
  })

  check('lines are sealed in order, a few at a time, into a chain that holds', async (storage) => {
    assert.equal(await storage.sealAudit({ limit: 2 }), 0)
    await storage.recordAudit({ events: lines })
    assert.deepEqual(await storage.countAudit({}), { sealed: 0, unsealed: 5 })
    assert.equal(await storage.sealAudit({ limit: 3 }), 3)
    assert.deepEqual(await storage.countAudit({}), { sealed: 3, unsealed: 2 })
    assert.equal(await storage.sealAudit({ limit: 3 }), 2)
    const chain = await storage.readAuditChain({ after: 0, limit: 10 })
    assert.deepEqual(
      chain.map(({ seq }) => seq),
      [1, 2, 3, 4, 5],
    )
    assert.deepEqual(followChain(start, chain), { seq: 5, hash: chain[4]?.hash })
    assert.deepEqual(await storage.readAuditChain({ after: 3, limit: 1 }), [chain[3]])
  })

  check('a chain shows what was changed in it, and what was taken away', async (storage) => {
    await storage.recordAudit({ events: lines })
    await storage.sealAudit({ limit: 10 })
    const chain = await storage.readAuditChain({ after: 0, limit: 10 })
    const forged = chain.map((line) => (line.seq === 3 ? { ...line, userId: 'somebody else' } : line))
    assert.deepEqual(followChain(start, forged), { brokenAt: 3, fault: 'changed' })
    assert.deepEqual(followChain(start, chain.toSpliced(2, 1)), { brokenAt: 3, fault: 'missing' })
  })
}

/** Who seals when several do. */
export function auditContention(check: CheckHandles): void {
  check('each line is sealed once, however many seal at the same moment', async (...handles) => {
    const events = Array.from({ length: 60 }, (_, index) => auditLine(`Event${index}`))
    await handles[0].recordAudit({ events })
    const sealed = await Promise.all(
      handles.flatMap((storage) => [1, 2, 3].map(() => storage.sealAudit({ limit: 25 }))),
    )
    assert.equal(
      sealed.reduce((sum, count) => sum + count),
      60,
    )
    const chain = await handles[1].readAuditChain({ after: 0, limit: 100 })
    assert.equal('seq' in followChain(start, chain) && chain.length, 60)
  })
}
