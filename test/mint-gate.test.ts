/**
 * The mint gate, whole: everything that mints, against every state of user, session, client, assignment and instance. Each
 * change comes between the approval and the minting, on another server than the one that mints. The table is generated, so
 * that a new way to mint has every cell at once; one that has no row here fails the first tests.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { GRANT_TYPES, ssoOidc, UnsupportedGrantTypeException } from 'ssooidc/protocol/sso-oidc'
import { followOrganization } from '../packages/portico/src/cli/housekeeping.ts'
import { clientHash } from '../packages/portico/src/core/clients/client-registration.ts'
import { token } from '../packages/portico/src/protocol/oauth2.ts'
import type { Organization, OrganizationApplication } from '../packages/portico/src/storage/storage.ts'
import { addApplication, post } from './support/application.ts'
import { type ExternalIssuer, startExternalIssuer } from './support/external-issuer.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { type Door, isRefusal, type Ready, role, ways } from './support/minting.ts'
import { ask, registerDevice, sessionsOf } from './support/programs.ts'
import { readSources } from './support/source.ts'

const HOUR = 3_600_000

/** Something that happens in between. */
type Column = {
  happen(instance: TestInstance, ready: Ready): Promise<unknown>
  /** Where it is noticed: already when tokens are minted, or when a role is asked for with them. */
  refusedAt: 'mint' | 'role'
  /** Whether it can happen only where an application is asked for. */
  ofApplications?: true
  /** The ways that go on all the same, and why that is right. */
  spares?: Readonly<Record<string, string>>
}

const atMint = (happen: Column['happen'], spares: Column['spares'] = {}): Column => ({
  ...{ happen, spares },
  refusedAt: 'mint',
})
const atRole = (happen: Column['happen']): Column => ({ happen, refusedAt: 'role' })

const page = 'the credentials page of the access portal'
const assertion = 'an issuer’s assertion'

const atApplication = (to: (application: OrganizationApplication) => OrganizationApplication[]): Column => ({
  happen: (instance) =>
    change(instance, ({ applications = [], ...organization }) => ({
      ...organization,
      applications: applications.flatMap(to),
    })),
  refusedAt: 'mint',
  ofApplications: true,
})

const columns: Readonly<Record<string, Column>> = {
  'its user is disabled': atMint((instance) => enable(instance, false)),
  'its user is disabled, and enabled again': atMint(async (instance) => {
    await enable(instance, false)
    await enable(instance, true)
  }),
  'its user is deleted': atMint(({ storage, clock }) => storage.deleteUser({ userName: 'bob', ...ending(clock) })),
  'its user gets another password': atMint(({ storage, clock }) =>
    storage.setPassword({ userName: 'bob', passwordHash: '$argon2id$', endSessions: true, ...ending(clock) }),
  ),
  'its user loses their second factors': atMint(async ({ storage, clock, ...instance }) =>
    storage.resetFactors({ userId: await bob({ storage, ...instance }), ...ending(clock) }),
  ),
  'all that its user has open is ended': atMint(async (instance) => {
    const { storage, clock } = instance
    await storage.endSessionsOfUser({ userId: await bob(instance), reason: 'administrator', ...ending(clock) })
  }),
  'its session is ended': atMint(
    async (instance, { clientId }) => {
      const { storage, clock } = instance
      const ends = { reason: 'administrator', ...ending(clock) } as const
      for (const { id } of await sessionsOf(instance, instance.people.bob)) await storage.endSession({ id, ...ends })
      for (const { id } of await storage.listSignIns({ userId: await bob(instance), now: clock.now }))
        await storage.endSignIn({ id, ...ending(clock) })
      // What has no session yet is ended with those of its client.
      if (clientId !== undefined) await storage.endSessionsOfClient({ clientHash: clientHash(clientId), ...ends })
    },
    { [assertion]: 'it has no session yet: the next assertion would be as good' },
  ),
  'its session reaches its end': atMint(async ({ clock }) => {
    clock.now += 8 * HOUR
  }),
  'its client is denied': atMint(
    ({ storage, clock }, { clientId = '' }) =>
      storage.denyClient({
        ...{ clientHash: clientHash(clientId), deniedUntil: clock.now + 90 * 24 * HOUR },
        ...{ reason: 'administrator', ...ending(clock) },
      }),
    { [page]: 'a browser is no program' },
  ),
  'everything of the instance is ended': atMint(({ storage, clock }) =>
    storage.endAllSessions({ reason: 'administrator', ...ending(clock) }),
  ),
  // Another one with the same access key takes its place, or nobody could ask at all.
  'its application is removed': atApplication((application) => [{ ...application, name: 'another' }]),
  'its user may not use the application any more': atApplication((application) => [
    { ...application, assignments: [] },
  ]),
  'the assignment is taken away': atRole((instance) =>
    change(instance, (organization) => ({
      ...organization,
      assignments: organization.assignments.filter(
        ({ group, account }) => group === null || account !== role.accountId,
      ),
    })),
  ),
  'its user leaves the group': atRole((instance) =>
    change(instance, (organization) => ({
      ...organization,
      users: organization.users.map((user) => (user.userName === 'bob' ? { ...user, groups: [] } : user)),
    })),
  ),
  'the instance begins to need a second factor': atMint(
    (instance) => change(instance, (organization) => ({ ...organization, settings: { requireSecondFactor: true } })),
    { [assertion]: 'how its people prove themselves is the issuer’s to ask' },
  ),
  'a group of its user begins to need a second factor': atMint(
    (instance) =>
      change(instance, (organization) => ({
        ...organization,
        groups: organization.groups.map((group) => ({ ...group, requireSecondFactor: true as const })),
      })),
    { [assertion]: 'how its people prove themselves is the issuer’s to ask' },
  ),
  'the role begins to need a second factor': atRole((instance) =>
    change(instance, (organization) => ({
      ...organization,
      permissionSets: organization.permissionSets.map((set) => ({ ...set, requireSecondFactor: true as const })),
    })),
  ),
}

