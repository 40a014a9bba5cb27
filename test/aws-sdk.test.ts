/**
 * The AWS SDK for JavaScript, unmodified, against a server of ours: each call of the sign-in flows, each error as the class
 * that programs catch, and the credential provider that other programs use without knowing what signs people in.
 */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  SSOClient,
  UnauthorizedException,
} from '@aws-sdk/client-sso'
import {
  AccessDeniedException,
  AuthorizationPendingException,
  CreateTokenCommand,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRequestException,
  RegisterClientCommand,
  SlowDownException,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
  UnsupportedGrantTypeException,
} from '@aws-sdk/client-sso-oidc'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromSSO } from '@aws-sdk/credential-provider-sso'
import { formBrowser } from './support/form-browser.ts'
import { type RunningPortico, startPortico } from './support/portico.ts'

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const scopes = ['sso:account:access']

let portico: RunningPortico
let oidc: SSOOIDCClient
let sso: SSOClient
before(async () => {
  portico = await startPortico()
  const config = { endpoint: portico.url, region: portico.region }
  oidc = new SSOOIDCClient(config)
  sso = new SSOClient(config)
})
after(async () => {
  await portico?.[Symbol.asyncDispose]()
})

async function register() {
  const client = await oidc.send(new RegisterClientCommand({ clientName: 'sdk test', clientType: 'public', scopes }))
  assert.ok(client.clientId !== undefined && client.clientSecret !== undefined)
  return {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    secretExpiresAt: client.clientSecretExpiresAt ?? 0,
  }
}

async function startDevice() {
  const client = await register()
  const { clientId, clientSecret } = client
  const start = new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl: portico.startUrl })
  const { deviceCode, userCode, verificationUri, verificationUriComplete } = await oidc.send(start)
  assert.ok(deviceCode && userCode && verificationUri && verificationUriComplete)
  const poll = () => oidc.send(new CreateTokenCommand({ grantType: deviceGrant, clientId, clientSecret, deviceCode }))
  return { ...client, deviceCode, userCode, verificationUri, verificationUriComplete, poll }
}

async function signedIn(username: string) {
  const device = await startDevice()
  await formBrowser().decide(device.verificationUriComplete, portico.person(username))
  const { accessToken, refreshToken, expiresIn, tokenType } = await device.poll()
  assert.ok(accessToken && refreshToken && expiresIn)
  return { ...device, accessToken, refreshToken, expiresIn, tokenType }
}

describe('the device flow', () => {
  test('a client waits, a person approves, the client gets its tokens', async () => {
    const { poll, verificationUri, userCode } = await startDevice()
    assert.equal(verificationUri, `${portico.url}/device`)
    await assert.rejects(poll(), AuthorizationPendingException)
    await formBrowser().decide(verificationUri, portico.person('alice'), 'approve', userCode)
    const { tokenType, expiresIn } = await poll()
    assert.equal(tokenType, 'Bearer')
    assert.equal(expiresIn, 3600)
  })

  test('a registration says until when it is good, in seconds', async () => {
    const { secretExpiresAt } = await register()
    const days = (secretExpiresAt - Date.now() / 1000) / 86_400
    assert.ok(days > 80 && days < 100, `${days} days`)
  })

  test('a denial is AccessDeniedException', async () => {
    const { poll, verificationUriComplete } = await startDevice()
    await formBrowser().decide(verificationUriComplete, portico.person('bob'), 'deny')
    await assert.rejects(poll(), AccessDeniedException)
  })

  test('a client that polls without a pause is told to slow down', async () => {
    const { poll } = await startDevice()
    const polls = await Promise.allSettled(Array.from({ length: 8 }, poll))
    const reasons = polls.map((result) => (result.status === 'rejected' ? result.reason : undefined))
    assert.ok(reasons.some((reason) => reason instanceof AuthorizationPendingException))
    assert.ok(reasons.some((reason) => reason instanceof SlowDownException))
  })

  test('a device code is worth nothing to another client', async () => {
    const device = await signedIn('alice')
    const { clientId, clientSecret } = await register()
    const elsewhere = new CreateTokenCommand({
      grantType: deviceGrant,
      clientId,
      clientSecret,
      deviceCode: device.deviceCode,
    })
    await assert.rejects(oidc.send(elsewhere), InvalidGrantException)
  })
})

