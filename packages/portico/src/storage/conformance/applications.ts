import assert from 'node:assert/strict'
import type { OrganizationApplication, Storage } from '../storage.ts'
import type { Check, CheckHandles } from './conformance.ts'
import { anOrganization, apply, auditLine, auditNames, hour, minute, newSession, now, userNamed } from './records.ts'

const reports: OrganizationApplication = {
  name: 'reports',
  grants: ['refresh_token'],
  redirectUris: [],
  scopes: ['reports:read'],
  actors: [{ account: null, permissionSet: null, accessKey: 'reports-server' }],
  trustedTokenIssuers: [{ name: 'corporate', audiences: ['reports'] }],
  assignmentRequired: true,
  assignments: [{ user: 'alice', group: null }],
  idTokenAlgorithm: 'ES256',
}

const corporate = {
  name: 'corporate',
  issuerUrl: 'https://login.example.com',
  claimAttributePath: 'email',
  identityStoreAttributePath: 'emails.value',
}

const store = { name: 'store', scopes: ['reports:read'] }

const withApplications = {
  ...anOrganization,
  applications: [reports],
  trustedTokenIssuers: [corporate],
  resourceServers: [store],
}

/** What is remembered of applications. */
export function applications(check: Check): void {
  check(
    'applications, issuers and resource servers are read as they were described, and get ids that stay',
    async (storage) => {
      await apply(storage, withApplications)
      const organization = await storage.readOrganization({})
      assert.deepEqual(organization.applications, [reports])
      assert.deepEqual(organization.trustedTokenIssuers, [corporate])
      assert.deepEqual(organization.resourceServers, [store])
      const before = await storage.readApplications({})
      assert.match(String(before.applications[0]?.id), /^apl-[0-9a-f]{16}$/)
      assert.match(String(before.trustedTokenIssuers[0]?.id), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)

      await apply(storage, { ...withApplications, applications: [{ ...reports, scopes: [] }] })
      const after = await storage.readApplications({})
      assert.deepEqual(after.applications, [{ ...reports, id: before.applications[0]?.id, scopes: [] }])
      assert.deepEqual(after.trustedTokenIssuers, before.trustedTokenIssuers)
      assert.deepEqual(after.resourceServers, before.resourceServers)
    },
  )

  check('applying the same applications again leaves no line in the log', async (storage) => {
    await apply(storage, withApplications)
    await apply(storage, withApplications)
    assert.deepEqual(await auditNames(storage), ['ApplyOrganization'])
  })

  check('applications that an organization does not name stay', async (storage) => {
    await apply(storage, withApplications)
    await apply(storage)
    assert.deepEqual((await storage.readOrganization({})).applications, [reports])
  })

  check(
    'a resource server that an organization does not name stays, until what it names is all that there is',
    async (storage) => {
      await apply(storage, withApplications)
      await apply(storage)
      assert.deepEqual((await storage.readOrganization({})).resourceServers, [store])
      await apply(storage, anOrganization, { revokedUntil: now, clientHashes: [] })
      assert.equal((await storage.readOrganization({})).resourceServers, undefined)
      assert.deepEqual((await storage.readApplications({})).resourceServers, [])
    },
  )

  check('an assertion begins one session, and is used then', async (storage) => {
    await apply(storage)
    const session = await begin(storage, 'session-1')
    assert.equal(session?.flow, 'application')
    assert.deepEqual(await storage.findSession({ id: 'session-1' }), session)
    assert.equal(await begin(storage, 'session-2'), undefined)
    assert.equal(await storage.findSession({ id: 'session-2' }), undefined)
    assert.deepEqual(await auditNames(storage), ['ApplyOrganization', 'CreateTokenWithIAM'])
  })

  check('without an assertion every call begins a session', async (storage) => {
    await apply(storage)
    assert.ok(await begin(storage, 'session-1', null))
    assert.ok(await begin(storage, 'session-2', null))
  })

  check('a used assertion is forgotten once it is over, and not before', async (storage) => {
    await apply(storage)
    await begin(storage, 'session-1')
    assert.equal(await storage.sweep({ before: now + minute, sessionsBefore: now, limit: 10 }), 0)
    assert.equal(await storage.sweep({ before: now + minute + 1, sessionsBefore: now, limit: 10 }), 1)
  })

  check('people are found by email address, in whatever case it is written', async (storage) => {
    await apply(storage)
    const alice = await userNamed(storage, 'alice')
    assert.deepEqual(await storage.findUsersByEmail({ email: 'ALICE@Example.com' }), [alice])
    assert.deepEqual(await storage.findUsersByEmail({ email: 'alice@example.co' }), [])
  })

  check('an email address that several people have finds two of them', async (storage) => {
    const [alice, bob] = anOrganization.users
    assert.ok(alice && bob)
    await apply(storage, { ...anOrganization, users: [alice, { ...bob, email: 'Alice@example.com' }] })
    assert.equal((await storage.findUsersByEmail({ email: 'alice@example.com' })).length, 2)
  })
}

/** Many callers with one assertion. */
export function assertionContention(check: CheckHandles): void {
  check('of many who present one assertion at once, exactly one begins a session', async (...handles) => {
    await apply(handles[0])
    const calls = Array.from({ length: 10 }, (_, i) => begin(handles[i % 2] ?? handles[0], `session-${i}`))
    const begun = (await Promise.all(calls)).filter((session) => session !== undefined)
    assert.equal(begun.length, 1)
  })
}

async function begin(
  storage: Storage,
  id: string,
  assertion: { key: string; expiresAt: number } | null = { key: 'issuer jti', expiresAt: now + minute },
) {
  const { id: userId } = await userNamed(storage, 'alice')
  const client = { clientHash: 'application-1', clientName: 'reports', scopes: ['reports:read'] }
  return await storage.beginApplicationSession({
    session: newSession({ id, flow: 'application', expiresAt: now + hour }),
    owner: { userId, authenticatedAt: now, amr: [], ...client },
    assertion,
    audit: auditLine('CreateTokenWithIAM'),
  })
}
