/**
 * The mint gate, whole: everything that mints, against every state of user, session, client, assignment and instance. Each
 * change comes between the approval and the minting, on another server than the one that mints. The table is generated, so
 * that a new way to mint has every cell at once; one that has no row here fails the first test.
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isServiceException } from 'ssooidc'
import { GRANT_TYPES, ssoOidc, UnsupportedGrantTypeException } from 'ssooidc/protocol/sso-oidc'
import { clientHash } from '../packages/portico/src/core/clients/client-registration.ts'
import type { Organization } from '../packages/portico/src/storage/storage.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import {
  ask,
  consent,
  registerDevice,
  sessionsOf,
  signInDevice,
  startBrowser,
  startDevice,
} from './support/programs.ts'

const HOUR = 3_600_000
const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }

/** What is ready to be minted. */
type Ready = {
  clientId: string
  /** Asks a server for it. Answers the access token with which a role is asked for then. */
  mint(server: TestInstance): Promise<string | undefined>
}

/** One way to mint. `prepare` goes as far as the approval of bob, and mints nothing yet. */
type Row = { grantType: string | undefined; prepare(instance: TestInstance): Promise<Ready> }

const rows: Readonly<Record<string, Row>> = {
  'the device grant': {
    grantType: GRANT_TYPES.deviceCode,
    async prepare(instance) {
      const { client, grant, poll } = await startDevice(instance)
      await instance.browser().decide(grant.verificationUriComplete, instance.people.bob)
      return { ...client, mint: async (server) => (await poll(client, server)).accessToken }
    },
  },
  'the authorization code grant': {
    grantType: GRANT_TYPES.authorizationCode,
    async prepare(instance) {
      const program = await startBrowser(instance)
      const code = await consent(instance, program.url(), instance.people.bob)
      const mint = async ({ oidc }: TestInstance) => (await oidc.createToken(program.exchange(code))).accessToken
      return { ...program.client, mint }
    },
  },
  'a refresh': {
    grantType: GRANT_TYPES.refreshToken,
    async prepare(instance) {
      const { client, refresh, refreshToken } = await signInDevice(instance, instance.people.bob)
      instance.clock.now += HOUR / 2
      return { ...client, mint: async (server) => (await refresh(refreshToken, client, server)).accessToken }
    },
  },
  GetRoleCredentials: {
    grantType: undefined,
    async prepare(instance) {
      const { client, accessToken } = await signInDevice(instance, instance.people.bob)
      return { ...client, mint: async () => accessToken }
    },
  },
}

/** Something that happens in between. */
type Column = {
  happen(instance: TestInstance, ready: Ready): Promise<unknown>
  /** Where it is noticed: already when tokens are minted, or when a role is asked for with them. */
  refusedAt: 'mint' | 'role'
}

const atMint = (happen: Column['happen']): Column => ({ happen, refusedAt: 'mint' })
const atRole = (happen: Column['happen']): Column => ({ happen, refusedAt: 'role' })

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
  'its session is ended': atMint(async (instance, { clientId }) => {
    const { storage, clock } = instance
    const ends = { reason: 'administrator', ...ending(clock) } as const
    for (const { id } of await sessionsOf(instance, instance.people.bob)) await storage.endSession({ id, ...ends })
    // What has no session yet is ended with those of its client.
    await storage.endSessionsOfClient({ clientHash: clientHash(clientId), ...ends })
  }),
  'its session reaches its end': atMint(async ({ clock }) => {
    clock.now += 8 * HOUR
  }),
  'its client is denied': atMint(({ storage, clock }, { clientId }) =>
    storage.denyClient({
      ...{ clientHash: clientHash(clientId), deniedUntil: clock.now + 90 * 24 * HOUR },
      ...{ reason: 'administrator', ...ending(clock) },
    }),
  ),
  'everything of the instance is ended': atMint(({ storage, clock }) =>
    storage.endAllSessions({ reason: 'administrator', ...ending(clock) }),
  ),
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
  'the role begins to need a second factor': atRole((instance) =>
    change(instance, (organization) => ({
      ...organization,
      permissionSets: organization.permissionSets.map((set) => ({ ...set, requireSecondFactor: true as const })),
    })),
  ),
}

suite('the mint gate', () => {
  test('has a row for every grant that this server takes', async () => {
    const instance = await testInstance()
    const client = await registerDevice(instance)
    const known = new Set(Object.values(rows).map(({ grantType }) => grantType))
    for (const grantType of Object.values(GRANT_TYPES)) {
      const { type } = await ask(instance, ssoOidc.operations.createToken.path, { body: { ...client, grantType } })
      const taken = type !== UnsupportedGrantTypeException.spec.name
      assert.equal(known.has(grantType), taken, `${grantType} ${taken ? 'has no row' : 'is not taken'}`)
    }
  })

  for (const [what, { prepare }] of Object.entries(rows)) {
    test(`${what} mints when nothing came between`, async () => {
      const instance = await testInstance()
      const ready = await prepare(instance)
      assert.ok(await mintAndAssume(await instance.node(), ready))
    })

    for (const [event, { happen, refusedAt }] of Object.entries(columns)) {
      test(`${what} mints nothing once ${event}`, async () => {
        const instance = await testInstance()
        const minting = await instance.node()
        const ready = await prepare(instance)
        await happen(instance, ready)
        if (refusedAt === 'mint' && what !== 'GetRoleCredentials') await assert.rejects(ready.mint(minting), isRefusal)
        await assert.rejects(mintAndAssume(minting, ready), isRefusal)
      })
    }
  }
})

async function mintAndAssume(server: TestInstance, { mint }: Ready) {
  const accessToken = (await mint(server)) ?? ''
  return (await server.portal.getRoleCredentials({ accessToken, ...role })).roleCredentials?.sessionToken
}

/** A refusal that says so; anything else would be a fault that merely looks like one. */
function isRefusal(error: unknown): boolean {
  const refusals = ['InvalidGrant', 'InvalidClient', 'AccessDenied', 'ExpiredToken', 'Unauthorized', 'Forbidden']
  return refusals.some((name) => isServiceException(error, `${name}Exception`))
}

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
  await storage.applyOrganization({ organization, ...ending(clock) })
}
