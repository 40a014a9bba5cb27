import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import { auditLine, now } from './records.ts'

/** What the audit log keeps. */
export function audit(check: Check): void {
  check('lines are read newest first, as they were written', async (storage) => {
    const detail = { accountId: '111111111111', roles: ['Admin'], nested: { again: true } }
    const lines = [
      auditLine('First', { userId: 'user-1', detail }),
      auditLine('Second', { address: null, userAgent: null }),
      auditLine('Third', { at: now - 1 }),
    ]
    await storage.recordAudit({ events: lines })
    assert.deepEqual(await storage.readAudit({ limit: 10 }), lines.toReversed())
    assert.deepEqual(await storage.readAudit({ limit: 1 }), [lines[2]])
  })

  check('a long batch is written whole and in order', async (storage) => {
    const lines = Array.from({ length: 1_234 }, (_, index) => auditLine(`Event${index}`))
    await storage.recordAudit({ events: lines })
    assert.deepEqual(await storage.readAudit({ limit: 2_000 }), lines.toReversed())
  })

  check('no lines are no work', async (storage) => {
    await storage.recordAudit({ events: [] })
    assert.deepEqual(await storage.readAudit({ limit: 10 }), [])
  })
}
