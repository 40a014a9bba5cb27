import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeviceGrant } from '../../storage/storage.ts'
import { createWaitingGrants } from './waiting-grants.ts'

const now = Date.UTC(2026, 10, 24)

const grant = (state: DeviceGrant['state']): DeviceGrant => ({
  ...{
    id: 'grant',
    userCodeMac: 'mac',
    clientHash: 'client',
    clientName: 'cli',
    scopes: [],
    address: '',
    subscriber: '',
    userAgent: '',
  },
  ...{ createdAt: now, expiresAt: now + 600_000, state, userId: null, decidedAt: null, authenticatedAt: null },
  ...{ amr: null, proximity: null, sessionId: null, numbers: null },
})

/** Storage with one grant, and how often it was read. */
function oneGrant() {
  const stored: { grant: DeviceGrant | undefined; reads: number } = { grant: grant('pending'), reads: 0 }
  const findDeviceGrant = async () => {
    stored.reads += 1
    return stored.grant
  }
  return { stored, waiting: createWaitingGrants({ findDeviceGrant }) }
}

test('a grant that waits is read once in five seconds, however often its device asks', async () => {
  const { stored, waiting } = oneGrant()
  for (let ms = 0; ms < 5_000; ms += 100) assert.equal((await waiting.find('grant', now + ms))?.state, 'pending')
  assert.equal(stored.reads, 1)
  await waiting.find('grant', now + 5_000)
  assert.equal(stored.reads, 2)
})

test('after a decision the next question is answered by what was decided', async () => {
  const { stored, waiting } = oneGrant()
  await waiting.find('grant', now)
  stored.grant = grant('approved')
  waiting.forget()
  assert.equal((await waiting.find('grant', now))?.state, 'approved')
})

test('what was read before a decision, and arrives after it, is not remembered', async () => {
  const late = Promise.withResolvers<DeviceGrant>()
  const answers = [late.promise, Promise.resolve(grant('approved'))]
  const waiting = createWaitingGrants({ findDeviceGrant: async () => answers.shift() })
  const asked = waiting.find('grant', now)
  waiting.forget()
  late.resolve(grant('pending'))
  assert.equal((await asked)?.state, 'pending')
  assert.equal((await waiting.find('grant', now))?.state, 'approved')
})

test('a grant that does not wait, or that nobody knows, is read each time', async () => {
  const { stored, waiting } = oneGrant()
  for (const known of [grant('approved'), grant('denied'), grant('redeemed'), undefined]) {
    stored.grant = known
    stored.reads = 0
    for (let i = 0; i < 3; i++) assert.equal(await waiting.find('grant', now), known)
    assert.equal(stored.reads, 3)
  }
})

test('after the clock was set back, what is known counts for nothing', async () => {
  const { stored, waiting } = oneGrant()
  await waiting.find('grant', now)
  await waiting.find('grant', now - 1)
  assert.equal(stored.reads, 2)
})