describe('errors are the classes that programs catch, and carry a sentence for people', () => {
  test('a client type other than public', async () => {
    const attempt = oidc.send(new RegisterClientCommand({ clientName: 'x', clientType: 'confidential' }))
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof InvalidClientMetadataException)
      assert.ok(error.message.length > 10, `its message reads "${error.message}"`)
      assert.equal(error.error, 'invalid_client_metadata')
      return true
    })
  })

  test('a wrong client secret', async () => {
    const { clientId } = await register()
    const start = new StartDeviceAuthorizationCommand({ clientId, clientSecret: 'wrong', startUrl: portico.startUrl })
    await assert.rejects(oidc.send(start), InvalidClientException)
  })

  test("another instance's start URL", async () => {
    const { clientId, clientSecret } = await register()
    const startUrl = 'https://d-0000000000.awsapps.com/start'
    await assert.rejects(
      oidc.send(new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl })),
      InvalidRequestException,
    )
  })

  test('a grant type that does not exist', async () => {
    const { clientId, clientSecret } = await register()
    const attempt = new CreateTokenCommand({ clientId, clientSecret, grantType: 'password' })
    await assert.rejects(oidc.send(attempt), UnsupportedGrantTypeException)
  })

  test('a token that is none', async () => {
    await assert.rejects(sso.send(new ListAccountsCommand({ accessToken: 'none' })), UnauthorizedException)
  })
})

describe('the browser flow', () => {
  test('a code comes back to the loopback redirect and is exchanged with its verifier', async () => {
    const redirectUri = 'http://127.0.0.1:53682/oauth/callback'
    const registration = await oidc.send(
      new RegisterClientCommand({
        clientName: 'sdk test',
        clientType: 'public',
        scopes,
        grantTypes: ['authorization_code', 'refresh_token'],
        redirectUris: ['http://127.0.0.1/oauth/callback'],
        issuerUrl: portico.startUrl,
      }),
    )
    const codeVerifier = randomBytes(48).toString('base64url')
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: registration.clientId ?? '',
      redirect_uri: redirectUri,
      state: 'the state',
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      scopes: scopes.join(' '),
    })
    const { location } = await formBrowser().decide(`${portico.url}/authorize?${query}`, portico.person('alice'))
    const redirected = new URL(location ?? '')
    assert.equal(redirected.origin + redirected.pathname, redirectUri)
    assert.equal(redirected.searchParams.get('state'), 'the state')
    const code = redirected.searchParams.get('code') ?? ''

    const { clientId, clientSecret } = registration
    const exchange = { clientId, clientSecret, grantType: 'authorization_code', code, redirectUri }
    const wrongVerifier = { ...exchange, codeVerifier: randomBytes(48).toString('base64url') }
    await assert.rejects(oidc.send(new CreateTokenCommand(wrongVerifier)), InvalidGrantException)
    const { accessToken, refreshToken } = await oidc.send(new CreateTokenCommand({ ...exchange, codeVerifier }))
    assert.ok(accessToken && refreshToken)
  })
})

