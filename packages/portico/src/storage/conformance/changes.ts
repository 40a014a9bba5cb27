import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Change, Storage } from '../storage.ts'
import type { Check, CheckHandles } from './conformance.ts'
import {
  aGrant,
  aKey,
  anInstance,
  apply,
  approve,
  auditLine,
  coalesce,
  hour,
  minute,
  now,
  openSession,
  refresh,
} from './records.ts'

/** The kinds that a storage tells of while `action` runs. */
async function told(storage: Storage, action: () => Promise<unknown>): Promise<Set<Change>> {
  const kinds = new Set<Change>()
  const stop = storage.onChange((change) => {
    kinds.add(change)
  })
  await action()
  stop()
  return kinds
}

const end = (storage: Storage, id = 'session-1') =>
  storage.endSession({ id, reason: 'logout', revokedUntil: now + hour, now, audit: auditLine('Logout') })

/** Who hears of a change that this handle made. */
export function changes(check: Check): void {
  check(
    'a change is in force when its transition resolves, even where that takes the listener a while',
    async (storage) => {
      await openSession(storage)
      let inForce: readonly string[] = []
      storage.onChange(async () => {
        const revocations = await storage.readRevocations({ after: 0, now })
        await new Promise(setImmediate)
        inForce = revocations.map(({ subject }) => subject)
      })
      await end(storage)
      assert.deepEqual(inForce, ['session-1'])
    },
  )

  check('each kind of change has its name', async (storage) => {
    const first = await told(storage, () => storage.initialize({ instance: anInstance, keys: [aKey()] }))
    assert.deepEqual(first, new Set(['keys']))
    const key = await told(storage, () => storage.addKey({ key: aKey({ kid: '00000002' }) }))
    assert.deepEqual(key, new Set(['keys']))
    assert.deepEqual(await told(storage, () => apply(storage)), new Set(['directory']))
    await openSession(storage)
    assert.deepEqual(await told(storage, () => end(storage)), new Set(['revocations']))
    assert.deepEqual(await told(storage, () => approve(storage, aGrant())), new Set(['device-grants']))
    const audit = auditLine('SetPassword')
    const password = { userName: 'alice', passwordHash: '$argon2id$', endSessions: true, revokedUntil: now, now, audit }
    const both = await told(storage, () => storage.setPassword(password))
    assert.deepEqual(both, new Set(['directory', 'revocations']))
  })

  check('nobody is told where nothing changed', async (storage) => {
    await storage.initialize({ instance: anInstance, keys: [aKey()] })
    await apply(storage)
    await openSession(storage)
    const kinds = await told(storage, async () => {
      await storage.initialize({ instance: anInstance, keys: [aKey({ kid: '00000002' })] })
      await storage.addKey({ key: aKey() })
      await apply(storage)
      await storage.rotateSession(refresh({ now: now + coalesce }))
      await storage.startDeviceGrant({
        grant: {
          ...{ id: 'g', userCodeMac: 'm', clientHash: 'c', clientName: 'n', scopes: [], address: '', subscriber: '' },
          ...{
            userAgent: '',
            createdAt: now,
            expiresAt: now + minute,
            state: 'pending',
            sessionId: null,
            numbers: null,
          },
          ...{ userId: null, decidedAt: null, authenticatedAt: null, amr: null, proximity: null },
        },
        now,
      })
      await end(storage, 'session-2')
    })
    assert.deepEqual(kinds, new Set())
  })

  check('a listener that stopped hears nothing more', async (storage) => {
    let heard = 0
    const stop = storage.onChange(() => {
      heard += 1
    })
    await apply(storage)
    const before = heard
    assert.ok(before > 0)
    stop()
    await storage.addKey({ key: aKey() })
    assert.equal(heard, before)
  })

  check('a change that a listener could not take up is not acknowledged, but it stands', async (storage) => {
    await openSession(storage)
    const stop = storage.onChange(() => {
      throw new Error('the listener broke')
    })
    await assert.rejects(end(storage), /the listener broke/)
    stop()
    assert.equal((await storage.findSession({ id: 'session-1' }))?.endReason, 'logout')
  })

  check('closing finishes what was begun and refuses what comes later', async (storage) => {
    const begun = [1, 2, 3].map((index) => storage.addKey({ key: aKey({ kid: `0000000${index}` }) }))
    const closed = storage.close()
    await assert.rejects(storage.readKeys({}), /closed/)
    await Promise.all(begun)
    await closed
  })
}

/** Who hears of a change that another handle on the same database made. */
export function changesElsewhere(check: CheckHandles): void {
  /** Resolves with the kinds that are heard until `kind` is among them. */
  async function hears(storage: Storage, kind: Change, action: () => Promise<unknown>): Promise<Set<Change>> {
    const kinds = new Set<Change>()
    const events = new EventTarget()
    const stop = storage.onChange((change) => {
      kinds.add(change)
      events.dispatchEvent(new Event(change))
    })
    const heard = once(events, kind, { signal: AbortSignal.timeout(10_000) })
    await action()
    await heard
    stop()
    return kinds
  }

  check('a change made elsewhere is heard, and only its kind', async (here, there) => {
    assert.deepEqual(await hears(here, 'device-grants', () => openSession(there)), new Set(['device-grants']))
    assert.deepEqual(await hears(here, 'revocations', () => end(there)), new Set(['revocations']))
    assert.deepEqual(await hears(here, 'directory', () => apply(there)), new Set(['directory']))
    assert.deepEqual(await hears(here, 'keys', () => there.addKey({ key: aKey() })), new Set(['keys']))
  })

  check('a change is heard after many writes that are none', async (here, there) => {
    for (let index = 0; index < 50; index += 1) await there.recordAudit({ events: [auditLine('Something')] })
    assert.deepEqual(await hears(here, 'directory', () => apply(there)), new Set(['directory']))
  })

  check('what a listener could not take up is told again', async (here, there) => {
    let calls = 0
    const taken = Promise.withResolvers<void>()
    const stop = here.onChange(() => {
      calls += 1
      if (calls < 3) throw new Error('not yet')
      taken.resolve()
    })
    const tooLate = setTimeout(() => taken.reject(new Error('it was not told again')), 10_000)
    await there.addKey({ key: aKey() })
    await taken.promise
    clearTimeout(tooLate)
    stop()
  })

  check('what one handle acknowledged, the other reads', async (here, there) => {
    const session = await openSession(here)
    assert.deepEqual(await there.findSession({ id: session.id }), session)
    await end(there)
    assert.deepEqual(await here.rotateSession(refresh({ now: now + coalesce })), { outcome: 'ended' })
  })
}
