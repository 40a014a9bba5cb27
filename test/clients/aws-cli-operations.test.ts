/**
 * The AWS CLI of both versions, unmodified: each operation called by hand, as scripts do, and then profiles, whose token
 * somebody else put into the cache. Version 1 has no command that signs a person in; for that of version 2 see
 * `aws-cli.test.ts`.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { formBrowser } from '../support/form-browser.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { type AwsHome, createAwsHome, firstRole } from './aws-home.ts'
import { cli1, cli2, cliOf2022, cliOfDebian12 } from './installed.ts'
import { journey, type Step } from './journey.ts'
import { keepResults } from './results.ts'
import { cacheToken, sessionToken } from './token-cache.ts'
import { clients } from './versions.ts'

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const redirectUri = 'http://127.0.0.1:53682/oauth/callback'
const scopes = ['--scopes', 'sso:account:access']

let portico: RunningPortico
before(async () => {
  portico = await startPortico()
})
after(() => portico?.[Symbol.asyncDispose]())

type Client = { clientId: string; clientSecret: string }

/** What the CLI prints, of whichever operation. */
type Answer = Client & {
  clientSecretExpiresAt: number
  deviceCode: string
  verificationUriComplete: string
  accessToken: string
  refreshToken: string
  roleCredentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string }
  Account: string
  Arn: string
}

/** The CLI in somebody's home, and how each of its calls ended. */
function commandLine(home: AwsHome, cli: string) {
  const steps: Step[] = []

  /** One call. @throws Error with all that the CLI said, unless it succeeds or the service refuses it. */
  async function call(args: readonly string[]): Promise<{ outcome: string; answer: Answer }> {
    const settings = ['--endpoint-url', portico.url, '--region', portico.region, '--output', 'json']
    const running = home.start(cli, [...args, ...settings])
    const { code, stdout, stderr } = await running.ended
    // A member that the operation does not have is undefined, and the next command that is given it says so.
    const answer = JSON.parse(stdout || '{}') as Answer
    if (code === 0) return { outcome: 'ok', answer }
    const [, outcome] = /An error occurred \((\w+)\) when calling/.exec(stderr) ?? []
    if (outcome === undefined) throw new Error(running.explain('failed in another way'))
    return { outcome, answer }
  }

  /** The same, as a step of the journey. */
  async function step(operation: string, args: readonly string[], grant: string | null = null) {
    const { outcome, answer } = await call(args)
    steps.push({ operation, grant, outcome })
    return answer
  }

  return { steps, call, step }
}

const proof = ({ clientId, clientSecret }: Client) => ['--client-id', clientId, '--client-secret', clientSecret]
const createToken = (client: Client, grant: string, ...args: string[]) => [
  'sso-oidc',
  'create-token',
  ...proof(client),
  '--grant-type',
  grant,
  ...args,
]

/** The CLI needs most of a second to start, so it takes a second program of that client to ask without a pause. */
async function whilePolling(client: Client, { deviceCode }: { deviceCode: string }, act: () => Promise<unknown>) {
  const { clientId, clientSecret } = client
  const body = JSON.stringify({ clientId, clientSecret, deviceCode, grantType: deviceCodeGrant })
  const poll = () => fetch(`${portico.url}/token`, { method: 'POST', body })
  await Promise.all(Array.from({ length: 10 }, poll))
  const acting = new AbortController()
  const polling = (async () => {
    for (; !acting.signal.aborted; await delay(100)) await poll()
  })()
  await act().finally(() => acting.abort())
  await polling
}

