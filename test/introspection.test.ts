/** Introspection by services that take tokens which other programs were given, through a library that knows no Portico. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as oauth from 'oauth4webapi'
import { ssooidc } from 'ssooidc'
import { GRANT_TYPES, TOKEN_TYPES } from 'ssooidc/protocol/sso-oidc'
import { createIntrospections } from '../packages/portico/src/core/oauth2/introspections.ts'
import { resourceServerSecret } from '../packages/portico/src/core/oauth2/resource-servers.ts'
import type { Storage } from '../packages/portico/src/storage/storage.ts'
import { addApplication, asking } from './support/application.ts'
import { formBrowser } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { startPortico } from './support/portico.ts'
import { ACCOUNT_ACCESS, registerDevice, signInDevice } from './support/programs.ts'

/** An instance whose organization declares a store for `scopes`, and the store as a library asks for it. */
async function withStore(scopes: readonly string[] = [ACCOUNT_ACCESS]) {
  const instance = await testInstance()
  await declareStore(instance, scopes)
  return { instance, store: asks(instance, 'store', resourceServerSecret(instance.deps.sealer, 'store')) }
}

async function declareStore(instance: TestInstance, scopes: readonly string[]): Promise<void> {
  const stored = await instance.storage.readOrganization({})
  const organization = { ...stored, resourceServers: [{ name: 'store', scopes }] }
  const audit = { at: instance.clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  await instance.storage.applyOrganization({ organization, now: instance.clock.now, audit })
}

function asks(
  { origin, fetch }: Pick<TestInstance, 'origin' | 'fetch'>,
  id: string,
  secret: string,
  how = oauth.ClientSecretBasic,
) {
  const server = { issuer: origin, introspection_endpoint: `${origin}/oauth2/introspect` }
  const options = {
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: (url: string, init: object) => fetch(new Request(url, init)),
  }
  const client = { client_id: id }
  return async (token: string) =>
    oauth.processIntrospectionResponse(
      server,
      client,
      await oauth.introspectionRequest(server, client, how(secret), token, options),
    )
}

suite('a resource server of the organization file', () => {
  test('is told whose a token is that another program was given', async () => {
    const { instance, store } = await withStore()
    const { accessToken } = await signInDevice(instance)
    const { exp, auth_time, sub, sid, ...said } = await store(accessToken)
    assert.deepEqual(said, {
      active: true,
      token_type: 'Bearer',
      scope: ACCOUNT_ACCESS,
      username: 'alice',
      iss: instance.origin,
      aud: 'store',
    })
    assert.deepEqual([exp, auth_time], [instance.clock.now / 1000 + 3600, instance.clock.now / 1000])
    const [session] = await instance.storage.listSessions({ userId: String(sub), now: instance.clock.now })
    assert.equal(sid, session?.id)
  })

  test('may send its secret in the form, too', async () => {
    const { instance } = await withStore()
    const { accessToken } = await signInDevice(instance)
    const secret = resourceServerSecret(instance.deps.sealer, 'store')
    assert.equal((await asks(instance, 'store', secret, oauth.ClientSecretPost)(accessToken)).active, true)
  })

  test('learns of no other scope than its own, and of no token that has none of these', async () => {
    const { instance, store } = await withStore(['store:read', 'store:write'])
    const both = await signInDevice(instance, undefined, { scopes: ['store:read', ACCOUNT_ACCESS] })
    assert.equal((await store(both.accessToken)).scope, 'store:read')
    const other = await signInDevice(instance)
    assert.deepEqual(await store(other.accessToken), { active: false })
    await declareStore(instance, [])
    assert.deepEqual(await store(both.accessToken), { active: false })
  })

  test('is told which application a token is for, and of other programs no id', async () => {
    const { instance, store } = await withStore(['reports:read'])
    // Our client signs by the machine's clock.
    instance.clock.now = Date.now()
    const arn = await addApplication(instance)
    const { accessToken } = await signInDevice(instance, undefined, { scopes: ['reports:read'] })
    assert.equal((await store(accessToken)).client_id, undefined)
    const exchanged = await asking(instance).createTokenWithIAM({
      clientId: arn,
      grantType: GRANT_TYPES.tokenExchange,
      subjectToken: accessToken,
      subjectTokenType: TOKEN_TYPES.accessToken,
    })
    const said = await store(exchanged.accessToken)
    assert.deepEqual([said.client_id, said.scope], [arn, 'reports:read'])
  })

  test('is told the same of nonsense, of a refresh token, and of tokens that have ended', async () => {
    const { instance, store } = await withStore()
    const { accessToken, refreshToken = '' } = await signInDevice(instance)
    const ended = await signInDevice(instance)
    await instance.portal.logout(ended)
    for (const token of ['nonsense', refreshToken, ended.accessToken, `${accessToken.slice(0, -1)}_`])
      assert.deepEqual(await store(token), { active: false })
    instance.clock.now += 3_600_000
    assert.deepEqual(await store(accessToken), { active: false })
  })

  test('causes the same work with a token that it is not told of as with one that it is', async () => {
    const { instance, store } = await withStore(['store:read'])
    const own = await signInDevice(instance, undefined, { scopes: ['store:read'] })
    const foreign = await signInDevice(instance)
    const ended = await signInDevice(instance, undefined, { scopes: ['store:read'] })
    await instance.portal.logout(ended)
    // The first question about anybody reads what they may reach; from then on that is in memory.
    await store(own.accessToken)
    await instance.deps.auditQueue.flush()
    const asked = await Promise.all(
      [own, foreign, ended].map(async ({ accessToken }) => readsDuring(instance, () => store(accessToken))),
    )
    assert.deepEqual(asked, [0, 0, 0])
  })

  test('needs its own secret', async () => {
    const { instance } = await withStore()
    const { client, accessToken } = await signInDevice(instance)
    const another = resourceServerSecret(instance.deps.sealer, 'shop')
    for (const secret of [another, client.clientSecret, 'ptc_cs_AAAAAAAAAAAAAAAAAAAA'])
      await assert.rejects(asks(instance, 'store', secret)(accessToken), { status: 401 })
  })

  test('is refused with a wrong secret as if there were none of its name', async () => {
    const { instance } = await withStore()
    const answers = await Promise.all(
      ['store', 'nowhere'].map(async (client_id) => {
        const body = new URLSearchParams({ client_id, client_secret: 'ptc_cs_x', token: 'x' })
        const response = await instance.fetch(
          new Request(`${instance.origin}/oauth2/introspect`, { method: 'POST', body }),
        )
        return [response.status, await response.text()]
      }),
    )
    assert.deepEqual(answers[0], answers[1])
  })

  test('is none any more once no file declares it, and nothing but that', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance)
    const secret = resourceServerSecret(instance.deps.sealer, 'store')
    await assert.rejects(asks(instance, 'store', secret)(accessToken), { status: 401 })
  })

  test('is no client: it gets no tokens, and ends none', async () => {
    const { instance } = await withStore()
    const { accessToken } = await signInDevice(instance)
    const client_secret = resourceServerSecret(instance.deps.sealer, 'store')
    for (const [path, form] of [
      ['/oauth2/revoke', { token: accessToken }],
      ['/oauth2/device_authorization', {}],
      ['/oauth2/token', { grant_type: 'refresh_token', refresh_token: 'x' }],
    ] as const) {
      const body = new URLSearchParams({ client_id: 'store', client_secret, ...form })
      const response = await instance.fetch(new Request(instance.origin + path, { method: 'POST', body }))
      assert.equal(response.status, 401, path)
    }
    await instance.portal.listAccounts({ accessToken })
  })

  test('leaves one audit line for each session that it asked about, however often it asks', async () => {
    const { instance, store } = await withStore()
    const one = await signInDevice(instance)
    const two = await signInDevice(instance)
    for (const { accessToken } of [one, one, two, one, two]) await store(accessToken)
    await store('nonsense')
    await instance.deps.auditQueue.flush()
    const lines = await instance.storage.readAudit({ limit: 100 })
    const asked = lines.filter(({ eventName }) => eventName === 'IntrospectToken')
    assert.equal(asked.length, 2)
    assert.equal(asked[0]?.detail.resourceServer, 'store')
  })

  test('uses a session by asking about its token, and a client that asks about its own does not', async () => {
    const { instance, store } = await withStore()
    const { client, accessToken } = await signInDevice(instance)
    await instance.deps.sessionUses.flush()
    await asks(instance, client.clientId, client.clientSecret)(accessToken)
    const other = await registerDevice(instance)
    await asks(instance, other.clientId, other.clientSecret)(accessToken)
    const sid = String((await asks(instance, client.clientId, client.clientSecret)(accessToken)).sid)
    assert.equal(instance.deps.sessionUses.lastOf(sid), undefined)
    await store(accessToken)
    assert.equal(instance.deps.sessionUses.lastOf(sid), instance.clock.now)
  })
})

