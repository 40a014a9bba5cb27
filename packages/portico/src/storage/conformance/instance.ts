import assert from 'node:assert/strict'
import type { Check } from './conformance.ts'
import { aKey, anInstance, now } from './records.ts'

/** What becomes of the instance and its keys. */
export function instance(check: Check): void {
  check('an empty database has no instance and no keys', async (storage) => {
    assert.equal(await storage.readInstance({}), undefined)
    assert.deepEqual(await storage.readKeys({}), [])
  })

  check('an instance is read as it was written, with its first keys', async (storage) => {
    const keys = [aKey({ kid: '00000001' }), aKey({ kid: '00000002', state: 'published', activeAt: now + 1 })]
    assert.deepEqual(await storage.initialize({ instance: anInstance, keys }), anInstance)
    assert.deepEqual(await storage.readInstance({}), anInstance)
    const stored = await storage.readKeys({})
    assert.deepEqual(new Map(stored.map((key) => [key.kid, key])), new Map(keys.map((key) => [key.kid, key])))
  })

  check('a second start gets the instance that stands and adds no keys', async (storage) => {
    await storage.initialize({ instance: anInstance, keys: [aKey({ kid: '00000001' })] })
    const other = { ...anInstance, instanceId: 'ssoins-fedcba9876543210' }
    assert.deepEqual(await storage.initialize({ instance: other, keys: [aKey({ kid: '00000002' })] }), anInstance)
    assert.deepEqual(await storage.readInstance({}), anInstance)
    assert.deepEqual(
      (await storage.readKeys({})).map((key) => key.kid),
      ['00000001'],
    )
  })

  check('a key is added once: of two with one kid the first stands', async (storage) => {
    await storage.addKey({ key: aKey({ wrapped: 'first' }) })
    await storage.addKey({ key: aKey({ wrapped: 'second' }) })
    assert.deepEqual(await storage.readKeys({}), [aKey({ wrapped: 'first' })])
  })

  check('a key that is retired is not read any more', async (storage) => {
    await storage.addKey({ key: aKey({ state: 'retired' }) })
    await storage.addKey({ key: aKey({ kid: '00000002', state: 'verify-only' }) })
    assert.deepEqual(
      (await storage.readKeys({})).map((key) => key.kid),
      ['00000002'],
    )
  })
}
