/** No secret leaves where it belongs: not into the log at any level, not into the audit log, not into the database. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { REDACTED } from 'ssooidc/protocol'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { createSetupLink } from '../packages/portico/src/core/people/people.ts'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { answerIn, ask, startBrowser, startDevice } from './support/programs.ts'

test('whatever happens, no token, secret, password, code or cookie is logged, audited or stored', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-secrets-'))
  const storage = await openSqlite({ path: join(folder, 'portico.db') })
  try {
    const instance = await testInstance({}, storage)
    const secrets = await journey(instance)
    assert.ok(secrets.size > 15, String(secrets.size))
    await instance.deps.auditQueue.flush()
    const audit = await storage.readAudit({ limit: 1_000 })
    assert.ok(instance.log.length > 20 && audit.length > 5)
    const log = instance.log.map(({ fields, ...line }) => ({ ...line, fields, error: String(fields.err) }))
    for (const [what, text] of [
      ['the log', JSON.stringify(log)],
      ['the audit log', JSON.stringify(audit)],
      ['the database', await contents(folder)],
    ] as const) {
      for (const [name, secret] of secrets) assert.ok(!text.includes(secret), `${what} holds ${name}`)
      assert.doesNotMatch(text, /ptc_(?:cs|dc|ac|at|rt|st)_/, what)
    }
  } finally {
    await storage.close()
    await rm(folder, { recursive: true })
  }
})

/** Goes both ways in, right and wrong, and gives every secret that was seen on the way. */
async function journey(instance: TestInstance): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  const keep = (name: string, secret: string | undefined | null) => {
    if (secret) secrets.set(`${name} ${secrets.size}`, secret)
  }
  const watched: TestInstance = { ...instance, fetch: watchCookies(instance, keep) }
  const { alice } = instance.people
  keep('a password', alice.password)

  const { client, grant, poll } = await startDevice(instance)
  keep('a client secret', client.clientSecret)
  keep('a device code', grant.deviceCode)
  keep('a user code', grant.userCode)
  keep('a user code as stored', grant.userCode?.replace('-', ''))
  await poll().catch(() => undefined)
  const browser = watched.browser()
  await decide(watched, grant.verificationUriComplete)
  const tokens = await poll()
  keep('an access token', tokens.accessToken)
  keep('a refresh token', tokens.refreshToken)

  const program = await startBrowser(instance)
  keep('a verifier', program.codeVerifier)
  const code = answerIn((await decide(watched, program.url())).location).code ?? ''
  keep('an authorization code', code)
  const exchanged = await ask(instance, '/token', { body: program.exchange(code) })
  keep('an access token', String(exchanged.body.accessToken))
  keep('a refresh token', String(exchanged.body.refreshToken))
  await ask(instance, '/token', { body: program.exchange(code) })

  instance.clock.now += 600_000
  const { refreshToken = '' } = tokens
  const refresh = { ...client, grantType: GRANT_TYPES.refreshToken, refreshToken }
  const refreshed = await instance.oidc.createToken(refresh)
  keep('a refresh token', refreshed.refreshToken)
  const role = { ...refreshed, accountId: '111111111111', roleName: 'ReadOnlyAccess' }
  const { roleCredentials } = await instance.portal.getRoleCredentials(role)
  keep('a secret access key', roleCredentials.secretAccessKey)
  keep('a session token', roleCredentials.sessionToken)
  const page = await instance.portal.listAccounts({ ...refreshed, maxResults: 1 })
  await instance.portal.listAccounts({ ...refreshed, nextToken: page.nextToken })

  // What goes wrong is where secrets escape: wrong passwords, secrets in the wrong place, and our own faults.
  keep('a wrong password', 'hunter2 hunter2 hunter2')
  await browser.send(await browser.open(`${instance.origin}/sign-in`), {
    username: 'alice',
    password: 'hunter2 hunter2 hunter2',
  })
  const { accessToken } = refreshed
  await ask(instance, `/token?access_token=${accessToken}`, { body: { ...refresh, clientId: refreshToken } })
  await ask(instance, '/token', { body: { ...client, grantType: refreshToken, deviceCode: [grant.deviceCode] } })
  await ask(instance, `/${accessToken}`)
  await ask(instance, '/assignment/accounts?next_token=x', { headers: { 'x-amz-sso_bearer_token': accessToken } })
  await ask(instance, '/assignment/accounts', { headers: { authorization: `Bearer ${accessToken}` } })
  const link = await createSetupLink(instance.deps, 'portico user', instance.clock.now)
  keep('a set-up link', new URL(link).searchParams.get('link'))
  await watched.browser().open(link)
  const findSession = instance.storage.findSession
  instance.storage.findSession = async () => Promise.reject(new Error('the disk is full'))
  await ask(instance, '/token', { body: refresh })
  instance.storage.findSession = findSession

  await instance.portal.logout(refreshed)
  return secrets
}

async function decide(instance: TestInstance, url: string) {
  const { formBrowser } = await import('./support/form-browser.ts')
  return formBrowser(instance.fetch).decide(url, instance.people.alice)
}

function watchCookies(instance: TestInstance, keep: (name: string, secret: string) => void) {
  return async (request: Request) => {
    const response = await instance.fetch(request)
    for (const cookie of response.headers.getSetCookie()) keep('a cookie', /=([^;]+)/.exec(cookie)?.[1] ?? '')
    const csrf = /name="csrf"[^>]*value="([^"]*)"/.exec(await response.clone().text())?.[1]
    if (csrf !== undefined) keep('a form’s token', csrf)
    return response
  }
}

/** Every byte of the data folder, as text. */
async function contents(folder: string): Promise<string> {
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')))
  return files.join('\n')
}

test('what fails is logged with what was asked, without its secrets', async () => {
  const storage = await openSqlite({ path: ':memory:' })
  const broken = { ...storage, findDeviceGrant: () => Promise.reject(new Error('the disk is gone')) }
  const instance = await testInstance({}, broken)
  const { client, grant } = await startDevice(instance)
  const { deviceCode } = grant
  const codeVerifier = 'v'.repeat(43)
  // One secret that is none of our tokens, and one of our tokens where no secret belongs.
  const asked = { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode, codeVerifier, redirectUri: deviceCode }
  const { status } = await ask(instance, '/token', { body: asked })
  assert.equal(status, 500)
  const failure = instance.log.find(({ level }) => level === 'error')
  assert.deepEqual(failure?.fields.input, {
    clientId: client.clientId,
    clientSecret: REDACTED,
    grantType: GRANT_TYPES.deviceCode,
    deviceCode: REDACTED,
    redirectUri: REDACTED,
    codeVerifier: REDACTED,
  })
  for (const secret of [client.clientSecret, deviceCode, codeVerifier])
    assert.ok(!inspect(instance.log, { depth: 9 }).includes(secret), 'a secret is in the log')
})