/** What mints, wherever it is called. */
const MINTING = /(?<!function )\b(?:issueTokens|issueRoleCredentials|signIdToken|sealSessionToken|broker\.issue)\(/

suite('the mint gate', () => {
  let issuer: ExternalIssuer
  before(async () => {
    issuer = await startExternalIssuer()
  })
  after(() => issuer[Symbol.asyncDispose]())

  test('has a row for every grant that is taken at some door', async () => {
    const instance = await testInstance()
    const client = await registerDevice(instance)
    const { clientId, clientSecret } = client
    const application = await addApplication(instance)
    const isTaken: Readonly<Record<Door, (grantType: string) => Promise<boolean>>> = {
      async CreateToken(grantType) {
        const { type } = await ask(instance, ssoOidc.operations.createToken.path, { body: { ...client, grantType } })
        return type !== UnsupportedGrantTypeException.spec.name
      },
      async 'the token endpoint'(grantType) {
        const form = { client_id: clientId, client_secret: clientSecret, grant_type: grantType }
        const proof = { code: 'x', redirect_uri: 'x', code_verifier: 'x', device_code: 'x', refresh_token: 'x' }
        const body = new URLSearchParams({ ...form, ...proof }).toString()
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        const answer = await ask(instance, token.path, { body, headers })
        return answer.body.error !== UnsupportedGrantTypeException.spec.error
      },
      async CreateTokenWithIAM(grantType) {
        const { type } = await post(instance, { clientId: application, grantType })
        return type !== UnsupportedGrantTypeException.spec.name
      },
    }
    instance.clock.now = Date.now()
    for (const [door, taken] of Object.entries(isTaken))
      for (const grantType of Object.values(GRANT_TYPES)) {
        const rows = Object.values(ways).filter(({ grant }) => grant?.door === door && grant.grantType === grantType)
        const has = await taken(grantType)
        assert.equal(rows.length > 0, has, `${grantType} at ${door} ${has ? 'has no row' : 'is not taken'}`)
      }
  })

  test('has a row for every file that mints', () => {
    // The brokers' conformance suite mints for no one.
    const minting = readSources().filter(({ path, code }) => MINTING.test(code) && !path.endsWith('/conformance.ts'))
    const known = new Set(Object.values(ways).flatMap(({ files }) => files))
    assert.deepEqual(minting.map(({ path }) => path).sort(), [...known].sort())
  })

  for (const [what, { grant, prepare }] of Object.entries(ways)) {
    test(`${what} mints when nothing came between`, async () => {
      const { minting, ready } = await open(prepare)
      assert.ok(await ready.assume(minting))
    })

    const isApplication = grant?.door === 'CreateTokenWithIAM'
    for (const [event, { happen, refusedAt, ofApplications, spares = {} }] of Object.entries(columns)) {
      if (ofApplications && !isApplication) continue
      const why = spares[what]
      test(`${what} mints ${why === undefined ? 'nothing' : 'still'} once ${event}${why === undefined ? '' : `: ${why}`}`, async () => {
        const { instance, minting, ready } = await open(prepare)
        await happen(instance, ready)
        if (why !== undefined) return assert.ok(await ready.assume(minting))
        if (refusedAt === 'mint' && ready.mint !== undefined) await assert.rejects(ready.mint(minting), isRefusal)
        await assert.rejects(ready.assume(minting), isRefusal)
      })
    }
  }

  /** An instance, another server of it that will mint, and what is ready. */
  async function open(prepare: (typeof ways)[string]['prepare']) {
    const instance = await testInstance()
    const minting = await instance.node()
    for (const { deps } of [instance, minting]) await followOrganization(deps)
    return { instance, minting, ready: await prepare(instance, issuer) }
  }
})

const ending = ({ now }: TestInstance['clock']) => ({
  revokedUntil: now + 12 * HOUR,
  now,
  audit: { at: now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} },
})

async function enable({ storage, clock }: TestInstance, enabled: boolean): Promise<void> {
  await storage.setUserEnabled({ userName: 'bob', enabled, ...ending(clock) })
}

async function bob({ storage, people }: Pick<TestInstance, 'storage' | 'people'>): Promise<string> {
  const user = await storage.findUserByName({ userName: people.bob.username })
  assert.ok(user)
  return user.id
}

async function change({ storage, clock }: TestInstance, to: (now: Organization) => Organization): Promise<void> {
  const organization = to(await storage.readOrganization({}))
  const { revokedUntil, ...applying } = ending(clock)
  // Without a client to end, so that the gate is alone with what it knows.
  await storage.applyOrganization({
    organization,
    ...applying,
    prune: { revokedUntil, clientHashes: [] },
    shutOut: true,
  })
}
