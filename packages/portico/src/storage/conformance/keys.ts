import assert from 'node:assert/strict'
import type { Storage } from '../storage.ts'
import type { Check } from './conformance.ts'
import { aKey, auditLine, auditNames, hour, minute, now } from './records.ts'

const audit = auditLine('AdvanceKeys')
const lives = { 'access-token': 8 * hour }
const states = async (storage: Storage) =>
  Object.fromEntries((await storage.listKeys({})).map(({ kid, state }) => [kid, state]))

/** How keys follow one another. */
export function keys(check: Check): void {
  const old = aKey({ kid: '00000001', createdAt: now - hour, activeAt: now - hour })
  const next = aKey({ kid: '00000002', state: 'published', activeAt: now + minute })

  check('a published key becomes active when its time comes, and the one before it verifies only', async (storage) => {
    await storage.publishKeys({ keys: [old, next], audit: auditLine('RotateKeys') })
    assert.equal(await storage.advanceKeys({ lives, now: now + minute - 1, audit }), 0)
    assert.deepEqual(await states(storage), { '00000001': 'active', '00000002': 'published' })
    assert.equal(await storage.advanceKeys({ lives, now: now + minute, audit }), 2)
    assert.deepEqual(await states(storage), { '00000001': 'verify-only', '00000002': 'active' })
    assert.equal(await storage.advanceKeys({ lives, now: now + minute, audit }), 0)
    assert.deepEqual(await auditNames(storage), ['RotateKeys', 'AdvanceKeys'])
  })

  check('a key retires once nothing that it made is alive, is erased, and is not read any more', async (storage) => {
    await storage.publishKeys({ keys: [old, next], audit })
    await storage.advanceKeys({ lives, now: now + minute, audit })
    assert.equal(await storage.advanceKeys({ lives, now: now + minute + 8 * hour - 1, audit }), 0)
    assert.equal(await storage.advanceKeys({ lives, now: now + minute + 8 * hour, audit }), 1)
    assert.deepEqual(await states(storage), { '00000001': 'retired', '00000002': 'active' })
    assert.deepEqual(
      (await storage.readKeys({})).map(({ kid }) => kid),
      ['00000002'],
    )
  })

  check(
    'a key that was followed late opens what it made for as long as one that was followed in time',
    async (storage) => {
      const late = now + 24 * hour
      await storage.publishKeys({ keys: [old, next], audit })
      assert.equal(await storage.advanceKeys({ lives, now: late, audit }), 2)
      assert.equal(await storage.advanceKeys({ lives, now: late + 8 * hour - 1, audit }), 0)
      assert.equal(await storage.advanceKeys({ lives, now: late + 8 * hour, audit }), 1)
    },
  )

  check('a key of a purpose whose life nobody states never retires, and purposes do not mix', async (storage) => {
    const totp = (key: typeof old) => ({ ...key, kid: `${key.kid.slice(0, 7)}f`, purpose: 'totp' })
    await storage.publishKeys({ keys: [totp(old), { ...totp(next), kid: '0000000e' }, old], audit })
    await storage.advanceKeys({ lives, now: now + 1_000 * hour, audit })
    await storage.advanceKeys({ lives, now: now + 2_000 * hour, audit })
    assert.deepEqual(await states(storage), { '00000001': 'active', '0000000f': 'verify-only', '0000000e': 'active' })
  })

  check('keys are published all or none', async (storage) => {
    await storage.addKey({ key: old })
    await assert.rejects(storage.publishKeys({ keys: [next, old], audit }))
    assert.deepEqual(await states(storage), { '00000001': 'active' })
  })

  check('a compromised key is gone at once, with another in its place', async (storage) => {
    await storage.addKey({ key: old })
    const replacement = aKey({ kid: '00000003' })
    const elsewhere = { ...replacement, purpose: 'csrf' }
    assert.equal(await storage.compromiseKey({ kid: '00000001', replacement: elsewhere, audit }), false)
    assert.equal(await storage.compromiseKey({ kid: '00000001', replacement, audit }), true)
    assert.equal(await storage.compromiseKey({ kid: '00000001', replacement, audit }), false)
    assert.deepEqual(await storage.readKeys({}), [replacement])
    assert.deepEqual(await states(storage), { '00000001': 'retired', '00000003': 'active' })
  })

  check('keys are wrapped anew only where nobody else did', async (storage) => {
    await storage.publishKeys({ keys: [old, next], audit })
    const both = [
      { kid: '00000001', was: old.wrapped, wrapped: 'anew' },
      { kid: '00000002', was: 'something else', wrapped: 'anew' },
    ]
    assert.equal(await storage.rewrapKeys({ keys: both, audit }), 1)
    const wrapped = new Map((await storage.readKeys({})).map((key) => [key.kid, key.wrapped]))
    assert.deepEqual(
      wrapped,
      new Map([
        ['00000001', 'anew'],
        ['00000002', next.wrapped],
      ]),
    )
  })
}
