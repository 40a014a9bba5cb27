/**
 * Every key is followed by another, sixty times, while everybody works on: a server that is a process of its own, programs that
 * never pause, and at each rotation a token of every kind that was made just before it, and others as old as the test.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { type CreateTokenOutput, GRANT_TYPES, type StartDeviceAuthorizationOutput, sso, ssooidc } from 'ssooidc'
import { oauth2 } from 'ssooidc/oauth2'
import { parse } from '../packages/portico/src/core/keys/opaque-token.ts'
import { formBrowser } from './support/form-browser.ts'
import { startKeyKeeper } from './support/key-keeper.ts'
import { type RunningPortico, startPortico } from './support/portico.ts'
import { ACCOUNT_ACCESS, CALLBACK, type ClientCredentials, refused } from './support/programs.ts'
import { main } from './support/workplace.ts'

const ROTATIONS = 60
/** Rotations by the command itself. */
const COMMANDS = 2
const LOADERS = 2

const unlimited = ['registrations-per-second', 'device-grants-per-second', 'pending-device-grants', 'mints-per-second']

/** What a program was given by a sign-in, under the keys of that moment. */
type Held = {
  client: ClientCredentials
  accessToken: string
  refreshToken: string
  nextToken: string
  sts: STSClient
}

/** Half of three sign-ins: two devices that wait, and a code that a browser brought back. */
type Begun = {
  client: ClientCredentials
  approved: StartDeviceAuthorizationOutput
  pending: StartDeviceAuthorizationOutput
  exchange: { code: string; codeVerifier: string; redirectUri: string }
}

/** Somebody's program, browser and service, which ask once and never again: a request that fails has failed. */
function openProgram(portico: RunningPortico, count: (kind: string) => void) {
  const once = { endpoint: portico.url, maxAttempts: 1, keepAlive: false }
  const [oidc, portal] = [ssooidc(once), sso(once)]
  const standard = oauth2({ issuer: portico.url, maxAttempts: 1, keepAlive: false })
  const browser = formBrowser()
  const person = portico.person('alice')
  const account = portico.accounts.find(({ roles }) => roles.length > 0)
  assert.ok(account)
  const role = { accountId: account.accountId, roleName: account.roles[0] ?? '' }

  async function counted<T>(kind: string, request: Promise<T>): Promise<T> {
    const answer = await request
    count(kind)
    return answer
  }

  const register = () =>
    counted(
      'RegisterClient',
      oidc.registerClient({
        clientName: 'program',
        clientType: 'public',
        scopes: [ACCOUNT_ACCESS],
        grantTypes: [GRANT_TYPES.deviceCode, GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken],
        redirectUris: ['http://127.0.0.1/oauth/callback'],
      }),
    ).then(({ clientId, clientSecret }) => ({ clientId, clientSecret }))

  const startDevice = (client: ClientCredentials) =>
    counted('StartDeviceAuthorization', oidc.startDeviceAuthorization({ ...client, startUrl: portico.startUrl }))

  const redeem = (client: ClientCredentials, deviceCode: string) =>
    oidc.createToken({ ...client, grantType: GRANT_TYPES.deviceCode, deviceCode })

  const roleCredentials = async ({ accessToken }: Pick<Held, 'accessToken'>) =>
    (await counted('GetRoleCredentials', portal.getRoleCredentials({ accessToken, ...role }))).roleCredentials

  /** What was given, with what it opens. */
  async function hold(client: ClientCredentials, { accessToken, refreshToken = '' }: CreateTokenOutput): Promise<Held> {
    const { nextToken = '' } = await counted('ListAccounts', portal.listAccounts({ accessToken, maxResults: 1 }))
    assert.ok(refreshToken && nextToken)
    const { accessKeyId, secretAccessKey, sessionToken } = await roleCredentials({ accessToken })
    const sts = new STSClient({
      ...{
        endpoint: portico.url,
        region: portico.region,
        maxAttempts: 1,
        requestHandler: { httpAgent: { keepAlive: false } },
      },
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    })
    return { client, accessToken, refreshToken, nextToken, sts }
  }

  return {
    async begin(): Promise<Begun> {
      const client = await register()
      const [approved, pending] = [await startDevice(client), await startDevice(client)]
      const codeVerifier = randomBytes(48).toString('base64url')
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: client.clientId,
        redirect_uri: CALLBACK,
        state: 'here',
        code_challenge_method: 'S256',
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        scopes: ACCOUNT_ACCESS,
      })
      const { location } = await browser.decide(`${portico.url}/authorize?${query}`, person)
      const code = new URL(location ?? '').searchParams.get('code') ?? ''
      return { client, approved, pending, exchange: { code, codeVerifier, redirectUri: CALLBACK } }
    },

    /** The other half: what the device and the browser were given. The second device still waits. */
    async finish({ client, approved, pending, exchange }: Begun): Promise<Held[]> {
      await assert.rejects(redeem(client, pending.deviceCode), refused('AuthorizationPendingException'))
      count('a poll that waits')
      await browser.decide(approved.verificationUriComplete, person)
      const device = await counted('a poll after approval', redeem(client, approved.deviceCode))
      const grantType = GRANT_TYPES.authorizationCode
      const code = await counted('a code', oidc.createToken({ ...client, grantType, ...exchange }))
      return [await hold(client, device), await hold(client, code)]
    },

    /** Every request that may be made twice with what a program holds. */
    async use(held: Held): Promise<void> {
      const { client, accessToken, nextToken, sts } = held
      await roleCredentials(held)
      await counted('ListAccounts', portal.listAccounts({ accessToken, maxResults: 1, nextToken }))
      await counted('GetCallerIdentity', sts.send(new GetCallerIdentityCommand({})))
      for (const token of [accessToken, held.refreshToken]) {
        const { active } = await counted('introspection', standard.introspectToken({ ...client, token }))
        assert.equal(active, true)
      }
    },

    /** New tokens for the refresh token, which is kept in the place of the one before it. Answers the access token. */
    async refresh(held: Held): Promise<string> {
      const { client, refreshToken } = held
      const input = { ...client, grantType: GRANT_TYPES.refreshToken, refreshToken }
      const tokens = await counted('a refresh', oidc.createToken(input))
      held.refreshToken = tokens.refreshToken ?? ''
      return tokens.accessToken
    },
  }
}

