/** Records for the suite: ordinary ones, of which a test changes what it is about. */

import assert from 'node:assert/strict'
import type {
  AuditEvent,
  AuthorizationCode,
  DeviceGrant,
  Instance,
  NewSession,
  Organization,
  Pruning,
  Session,
  SignInSession,
  Storage,
  User,
  WrappedKey,
} from '../storage.ts'

/** The moment at which every test begins. */
export const now = Date.UTC(2026, 0, 1)

/** Milliseconds. */
export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute

/** How long refreshes coalesce, and for how long a redemption is repeated, in these tests. */
export const coalesce = 2 * minute
export const repeatWithin = 30 * second
/** Until when a revocation for reuse is kept, in these tests: beyond the session's own end, since role credentials are. */
export const revokedUntil = now + 20 * hour

export const anInstance: Instance = {
  instanceId: 'ssoins-0123456789abcdef',
  identityStoreId: 'd-0123456789',
  createdAt: now,
}

export const aKey = (changes: Partial<WrappedKey> = {}): WrappedKey => ({
  kid: '0a1b2c3d',
  purpose: 'access-token',
  wrapped: 'd3JhcHBlZA',
  state: 'active',
  createdAt: now,
  activeAt: now,
  ...changes,
})

export const auditLine = (eventName: string, changes: Partial<AuditEvent> = {}): AuditEvent => ({
  at: now,
  eventName,
  userId: null,
  address: '192.0.2.1',
  userAgent: 'suite',
  detail: {},
  ...changes,
})

export const aGrant = (changes: Partial<DeviceGrant> = {}): DeviceGrant => ({
  id: 'grant-1',
  userCodeMac: 'mac-1',
  clientHash: 'client-1',
  clientName: 'aws-cli',
  scopes: ['sso:account:access'],
  address: '192.0.2.1',
  subscriber: '192.0.2.1',
  userAgent: 'aws-cli/2',
  createdAt: now,
  expiresAt: now + 10 * minute,
  state: 'pending',
  userId: null,
  decidedAt: null,
  authenticatedAt: null,
  amr: null,
  proximity: null,
  sessionId: null,
  numbers: null,
  ...changes,
})

export const aCode = (changes: Partial<AuthorizationCode> = {}): AuthorizationCode => ({
  id: 'code-1',
  clientHash: 'client-1',
  clientName: 'aws-cli',
  scopes: ['sso:account:access'],
  redirectUri: 'http://127.0.0.1:49152/oauth/callback',
  codeChallenge: 'challenge-1',
  userId: 'user-1',
  authenticatedAt: now - minute,
  amr: ['password'],
  createdAt: now,
  expiresAt: now + minute,
  ...changes,
})

export const newSession = (changes: Partial<NewSession> = {}): NewSession => ({
  id: 'session-1',
  flow: 'device',
  address: '192.0.2.7',
  userAgent: 'aws-cli/2',
  createdAt: now,
  expiresAt: now + 8 * hour,
  ...changes,
})

export const aSignIn = (changes: Partial<SignInSession> = {}): SignInSession => ({
  id: 'browser-1',
  userId: 'user-1',
  authenticatedAt: now,
  amr: ['password'],
  createdAt: now,
  lastUsedAt: now,
  expiresAt: now + 8 * hour,
  address: '192.0.2.1',
  userAgent: 'a browser',
  ...changes,
})

export const aUser = (changes: Partial<User> = {}): User => ({
  id: '6f1c7a52-0000-4000-8000-000000000001',
  userName: 'alice',
  displayName: 'Alice',
  givenName: null,
  familyName: null,
  email: null,
  enabled: true,
  passwordHash: '$argon2id$alice',
  administrator: true,
  ...changes,
})