for (const { client: name, pinned, cli, codeVerifier, ownLogout } of [
  {
    client: 'AWS CLI 1 of 2022',
    pinned: clients['aws-cli-1-of-2022'],
    cli: cliOf2022,
    codeVerifier: false,
    ownLogout: false,
  },
  { client: 'AWS CLI 1', pinned: clients['aws-cli-1'], cli: cli1, codeVerifier: true, ownLogout: false },
  {
    client: 'AWS CLI 2 of Debian 12',
    pinned: clients['aws-cli-2-of-debian-12'],
    cli: cliOfDebian12,
    codeVerifier: false,
    ownLogout: true,
  },
  { client: 'AWS CLI 2', pinned: clients['aws-cli-2'], cli: cli2, codeVerifier: true, ownLogout: true },
])
  test(`${name} (${pinned.version}) calls every operation, and uses a session that another tool has signed in`, async () => {
    const { accountId, roleName } = firstRole(portico)
    await using home = await createAwsHome(portico, { accountId, roleName })
    // Version 1 sends what it finds at an address, in place of the address, unless this is said.
    await appendFile(join(home.folder, '.aws', 'config'), '[default]\ncli_follow_urlparam = false\n')
    const { steps, call, step } = commandLine(home, cli)
    const decide = (url: string, decision: 'approve' | 'deny' = 'approve') =>
      formBrowser().decide(url, portico.person('alice'), decision)

    const register = ['sso-oidc', 'register-client', '--client-name', 'script', '--client-type', 'public']
    const client = (await step('RegisterClient', [...register, ...scopes])) as Client & {
      clientSecretExpiresAt: number
    }
    const startDevice = ['sso-oidc', 'start-device-authorization', ...proof(client), '--start-url', portico.startUrl]
    const poll = (as: Client, { deviceCode }: { deviceCode: string }) =>
      createToken(as, deviceCodeGrant, '--device-code', deviceCode)

    const waiting = await step('StartDeviceAuthorization', startDevice)
    await step('CreateToken', poll(client, waiting), deviceCodeGrant)
    await decide(waiting.verificationUriComplete)
    const first = await step('CreateToken', poll(client, waiting), deviceCodeGrant)
    assert.ok(first.accessToken && first.refreshToken)

    const { answer: other } = await call(register)
    const { answer: hurried } = await call(startDevice)
    await step('CreateToken', poll(other, hurried), deviceCodeGrant)
    await whilePolling(client, hurried, () => step('CreateToken', poll(client, hurried), deviceCodeGrant))
    const { answer: denied } = await call(startDevice)
    await decide(denied.verificationUriComplete, 'deny')
    await step('CreateToken', poll(client, denied), deviceCodeGrant)
    await step('CreateToken', poll({ ...client, clientSecret: 'wrong' }, denied), deviceCodeGrant)
    // The oldest knows this member as required.
    await step('CreateToken', createToken(client, 'password', '--device-code', 'none'), 'password')

    const refresh = (token: string) => createToken(client, 'refresh_token', '--refresh-token', token)
    const tokens = await step('CreateToken', refresh(first.refreshToken), 'refresh_token')
    assert.ok(tokens.accessToken && tokens.refreshToken)
    await step('CreateToken', refresh('none'), 'refresh_token')

    const { accessToken, refreshToken } = tokens
    const portal = (operation: string, ...args: string[]) => ['sso', operation, '--access-token', accessToken, ...args]
    const listed = await step('ListAccounts', portal('list-accounts', '--page-size', '1'))
    assert.match(JSON.stringify(listed), new RegExp(accountId))
    const roles = await step(
      'ListAccountRoles',
      portal('list-account-roles', '--page-size', '1', '--account-id', accountId),
    )
    assert.match(JSON.stringify(roles), new RegExp(roleName))
    const credentialsOf = (account: string, role: string) =>
      portal('get-role-credentials', '--account-id', account, '--role-name', role)
    const { roleCredentials } = await step('GetRoleCredentials', credentialsOf(accountId, roleName))
    await step('GetRoleCredentials', credentialsOf('999999999999', 'Nobody'))
    await step('ListAccounts', ['sso', 'list-accounts', '--access-token', 'none'])

    const identify = async (...args: string[]) => {
      const identity = await step('GetCallerIdentity', ['sts', 'get-caller-identity', ...args])
      assert.equal(identity.Account, accountId)
      assert.match(identity.Arn, /\/alice$/)
    }
    home.env.AWS_ACCESS_KEY_ID = roleCredentials.accessKeyId
    home.env.AWS_SECRET_ACCESS_KEY = roleCredentials.secretAccessKey
    home.env.AWS_SESSION_TOKEN = roleCredentials.sessionToken
    await identify()
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) delete home.env[name]

    const { clientId, clientSecret, clientSecretExpiresAt } = client
    const registrationExpiresAt = new Date(clientSecretExpiresAt * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
    await cacheToken(home, portico, { accessToken, refreshToken, clientId, clientSecret, registrationExpiresAt })
    await identify('--profile', 'dev')
    assert.ok(Date.parse((await sessionToken(home)).expiresAt) > Date.now(), 'the token in the cache is a new one')
    await identify('--profile', 'legacy')

    if (codeVerifier) {
      const members = ['--grant-types', 'authorization_code', 'refresh_token', '--issuer-url', portico.startUrl]
      const redirects = ['--redirect-uris', 'http://127.0.0.1/oauth/callback']
      const browser = await step('RegisterClient', [...register, ...scopes, ...members, ...redirects])
      const verifier = randomBytes(48).toString('hex')
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: browser.clientId,
        redirect_uri: redirectUri,
        state: 'here',
        code_challenge_method: 'S256',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        scopes: 'sso:account:access',
      })
      const { location } = await decide(`${portico.url}/authorize?${query}`)
      const code = new URL(location ?? '').searchParams.get('code') ?? ''
      const redeem = (proof: string) =>
        createToken(
          browser,
          'authorization_code',
          ...['--code', code, '--redirect-uri', redirectUri, '--code-verifier', proof],
        )
      await step('CreateToken', redeem(randomBytes(48).toString('hex')), 'authorization_code')
      await step('CreateToken', redeem(verifier), 'authorization_code')
    }

    // Version 2 has a command of its own in the place of the operation: it signs out what is in the cache, and removes it.
    await step('Logout', ownLogout ? ['sso', 'logout'] : portal('logout'))
    await step('ListAccounts', portal('list-accounts'))
    await step('CreateToken', refresh(refreshToken), 'refresh_token')
    await home.forgetCredentials()
    const { stderr } = await home.runToFailure(cli, ['sts', 'get-caller-identity', '--profile', 'dev'])
    assert.match(stderr, ownLogout ? /Token for corp does not exist/ : /has expired or is otherwise invalid/)

    // What the profile meets after logout is told in the CLI's own words, above, without the name of the error.
    const travelled = journey
      .slice(0, -1)
      .filter(({ grant, when }) => codeVerifier || (grant !== 'authorization_code' && when !== 'for the browser flow'))
    assert.deepEqual(
      steps,
      travelled.map(({ when: _, ...expected }) => expected),
    )
    const version = /aws-cli\/(\S+)/.exec(await home.run(cli, ['--version']))?.[1] ?? ''
    assert.equal(version, pinned.version)
    await keepResults({ client: name, version, steps: travelled })
  })
