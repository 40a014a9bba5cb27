/** A database that an older version made, opened by this one. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openInstance } from '../packages/portico/src/core/instance.ts'
import { generateKeys, PURPOSES } from '../packages/portico/src/core/keys/keyring.ts'
import { systemRandom } from '../packages/portico/src/core/keys/random.ts'
import { auditLine, newSession, now } from '../packages/portico/src/storage/conformance/records.ts'
import { firstTables } from '../packages/portico/src/storage/migrations/1-first-tables.ts'
import { howPeopleProveThemselves } from '../packages/portico/src/storage/migrations/2-how-people-prove-themselves.ts'
import { endings } from '../packages/portico/src/storage/migrations/3-endings.ts'
import { applications } from '../packages/portico/src/storage/migrations/4-applications.ts'
import { deviceFlow } from '../packages/portico/src/storage/migrations/5-device-flow.ts'
import { auditChain } from '../packages/portico/src/storage/migrations/6-audit-chain.ts'
import { type Migration, migrate } from '../packages/portico/src/storage/migrations.ts'
import { connect } from '../packages/portico/src/storage/sqlite/database.ts'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { testInstance } from './support/instance.ts'

test('keys of purposes that an older version did not know are added at the start, once', async () => {
  const storage = await openSqlite({ path: ':memory:' })
  const rootKey = systemRandom.bytes(32)
  const known = PURPOSES.filter((purpose) => purpose !== 'totp' && purpose !== 'recovery-code')
  await storage.initialize({
    instance: { instanceId: 'ssoins-0123456789abcdef', identityStoreId: 'd-0123456789', createdAt: 0 },
    keys: generateKeys(rootKey, systemRandom, 0, known),
  })
  const { settings } = (await testInstance()).deps
  const open = () =>
    openInstance({ storage, rootKey, random: systemRandom, settings, brokers: () => [], clock: () => 1_000 })
  const sealed = (await open()).sealer.seal('totp', { secret: 'x' })
  const again = await open()
  assert.deepEqual(again.sealer.open('totp', sealed), { secret: 'x' })
  const keys = await storage.readKeys({})
  for (const purpose of PURPOSES) assert.equal(keys.filter((key) => key.purpose === purpose).length, 1, purpose)
})

test('what was open before an upgrade goes on after it: a browser stays signed in, and a device is approved', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-older-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'portico.db')
  await makeVersion6(path)
  const storage = await openSqlite({ path })
  t.after(() => storage.close())

  const [signIn] = await storage.listSignIns({ userId: 'user', now })
  assert.equal(signIn?.lastUsedAt, now - 60_000, 'unused since it began')
  const grant = await storage.findDeviceGrant({ id: 'grant' })
  assert.deepEqual([grant?.state, grant?.numbers], ['pending', null])
  assert.equal((await storage.countPendingDeviceGrants({ subscriber: '192.0.2.1', now })).total, 1)

  const heard: string[] = []
  storage.onChange((change) => void heard.push(change))
  const person = { userId: 'user', authenticatedAt: now, amr: ['password'], proximity: 'same' } as const
  const decision = { id: 'grant', decision: 'approve', ...person, now, audit: auditLine('ApproveDevice') } as const
  assert.equal(await storage.decideDeviceGrant(decision), true)
  assert.deepEqual(heard, ['device-grants'])
  const redemption = {
    id: 'grant',
    clientHash: 'client',
    session: newSession(),
    distant: null,
    repeatWithin: 30_000,
    now,
  }
  const { outcome } = await storage.redeemDeviceGrant({ ...redemption, audit: auditLine('CreateToken') })
  assert.equal(outcome, 'redeemed')
  assert.deepEqual((await storage.readApplications({})).resourceServers, [])
  assert.deepEqual(await storage.listDistantDevices({ userId: 'user', now }), [])
})

/** A database as version 6 left it, with somebody signed in at a browser and a device that waits. */
async function makeVersion6(path: string): Promise<void> {
  const { raw, db } = connect(path)
  const steps: Migration[] = [firstTables, howPeopleProveThemselves, endings, applications, deviceFlow, auditChain]
  const alone = async (step: (transaction: typeof db) => Promise<void>) => {
    raw.exec('begin immediate')
    await step(db)
    raw.exec('commit')
  }
  await migrate('sqlite', alone, now, steps)
  const later = now + 600_000
  raw.exec(`
    insert into "signInSessions"
      ("id", "userId", "authenticatedAt", "createdAt", "expiresAt", "address", "userAgent", "amr")
      values ('browser', 'user', ${now - 60_000}, ${now - 60_000}, ${later}, '192.0.2.1', 'a browser', '["password"]');
    insert into "deviceGrants"
      ("id", "userCodeMac", "clientHash", "clientName", "scopes", "address", "userAgent", "createdAt", "expiresAt", "state")
      values ('grant', 'mac', 'client', 'aws-cli', '[]', '192.0.2.1', 'aws-cli/2', ${now}, ${later}, 'pending');
  `)
  raw.close()
}