/** The key that sealed an access token. */
const keyOf = (accessToken: string) =>
  Buffer.from(parse('accessToken', accessToken) ?? '', 'base64url').toString('hex', 1, 5)

test(`${ROTATIONS} rotations under load fail no request, and no token that lives is outdated`, {
  timeout: 600_000,
}, async (t) => {
  await using portico = await startPortico({ args: unlimited.flatMap((limit) => [`--${limit}`, '0']) })
  await using keeper = startKeyKeeper(portico.dataDir)
  const counts: Record<string, number> = {}
  const open = () =>
    openProgram(portico, (kind) => {
      counts[kind] = (counts[kind] ?? 0) + 1
    })
  const program = open()
  const [first, busy] = await program.finish(await program.begin())
  assert.ok(first && busy)
  const held = [first]

  let working = true
  const loads = Array.from({ length: LOADERS }, async (_, loader) => {
    const { use } = open()
    // From the oldest on, each loader from another place.
    for (let turn = loader * 7; working; turn++) await use(held[turn % held.length] ?? first)
  })
  const load = Promise.all(loads).finally(() => {
    working = false
  })
  load.catch(() => undefined)

  try {
    for (let rotation = 1; rotation <= ROTATIONS && working; rotation++) {
      const begun = await program.begin()
      const keys = await keeper.rotate()
      // Work goes on while the server hears of it.
      while (keyOf(await program.refresh(busy)) !== keys['access-token']);
      const [device, code] = await program.finish(begun)
      assert.ok(device && code)
      await program.refresh(code)
      held.push(device, code)
      for (const one of [first, held[rotation] ?? first, device]) await program.use(one)
    }
    // By the command itself, whose keys wait for their minute.
    for (let round = 0; round < COMMANDS && working; round++) {
      const begun = await program.begin()
      await promisify(execFile)(process.execPath, [main, 'keys', 'rotate', '--data', portico.dataDir])
      held.push(...(await program.finish(begun)))
    }
  } finally {
    working = false
    await load
  }

  for (const one of held) {
    await program.use(one)
    await program.refresh(one)
    one.sts.destroy()
  }
  t.diagnostic(JSON.stringify(counts))
  for (const [kind, count] of Object.entries(counts)) assert.ok(count >= ROTATIONS, `only ${count} × ${kind}`)
  const { stdout } = await promisify(execFile)(process.execPath, [
    main,
    'keys',
    'list',
    '--json',
    '--data',
    portico.dataDir,
  ])
  const states = Map.groupBy(JSON.parse(stdout) as { purpose: string; state: string }[], ({ purpose }) => purpose)
  states.delete('demo') // the only one that is not rotated
  for (const [purpose, keys] of states) {
    assert.equal(keys.length, 1 + ROTATIONS + COMMANDS, purpose)
    assert.ok(!keys.some(({ state }) => state === 'retired'), purpose)
  }
})
