/**
 * One session, two wires, with the real AWS CLI at one end and a library for OAuth at the other: what either began, the other
 * lists, asks about and ends.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import * as oauth from 'oauth4webapi'
import { formBrowser } from '../support/form-browser.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { type AwsHome, createAwsHome, firstRole } from './aws-home.ts'
import { cli2, cliOfDebian12 } from './installed.ts'
import { cacheToken, sessionToken } from './token-cache.ts'
import { clients } from './versions.ts'

let portico: RunningPortico
before(async () => {
  portico = await startPortico()
})
after(() => portico?.[Symbol.asyncDispose]())

const insecure = { [oauth.allowInsecureRequests]: true }

/** The server as the library discovers it. */
async function discovered(): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(portico.url)
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
}

/** What a client does with its tokens by the standard. */
async function standard(client_id: string, secret: string) {
  const [server, client, auth] = [await discovered(), { client_id }, oauth.ClientSecretBasic(secret)]
  return {
    introspect: async (token: string) =>
      oauth.processIntrospectionResponse(
        server,
        client,
        await oauth.introspectionRequest(server, client, auth, token, insecure),
      ),
    revoke: async (token: string) =>
      oauth.processRevocationResponse(await oauth.revocationRequest(server, client, auth, token, insecure)),
  }
}

/** A program that signed alice in by RFC 8628, with a library that knows no AWS. */
async function signInByTheStandard() {
  const server = await discovered()
  const registered = await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(
      server,
      {
        client_name: 'Standard program',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        response_types: [],
        scope: 'openid sso:account:access',
      },
      insecure,
    ),
  )
  const { client_id, client_secret } = registered
  const [client, auth] = [{ client_id }, oauth.ClientSecretPost(String(client_secret))]
  const device = await oauth.processDeviceAuthorizationResponse(
    server,
    client,
    await oauth.deviceAuthorizationRequest(server, client, auth, new URLSearchParams(), insecure),
  )
  await approve(String(device.verification_uri_complete))
  const tokens = await oauth.processDeviceCodeResponse(
    server,
    client,
    await oauth.deviceCodeGrantRequest(server, client, auth, device.device_code, insecure),
  )
  return { clientId: client_id, clientSecret: String(client_secret), tokens }
}

const machine = (startUrl: string): Promise<AwsHome> => createAwsHome(portico, { ...firstRole(portico), startUrl })
const identity = ['sts', 'get-caller-identity', '--profile', 'dev', '--output', 'json']

/** Alice approves what an address shows her. */
const approve = (url: string) => formBrowser().decide(url, portico.person('alice'))

/** The programs that alice is signed in with, as the command line beside the server lists them. */
async function listed(): Promise<string[]> {
  const args = ['session', 'list', '--user', 'alice', '--data', portico.dataDir, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args])
  return (JSON.parse(stdout) as { clientName: string }[]).map(({ clientName }) => clientName)
}

const main = join(import.meta.dirname, '..', '..', 'packages', 'portico', 'src', 'cli', 'main.ts')

for (const { pinned, cli, device, startUrl } of [
  { pinned: clients['aws-cli-2-of-debian-12'], cli: cliOfDebian12, device: [], startUrl: () => portico.startUrl },
  { pinned: clients['aws-cli-2'], cli: cli2, device: ['--use-device-code'], startUrl: () => portico.startUrlAlias },
])
  describe(`AWS CLI ${pinned.version}`, () => {
    test('a session begun by `aws sso login` is listed, introspected and revoked through the standard endpoints', async () => {
      await using home = await machine(startUrl())
      const login = home.start(cli, ['sso', 'login', '--profile', 'dev', ...device])
      await approve(await home.openedUrl(login))
      assert.equal((await login.ended).code, 0, login.explain('did not sign in'))
      await home.run(cli, identity)
      assert.ok((await listed()).includes('botocore-client-corp'))

      const { clientId, clientSecret, accessToken, refreshToken = '' } = await sessionToken(home)
      const { introspect, revoke } = await standard(clientId, clientSecret)
      for (const token of [accessToken, refreshToken]) {
        const { active, username, scope, iss } = await introspect(token)
        assert.deepEqual([active, username, scope, iss], [true, 'alice', 'sso:account:access', portico.url])
      }
      await revoke(refreshToken)
      assert.deepEqual(await introspect(accessToken), { active: false })
      assert.equal((await listed()).includes('botocore-client-corp'), false)
      await home.forgetCredentials()
      const { stderr } = await home.runToFailure(cli, identity)
      assert.match(stderr, /Unauthorized|expired|invalid/i)
    })

    test('a session begun by the standard is used, refreshed and ended by the AWS CLI', async () => {
      await using home = await machine(startUrl())
      const { clientId, clientSecret, tokens } = await signInByTheStandard()
      const { access_token: accessToken, refresh_token: refreshToken = '' } = tokens
      const registrationExpiresAt = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z')
      await cacheToken(home, portico, { accessToken, refreshToken, clientId, clientSecret, registrationExpiresAt })
      const { Arn } = JSON.parse(await home.run(cli, identity)) as { Arn: string }
      assert.match(Arn, /\/alice$/)
      assert.ok((await listed()).includes('Standard program'))

      const refreshed = await sessionToken(home)
      assert.notEqual(refreshed.accessToken, accessToken, 'the cached token had ended, so it was refreshed')
      const { introspect } = await standard(clientId, clientSecret)
      assert.equal((await introspect(refreshed.accessToken)).active, true)
      await home.run(cli, ['sso', 'logout'])
      for (const token of [accessToken, refreshed.accessToken, refreshToken])
        assert.deepEqual(await introspect(token), { active: false })
    })
  })
