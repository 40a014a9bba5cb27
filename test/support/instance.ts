/**
 * A whole Portico in memory: real storage, real keys, real pages, no socket, and a clock that the test sets. Its people and
 * what they may do are those of a small organization.
 */

import { sso, ssooidc } from 'ssooidc'
import type { Deps, Settings } from '../../packages/portico/src/core/deps.ts'
import { openInstance } from '../../packages/portico/src/core/instance.ts'
import { systemRandom } from '../../packages/portico/src/core/keys/random.ts'
import type { Mailer } from '../../packages/portico/src/core/people/mail.ts'
import { hashPassword } from '../../packages/portico/src/core/people/passwords.ts'
import { builtInBroker } from '../../packages/portico/src/credentials/built-in.ts'
import { createApp } from '../../packages/portico/src/server/app.ts'
import type { Application } from '../../packages/portico/src/server/node.ts'
import { fetchDocument } from '../../packages/portico/src/server/outbound/fetch-document.ts'
import { openSqlite } from '../../packages/portico/src/storage/sqlite/sqlite.ts'
import type { Organization, Storage } from '../../packages/portico/src/storage/storage.ts'
import { type FormBrowser, formBrowser } from './form-browser.ts'
import type { DemoPerson } from './portico.ts'

/** An instance and what tests do with it. */
export type TestInstance = {
  readonly origin: string
  readonly rootKey: Buffer
  readonly app: Application
  readonly deps: Deps
  readonly storage: Storage
  /** The time, epoch milliseconds. */
  readonly clock: { now: number }
  /** Every line that was logged. */
  readonly log: { level: string; message: string; fields: Record<string, unknown> }[]
  readonly people: { readonly alice: DemoPerson; readonly bob: DemoPerson }
  readonly oidc: ReturnType<typeof ssooidc>
  readonly portal: ReturnType<typeof sso>
  fetch(request: Request): Promise<Response>
  browser(): FormBrowser
  /**
   * Another server of the same instance: its keys and clock are shared, what it holds in memory is its own. Its storage is
   * shared too, unless another handle on the same database is given.
   */
  node(storage?: Storage): Promise<TestInstance>
}

const ORIGIN = 'http://127.0.0.1:8000'
const START = Date.UTC(2026, 10, 24, 12)

const organization: Organization = {
  users: [
    {
      userName: 'alice',
      displayName: 'Alice Anders',
      givenName: 'Alice',
      familyName: 'Anders',
      email: 'alice@example.com',
      groups: ['Engineers'],
      administrator: true,
    },
    {
      userName: 'bob',
      displayName: 'Bob Berg',
      givenName: 'Bob',
      familyName: 'Berg',
      email: null,
      groups: ['Engineers'],
      administrator: false,
    },
  ],
  groups: [{ displayName: 'Engineers' }],
  accounts: [
    { id: '111111111111', name: 'Production', email: 'prod@example.com', broker: 'built-in' },
    { id: '222222222222', name: 'Sandbox', email: null, broker: 'built-in' },
  ],
  permissionSets: [
    { name: 'AdministratorAccess', sessionDuration: 3600, administrator: false },
    { name: 'ReadOnlyAccess', sessionDuration: 7200, administrator: false },
  ],
  assignments: [
    { account: '111111111111', permissionSet: 'AdministratorAccess', user: 'alice', group: null },
    { account: '111111111111', permissionSet: 'ReadOnlyAccess', user: null, group: 'Engineers' },
    { account: '222222222222', permissionSet: 'ReadOnlyAccess', user: null, group: 'Engineers' },
  ],
  settings: {},
}

// Argon2 is slow on purpose: once a process is enough.
const password = 'correct horse battery'
let passwordHash: Promise<string> | undefined

/** Opens one. Settings override the defaults of a fresh installation; limits are off unless given. */
export async function testInstance(
  settings: Partial<Settings> = {},
  storage?: Storage,
  mailer: Mailer | null = null,
): Promise<TestInstance> {
  const clock = { now: START }
  const store = storage ?? (await openSqlite({ path: ':memory:' }))
  const instance = await openNode({ storage: store, rootKey: systemRandom.bytes(32), settings, clock, mailer })
  const audit = { at: clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  await store.applyOrganization({ organization, now: clock.now, audit })
  passwordHash ??= hashPassword(password)
  for (const userName of ['alice', 'bob'])
    await store.setPassword({
      userName,
      passwordHash: await passwordHash,
      endSessions: false,
      revokedUntil: clock.now,
      now: clock.now,
      audit,
    })
  return instance
}

type Shared = {
  storage: Storage
  rootKey: Buffer
  settings: Partial<Settings>
  clock: { now: number }
  mailer: Mailer | null
}

async function openNode(shared: Shared): Promise<TestInstance> {
  const { storage, rootKey, clock, mailer } = shared
  const settings: Settings = {
    origin: ORIGIN,
    region: 'us-east-1',
    partition: 'aws',
    startUrlAliases: [],
    sessionDuration: 8 * 3_600_000,
    sessionIdleDuration: null,
    signInIdleDuration: 3_600_000,
    requireSecondFactor: false,
    deviceFlow: 'step-up',
    supportEmail: null,
    limits: { registrationsPerSecond: 0, deviceGrantsPerSecond: 0, pendingDeviceGrants: 0, mintsPerSecond: 0 },
    ...shared.settings,
  }
  const deps = await openInstance({
    storage,
    rootKey,
    random: systemRandom,
    settings,
    mailer,
    onErrandFailure: (error) => line('error')({ err: error }, 'an errand failed'),
    fetchDocument,
    brokers: (sealer) => [builtInBroker({ sealer, random: systemRandom, partition: 'aws' })],
    clock: () => clock.now,
  })
  const log: TestInstance['log'] = []
  const line = (level: string) => (fields: object, message: string) =>
    log.push({ level, message, fields: { ...fields } })
  const app = createApp({ deps, logger: { info: line('info'), error: line('error') }, clock: () => clock.now })
  const fetch = async (request: Request) => app.fetch(request)
  const options = {
    endpoint: settings.origin,
    fetch: (input: string | URL | Request, init?: RequestInit) => fetch(new Request(input, init)),
  }
  return {
    origin: settings.origin,
    rootKey,
    app,
    deps,
    storage,
    clock,
    log,
    people: {
      alice: { username: 'alice', password, administrator: true },
      bob: { username: 'bob', password, administrator: false },
    },
    oidc: ssooidc(options),
    portal: sso(options),
    fetch,
    browser: () => formBrowser(fetch),
    node: (own = storage) => openNode({ ...shared, storage: own }),
  }
}