describe('a session', () => {
  test('is refreshed, also by two processes at the same moment', async () => {
    const { clientId, clientSecret, refreshToken, accessToken } = await signedIn('alice')
    const refresh = () =>
      oidc.send(new CreateTokenCommand({ clientId, clientSecret, refreshToken, grantType: 'refresh_token' }))
    const both = await Promise.all([refresh(), refresh()])
    for (const refreshed of both) {
      assert.ok(refreshed.refreshToken, 'clients forget their refresh token when an answer has none')
      assert.notEqual(refreshed.accessToken, accessToken)
      await sso.send(new ListAccountsCommand({ accessToken: refreshed.accessToken }))
    }
  })

  test('lists accounts and roles in pages, and gives credentials that sts knows', async () => {
    const { accessToken } = await signedIn('alice')
    const { accountList: [first] = [], nextToken } = await sso.send(
      new ListAccountsCommand({ accessToken, maxResults: 1 }),
    )
    assert.ok(first?.accountId !== undefined)
    const rest = await sso.send(new ListAccountsCommand({ accessToken, nextToken }))
    assert.ok(rest.accountList?.every(({ accountId }) => accountId !== first.accountId))

    const { accountId } = first
    const { roleList: [role] = [] } = await sso.send(new ListAccountRolesCommand({ accessToken, accountId }))
    const answer = await sso.send(new GetRoleCredentialsCommand({ accessToken, accountId, roleName: role?.roleName }))
    const { accessKeyId = '', secretAccessKey = '', sessionToken = '', expiration = 0 } = answer.roleCredentials ?? {}
    assert.ok(expiration > Date.now(), 'the expiration is in milliseconds')

    const credentials = { accessKeyId, secretAccessKey, sessionToken }
    const sts = new STSClient({ endpoint: portico.url, region: portico.region, credentials })
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}))
    assert.equal(Account, accountId)
    assert.match(Arn ?? '', /\/alice$/)
  })

  test('an account without an assignment is forbidden, which is not being signed out', async () => {
    const { accessToken } = await signedIn('bob')
    const attempt = new GetRoleCredentialsCommand({ accessToken, accountId: '999999999999', roleName: 'Nobody' })
    await assert.rejects(sso.send(attempt), { name: 'ForbiddenException', message: 'No access' })
    await sso.send(new ListAccountsCommand({ accessToken }))
  })

  test('is over after logout', async () => {
    const { accessToken, clientId, clientSecret, refreshToken } = await signedIn('bob')
    await sso.send(new LogoutCommand({ accessToken }))
    await assert.rejects(sso.send(new ListAccountsCommand({ accessToken })), UnauthorizedException)
    const refresh = new CreateTokenCommand({ clientId, clientSecret, refreshToken, grantType: 'refresh_token' })
    await assert.rejects(oidc.send(refresh), InvalidGrantException)
  })
})

describe('fromSSO', () => {
  let home: string
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'portico-home-'))
    process.env.HOME = home // this file runs in a process of its own
    await mkdir(join(home, '.aws', 'sso', 'cache'), { recursive: true })
  })
  after(() => rm(home, { recursive: true, force: true }))

  test('refreshes the token that the AWS tools share, writes it back, and signs what STS accepts', async () => {
    const {
      accountId,
      roles: [roleName],
    } = portico.accounts.find(({ roles }) => roles.length > 0) ?? { accountId: '', roles: [] }
    const session = await signedIn('alice')
    const cacheFile = join(home, '.aws', 'sso', 'cache', `${createHash('sha1').update('corp').digest('hex')}.json`)
    const inOneMinute = new Date(Date.now() + 60_000).toISOString()
    await writeFile(
      cacheFile,
      JSON.stringify({
        startUrl: portico.startUrl,
        region: portico.region,
        accessToken: session.accessToken,
        expiresAt: inOneMinute,
        clientId: session.clientId,
        clientSecret: session.clientSecret,
        registrationExpiresAt: new Date(session.secretExpiresAt * 1000).toISOString(),
        refreshToken: session.refreshToken,
      }),
    )
    await writeFile(
      join(home, '.aws', 'config'),
      [
        `[sso-session corp]\nsso_start_url = ${portico.startUrl}\nsso_region = ${portico.region}`,
        `[profile dev]\nsso_session = corp\nsso_account_id = ${accountId}\nsso_role_name = ${roleName}\n`,
      ].join('\n'),
    )
    const credentials = fromSSO({ profile: 'dev', clientConfig: { endpoint: portico.url } })
    const sts = new STSClient({ endpoint: portico.url, region: portico.region, credentials })
    assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Account, accountId)

    const kept = JSON.parse(await readFile(cacheFile, 'utf8')) as {
      accessToken: string
      refreshToken?: string
      expiresAt: string
    }
    assert.notEqual(kept.accessToken, session.accessToken)
    assert.ok(kept.refreshToken)
    assert.ok(Date.parse(kept.expiresAt) > Date.parse(inOneMinute))
  })
})
