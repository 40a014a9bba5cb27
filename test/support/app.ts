/**
 * The whole application in memory: a small organization on an embedded database, a clock that the test sets, and `fetch` in
 * place of a socket. What it answers is what the server would.
 *
 * Not its job: sockets, processes and the command line, see `portico.ts`.
 */
import { randomBytes } from 'node:crypto'
import { createAccess } from '../../packages/portico/src/core/access.ts'
import type { Deps, Settings } from '../../packages/portico/src/core/deps.ts'
import { generateKeys, openKeyring } from '../../packages/portico/src/core/keyring.ts'
import { hashPassword } from '../../packages/portico/src/core/passwords.ts'
import { createPollPacing } from '../../packages/portico/src/core/poll-pacing.ts'
import { systemRandom } from '../../packages/portico/src/core/random.ts'
import { createRateLimits } from '../../packages/portico/src/core/rate-limits.ts'
import { createRevocations } from '../../packages/portico/src/core/revocations.ts'
import { createSealer } from '../../packages/portico/src/core/sealing.ts'
import { builtInBroker } from '../../packages/portico/src/credentials/built-in.ts'
import { createApp } from '../../packages/portico/src/server/app.ts'
import { openSqlite } from '../../packages/portico/src/storage/sqlite/sqlite.ts'
import type { AuditEvent, Organization, Storage } from '../../packages/portico/src/storage/storage.ts'
import type { DemoPerson } from './portico.ts'

/** The application and what a test does to it. */
export type TestApp = {
  /** Scheme, host and port that it believes to be reached under. */
  origin: string
  startUrl: string
  region: string
  /** Answers one request. */
  fetch(request: Request): Promise<Response>
  /** The moment that the next request is answered at; epoch milliseconds. */
  now(): number
  /** Lets time pass. */
  advance(milliseconds: number): void
  /** What use cases are given, for tests of theirs. */
  deps: Deps
  storage: Storage
  person(username: 'alice' | 'bob'): DemoPerson
  [Symbol.asyncDispose](): Promise<void>
}

/** How an application differs from the usual one. */
export type TestAppOptions = {
  /** An engine that is open and empty; the embedded one in memory unless said otherwise. */
  storage?: Storage
  organization?: Organization
  settings?: Partial<Settings>
}

/** Alice, an administrator, is `Admin` and `ReadOnly` in two accounts; Bob is `ReadOnly` in the first. */
export const smallOrganization: Organization = {
  users: [
    { ...nobody('alice'), displayName: 'Alice Ames', administrator: true },
    { ...nobody('bob'), displayName: 'Bob Bell', groups: ['readers'] },
  ],
  groups: [{ displayName: 'readers' }],
  accounts: [
    { id: '111111111111', name: 'sandbox', email: 'sandbox@example.com', broker: 'built-in' },
    { id: '222222222222', name: 'production', email: 'production@example.com', broker: 'built-in' },
  ],
  permissionSets: [
    { name: 'Admin', sessionDuration: 3600, administrator: false },
    { name: 'ReadOnly', sessionDuration: 3600, administrator: false },
  ],
  assignments: [
    { account: '111111111111', permissionSet: 'Admin', user: 'alice', group: null },
    { account: '111111111111', permissionSet: 'ReadOnly', user: 'alice', group: null },
    { account: '222222222222', permissionSet: 'Admin', user: 'alice', group: null },
    { account: '111111111111', permissionSet: 'ReadOnly', user: null, group: 'readers' },
  ],
  settings: {},
}

function nobody(userName: string) {
  return {
    userName,
    givenName: null,
    familyName: null,
    email: `${userName}@example.com`,
    groups: [],
    administrator: false,
  }
}

/** Passwords that the tests may know: nothing else runs with them. */
const passwords = { alice: 'sail the paper boat', bob: 'count the copper bees' }

/** Puts an application together. It begins at noon on 1 December 2026. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  let now = Date.UTC(2026, 11, 1, 12)
  const origin = options.settings?.origin ?? 'http://127.0.0.1:8000'
  const storage = options.storage ?? (await openSqlite({ path: ':memory:' }))
  const rootKey = randomBytes(32)
  const instance = await storage.initialize({
    instance: { instanceId: 'ssoins-0123456789abcdef', identityStoreId: 'd-0123456789', createdAt: now },
    keys: generateKeys(rootKey, systemRandom, now),
  })
  const sealer = createSealer(openKeyring(rootKey, await storage.readKeys({})), systemRandom)
  const audit: AuditEvent = { at: now, eventName: 'SetUp', userId: null, address: null, userAgent: null, detail: {} }
  await storage.applyOrganization({ organization: options.organization ?? smallOrganization, now, audit })
  for (const [userName, password] of Object.entries(passwords)) {
    const passwordHash = await hashPassword(password)
    await storage.setPassword({ userName, passwordHash, endSessions: false, revokedUntil: now, now, audit })
  }

  const access = createAccess(storage)
  const revocations = createRevocations(storage)
  await revocations.follow(now)
  storage.onChange(async (change) => {
    if (change === 'directory') access.forget()
    if (change === 'revocations') await revocations.follow(now)
  })
  const broker = builtInBroker({ sealer, random: systemRandom, partition: 'aws' })
  const deps: Deps = {
    storage,
    instance,
    sealer,
    random: systemRandom,
    settings: {
      origin,
      region: 'us-east-1',
      partition: 'aws',
      startUrlAliases: [],
      sessionDuration: 8 * 3_600_000,
      supportEmail: null,
      limits: { registrationsPerSecond: 0, deviceGrantsPerSecond: 0, pendingDeviceGrants: 0, mintsPerSecond: 0 },
      ...options.settings,
    },
    brokers: new Map([[broker.name, broker]]),
    access,
    revocations,
    pacing: createPollPacing(),
    rateLimits: createRateLimits(),
  }
  const app = createApp({
    deps,
    logger: { info: () => {}, error: (fields) => console.error(fields) },
    clock: () => now,
  })

  return {
    origin,
    startUrl: `${origin}/start`,
    region: deps.settings.region,
    fetch: async (request) => app.fetch(request),
    now: () => now,
    advance(milliseconds) {
      now += milliseconds
    },
    deps,
    storage,
    person: (username) => ({ username, password: passwords[username], administrator: username === 'alice' }),
    [Symbol.asyncDispose]: () => storage.close(),
  }
}