/** Two people, a group, two accounts, two permission sets. */
export const anOrganization: Organization = {
  users: [
    {
      userName: 'alice',
      displayName: 'Alice Archer',
      givenName: 'Alice',
      familyName: 'Archer',
      email: 'alice@example.com',
      groups: ['builders'],
      administrator: true,
    },
    {
      userName: 'Bob',
      displayName: 'Bob',
      givenName: null,
      familyName: null,
      email: null,
      groups: [],
      administrator: false,
    },
  ],
  groups: [{ displayName: 'builders' }, { displayName: 'readers' }],
  accounts: [
    { id: '111111111111', name: 'production', email: 'production@example.com', broker: 'builtin' },
    { id: '222222222222', name: 'sandbox', email: null, broker: 'builtin' },
  ],
  permissionSets: [
    { name: 'Admin', sessionDuration: 3600, administrator: true },
    { name: 'ReadOnly', sessionDuration: 7200, administrator: false },
  ],
  assignments: [
    { account: '111111111111', permissionSet: 'Admin', user: 'alice', group: null },
    { account: '111111111111', permissionSet: 'ReadOnly', user: null, group: 'builders' },
    { account: '222222222222', permissionSet: 'Admin', user: null, group: 'builders' },
    { account: '222222222222', permissionSet: 'ReadOnly', user: 'Bob', group: null },
  ],
  settings: { sessionDuration: 'PT8H' },
}

/** Applies an organization, `anOrganization` unless said. */
export const apply = (
  storage: Storage,
  organization: Organization = anOrganization,
  prune?: Pruning,
  how: { shutOut?: boolean; dryRun?: boolean } = {},
) =>
  storage.applyOrganization({
    ...{ organization, now, audit: auditLine('ApplyOrganization') },
    ...(prune && { prune }),
    ...how,
  })

/** The user of that name, who must be there. */
export async function userNamed(storage: Storage, userName: string): Promise<User> {
  const user = await storage.findUserByName({ userName })
  assert.ok(user, `there is a user ${userName}`)
  return user
}

/** Stores a grant that `userId` has approved. */
export async function approve(storage: Storage, grant: DeviceGrant, userId = 'user-1'): Promise<void> {
  assert.equal(await storage.startDeviceGrant({ grant, now: grant.createdAt }), true)
  const proof = { authenticatedAt: grant.createdAt - minute, amr: ['password', 'totp'], proximity: 'same' } as const
  const approval = { decision: 'approve', userId, ...proof } as const
  const audit = auditLine('ApproveDevice')
  assert.equal(await storage.decideDeviceGrant({ id: grant.id, ...approval, now: grant.createdAt, audit }), true)
}

/** What redeems `aGrant()` into `newSession()`. */
export const redemption = (changes: Partial<Parameters<Storage['redeemDeviceGrant']>[0]> = {}) => ({
  id: 'grant-1',
  clientHash: 'client-1',
  session: newSession(),
  distant: null,
  repeatWithin,
  now,
  audit: auditLine('RedeemDeviceCode'),
  ...changes,
})

/** What redeems `aCode()` into a session. */
export const exchange = (changes: Partial<Parameters<Storage['redeemAuthorizationCode']>[0]> = {}) => ({
  id: 'code-1',
  clientHash: 'client-1',
  redirectUri: 'http://127.0.0.1:49152/oauth/callback',
  codeChallenge: 'challenge-1',
  requestHash: 'request-1',
  session: newSession({ flow: 'code' }),
  repeatWithin,
  revokedUntil,
  now,
  audit: auditLine('RedeemAuthorizationCode'),
  ...changes,
})

/** What presents a refresh token of `newSession()`. */
export const refresh = (changes: Partial<Parameters<Storage['rotateSession']>[0]> = {}) => ({
  id: 'session-1',
  clientHash: 'client-1',
  generation: 0,
  coalesce,
  revokedUntil,
  now,
  audit: auditLine('RotateSession'),
  ...changes,
})

/** Makes a session the way clients do. */
export async function openSession(
  storage: Storage,
  changes: Partial<NewSession> = {},
  userId = 'user-1',
): Promise<Session> {
  const session = newSession(changes)
  const { createdAt } = session
  const id = `grant of ${session.id}`
  await approve(storage, aGrant({ id, userCodeMac: id, createdAt, expiresAt: createdAt + 10 * minute }), userId)
  const redeemed = await storage.redeemDeviceGrant(redemption({ id, session, now: createdAt }))
  assert.equal(redeemed.outcome, 'redeemed')
  return redeemed.session
}

/** Names of the audit lines, oldest first. */
export async function auditNames(storage: Storage): Promise<string[]> {
  const lines = await storage.readAudit({ limit: 100 })
  return lines.map(({ eventName }) => eventName).reverse()
}

/** A guess at a user code, by the MACs it may have, of which five fit into a minute. */
export function aGuess(...userCodeMacs: string[]): Parameters<Storage['guessUserCode']>[0] {
  return { userCodeMacs, buckets: [{ bucket: 'guesser', limit: 5 }], window: minute, now }
}