test('an administrator declares a service beside a running server, and configures it with what one command prints', async () => {
  await using portico = await startPortico()
  const main = join(import.meta.dirname, '..', 'packages', 'portico', 'src', 'cli', 'main.ts')
  const command = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...args, '--data', portico.dataDir])
    return stdout
  }
  const file = join(portico.dataDir, 'organization.yaml')
  const declare = (scopes: string) => writeFile(file, `resourceServers: [{ name: store, scopes: ${scopes} }]\n`)
  await declare(`[${ACCOUNT_ACCESS}]`)
  await command('apply', file)
  assert.deepEqual(JSON.parse(await command('resource-server', 'list', '--json')), [
    { name: 'store', scopes: [ACCOUNT_ACCESS] },
  ])
  const { client_id, client_secret } = JSON.parse(await command('resource-server', 'secret', 'store'))
  await assert.rejects(command('resource-server', 'secret', 'stor'), /Did you mean store\?/)

  const oidc = ssooidc({ endpoint: portico.url })
  const client = await oidc.registerClient({ clientName: 'cli', clientType: 'public', scopes: [ACCOUNT_ACCESS] })
  const grant = await oidc.startDeviceAuthorization({ ...client, startUrl: portico.startUrl })
  await formBrowser().decide(grant.verificationUriComplete, portico.person('alice'))
  const { accessToken } = await oidc.createToken({
    ...client,
    grantType: GRANT_TYPES.deviceCode,
    deviceCode: grant.deviceCode,
  })
  const store = asks({ origin: portico.url, fetch: (request: Request) => fetch(request) }, client_id, client_secret)
  assert.equal((await store(accessToken)).username, 'alice')
  await declare('[]')
  await command('apply', file)
  // A command beside the server is obeyed within 250 ms; on a busy machine it may take longer until it is looked at.
  for (const end = Date.now() + 60_000; (await store(accessToken)).active; await delay(20))
    assert.ok(Date.now() < end, 'the service is still told of the token')
})

test('what is remembered of questions has a bound, and what was asked about last stays', () => {
  const introspections = createIntrospections(2)
  assert.deepEqual(
    ['a', 'b', 'a', 'c', 'a', 'b'].map((session) => introspections.isFirst('store', session)),
    [true, true, false, true, false, true],
  )
})

/** How often storage is asked while something happens. */
async function readsDuring(instance: TestInstance, happens: () => Promise<unknown>): Promise<number> {
  const storage = instance.storage as Record<keyof Storage, unknown>
  const before = { findSession: storage.findSession, findUser: storage.findUser }
  let reads = 0
  for (const name of ['findSession', 'findUser'] as const) {
    const real = before[name] as (input: object) => Promise<unknown>
    storage[name] = (input: object) => {
      reads += 1
      return real(input)
    }
  }
  await happens()
  Object.assign(storage, before)
  return reads
}
