/**
 * The standard endpoints as the libraries of relying parties use them: openid-client, the best known one for Node.js, and
 * oauth4webapi, which takes every answer apart. Neither knows Portico.
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { type TestInstance, testInstance } from './support/instance.ts'
import { ACCOUNT_ACCESS, answerIn, refused, registerDevice, signInDevice, startDevice } from './support/programs.ts'

const CALLBACK = 'http://127.0.0.1:8400/callback'
const EVERYTHING = `openid profile email offline_access ${ACCOUNT_ACCESS}`

/** The libraries read the machine's clock, so the instance's is set to it. */
async function instanceOfNow(): Promise<TestInstance> {
  const instance = await testInstance()
  instance.clock.now = Date.now()
  return instance
}

/** A relying party that found everything out by itself, and checks the signature of what it is told. */
async function relyingParty(instance: TestInstance, metadata: Partial<openid.ClientMetadata> = {}) {
  const config = await openid.dynamicClientRegistration(
    new URL(instance.origin),
    {
      client_name: 'Relying party',
      redirect_uris: ['http://127.0.0.1/callback'],
      grant_types: Object.values(GRANT_TYPES).slice(0, 3),
      scope: EVERYTHING,
      ...metadata,
    },
    metadata.token_endpoint_auth_method === 'none' ? openid.None() : openid.ClientSecretBasic(),
    {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
      [openid.customFetch]: (url, init) => instance.fetch(new Request(url, init as RequestInit)),
    },
  )
  return config
}

async function signInThroughBrowser(instance: TestInstance, config: openid.Configuration, scope = EVERYTHING) {
  const checks = { pkceCodeVerifier: openid.randomPKCECodeVerifier(), expectedNonce: openid.randomNonce() }
  const expectedState = openid.randomState()
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope,
    state: expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const { location } = await instance.browser().decide(url.href, instance.people.alice)
  assert.ok(location)
  const exchange = () => openid.authorizationCodeGrant(config, new URL(location), { ...checks, expectedState })
  return { location, exchange }
}

suite('openid-client, the relying party’s library', () => {
  test('finds everything by itself, signs a person in, and learns who it is from a verified id token', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const tokens = await (await signInThroughBrowser(instance, config)).exchange()
    const claims = tokens.claims()
    assert.equal(tokens.scope, EVERYTHING)
    assert.equal(claims?.iss, instance.origin)
    assert.equal(claims?.preferred_username, 'alice')
    assert.equal(claims?.email, 'alice@example.com')
    assert.equal(claims?.auth_time, Math.floor(instance.clock.now / 1000))
    assert.deepEqual(claims?.amr, ['pwd'])
    const person = await openid.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')
    assert.equal(person.name, 'Alice Anders')
    // The same token opens the access portal.
    const { accountList } = await instance.portal.listAccounts({ accessToken: tokens.access_token })
    assert.equal(accountList.length, 2)
  })

  test('needs no secret where it registered without one', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance, { token_endpoint_auth_method: 'none' })
    assert.equal(config.clientMetadata().client_secret, undefined)
    const tokens = await (await signInThroughBrowser(instance, config)).exchange()
    const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
    assert.equal(refreshed.claims()?.sub, tokens.claims()?.sub)
  })

  test('is told less about a person who agreed to less', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const tokens = await (await signInThroughBrowser(instance, config, 'openid')).exchange()
    const claims = tokens.claims()
    assert.ok(claims)
    assert.deepEqual([claims.preferred_username, claims.email], [undefined, undefined])
    await assert.rejects(
      instance.portal.listAccounts({ accessToken: tokens.access_token }),
      refused('ForbiddenException'),
    )
  })

  test('refreshes with fewer scopes for one access token, and never with more', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const begun = await (await signInThroughBrowser(instance, config, 'openid profile')).exchange()
    const refresh = (scope: string) => openid.refreshTokenGrant(config, begun.refresh_token ?? '', { scope })
    for (const scope of [`openid ${ACCOUNT_ACCESS}`, 'email'])
      await assert.rejects(refresh(scope), { error: 'invalid_scope', status: 400 })
    const less = await refresh('openid')
    assert.equal(less.scope, 'openid')
    assert.equal((await openid.tokenIntrospection(config, less.access_token)).scope, 'openid')
    assert.equal(less.claims()?.preferred_username, undefined)
    const again = await openid.refreshTokenGrant(config, less.refresh_token ?? '')
    assert.equal(again.scope, 'openid profile')
  })

  test('may ask who somebody is by POST, too', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const tokens = await (await signInThroughBrowser(instance, config)).exchange()
    const asked = new Request(`${instance.origin}/oauth2/userinfo`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    assert.equal((await (await instance.fetch(asked)).json()).preferred_username, 'alice')
  })

  test('signs a device in by RFC 8628', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid profile' })
    await instance.browser().decide(device.verification_uri_complete ?? '', instance.people.bob)
    const tokens = await openid.pollDeviceAuthorizationGrant(config, device)
    assert.equal(tokens.claims()?.preferred_username, 'bob')
    assert.equal(tokens.scope, 'openid profile')
  })

  test('may use a code once, and a code that comes twice ends what it began', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const { exchange } = await signInThroughBrowser(instance, config)
    const tokens = await exchange()
    await assert.rejects(exchange(), { error: 'invalid_grant', status: 400 })
    const { active } = await openid.tokenIntrospection(config, tokens.access_token)
    assert.equal(active, false)
  })

  test('asks about its tokens and ends them', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const tokens = await (await signInThroughBrowser(instance, config)).exchange()
    for (const token of [tokens.access_token, tokens.refresh_token ?? '']) {
      const said = await openid.tokenIntrospection(config, token)
      assert.equal(said.active, true)
      assert.equal(said.username, 'alice')
      assert.equal(said.client_id, config.clientMetadata().client_id)
    }
    await openid.tokenRevocation(config, tokens.refresh_token ?? '')
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false)
    await assert.rejects(openid.refreshTokenGrant(config, tokens.refresh_token ?? ''), { error: 'invalid_grant' })
    // Revoking what is revoked, or never was, is no error.
    await openid.tokenRevocation(config, tokens.refresh_token ?? '')
    await openid.tokenRevocation(config, 'nonsense')
  })
})

suite('one session, two wires', () => {
  /** The client that the AWS command line registered, as a library for the standard wire would use it. */
  async function asStandardClient(instance: TestInstance, client: { clientId: string; clientSecret: string }) {
    const options = {
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: (url: string, init: object) => instance.fetch(new Request(url, init)),
    }
    const issuer = new URL(instance.origin)
    const response = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' })
    const server = await oauth.processDiscoveryResponse(issuer, response)
    const as = { client_id: client.clientId }
    const auth = oauth.ClientSecretPost(client.clientSecret)
    const introspect = async (token: string) =>
      oauth.processIntrospectionResponse(server, as, await oauth.introspectionRequest(server, as, auth, token, options))
    const revoke = async (token: string) =>
      oauth.processRevocationResponse(await oauth.revocationRequest(server, as, auth, token, options))
    const refresh = async (token: string) =>
      oauth.processRefreshTokenResponse(
        server,
        as,
        await oauth.refreshTokenGrantRequest(server, as, auth, token, options),
      )
    return { introspect, revoke, refresh }
  }

  test('what `aws sso login` began is introspected, refreshed and revoked by the standard', async () => {
    const instance = await instanceOfNow()
    const { client, ...tokens } = await signInDevice(instance)
    const standard = await asStandardClient(instance, client)
    const said = await standard.introspect(tokens.accessToken)
    assert.deepEqual([said.active, said.username, said.scope], [true, 'alice', ACCOUNT_ACCESS])
    const refreshed = await standard.refresh(tokens.refreshToken ?? '')
    assert.equal((await instance.portal.listAccounts({ accessToken: refreshed.access_token })).accountList.length, 2)
    await standard.revoke(refreshed.access_token)
    await assert.rejects(instance.portal.listAccounts(tokens), refused('UnauthorizedException'))
  })

  test('what began by the standard is refreshed by CreateToken and ended by Logout', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const begun = await (await signInThroughBrowser(instance, config)).exchange()
    const { client_id: clientId, client_secret: clientSecret = '' } = config.clientMetadata()
    const tokens = await instance.oidc.createToken({
      clientId,
      clientSecret,
      grantType: GRANT_TYPES.refreshToken,
      refreshToken: begun.refresh_token ?? '',
    })
    await instance.portal.logout(tokens)
    assert.equal((await openid.tokenIntrospection(config, begun.access_token)).active, false)
  })

  test('what `aws sso login` began says nothing about its person at the user info endpoint', async () => {
    const instance = await instanceOfNow()
    const { accessToken } = await signInDevice(instance)
    const headers = { authorization: `Bearer ${accessToken}` }
    const response = await instance.fetch(new Request(`${instance.origin}/oauth2/userinfo`, { headers }))
    assert.equal(response.status, 403)
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*error="insufficient_scope"/)
    assert.equal((await response.json()).error, 'insufficient_scope')
  })

  test('both are in the list of the person’s sessions', async () => {
    const instance = await instanceOfNow()
    await signInDevice(instance)
    const tokens = await (await signInThroughBrowser(instance, await relyingParty(instance))).exchange()
    const userId = tokens.claims()?.sub ?? ''
    const sessions = await instance.storage.listSessions({ userId, now: instance.clock.now })
    assert.deepEqual(sessions.map(({ flow, clientName }) => [flow, clientName]).sort(), [
      ['code', 'Relying party'],
      ['device', 'cli'],
    ])
  })

  test('a refresh token that went unused for too long is no more active than it is good', async () => {
    const instance = await instanceOfNow()
    instance.deps.settings.sessionIdleDuration = 3_600_000
    const { client, refresh, refreshToken = '' } = await signInDevice(instance)
    const standard = await asStandardClient(instance, client)
    instance.clock.now += 3_600_000 - 1
    assert.equal((await standard.introspect(refreshToken)).active, true)
    instance.clock.now += 1
    await assert.rejects(refresh(), /went unused for too long/)
    assert.deepEqual(await standard.introspect(refreshToken), { active: false })
  })

  test('a client says nothing about the tokens of another, and does not end them', async () => {
    const instance = await instanceOfNow()
    const tokens = await signInDevice(instance)
    const other = await asStandardClient(instance, await registerDevice(instance))
    assert.deepEqual(await other.introspect(tokens.accessToken), { active: false })
    await assert.rejects(other.revoke(tokens.accessToken), { error: 'invalid_request' })
    await instance.portal.listAccounts(tokens)
  })
})

suite('the standard endpoints refuse in OAuth’s form', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const post = async (
    instance: TestInstance,
    path: string,
    body: string | Record<string, string>,
    headers: Record<string, string> = {},
  ) => {
    const text = typeof body === 'string' ? body : new URLSearchParams(body).toString()
    const response = await instance.fetch(
      new Request(instance.origin + path, { method: 'POST', body: text, headers: { ...form, ...headers } }),
    )
    const answer = await response.text()
    return { response, status: response.status, body: answer === '' ? {} : JSON.parse(answer) }
  }

  test('a poll before the approval, and after the denial', async () => {
    const instance = await instanceOfNow()
    const { client, grant } = await startDevice(instance)
    const poll = () =>
      post(instance, '/oauth2/token', {
        grant_type: GRANT_TYPES.deviceCode,
        device_code: grant.deviceCode,
        client_id: client.clientId,
        client_secret: client.clientSecret,
      })
    const pending = await poll()
    assert.equal(pending.status, 400)
    assert.deepEqual(Object.keys(pending.body), ['error', 'error_description'])
    assert.equal(pending.body.error, 'authorization_pending')
    assert.equal(pending.response.headers.get('cache-control'), 'no-store')
    assert.equal(pending.response.headers.get('x-amzn-errortype'), null)
    for (let i = 0; i < 3; i++) await poll()
    assert.equal((await poll()).body.error, 'slow_down')
    instance.clock.now += 10_000
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice, 'deny')
    assert.equal((await poll()).body.error, 'access_denied')
  })

  test('a client that has a secret and does not show it, or shows another', async () => {
    const instance = await instanceOfNow()
    const { client, ...tokens } = await signInDevice(instance)
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refreshToken ?? '' }
    for (const proof of [{}, { client_secret: 'ptc_cs_AAAAAAAAAAAAAAAAAAAA' }]) {
      const { status, body, response } = await post(instance, '/oauth2/token', {
        ...refresh,
        client_id: client.clientId,
        ...proof,
      })
      assert.deepEqual([status, body.error], [401, 'invalid_client'])
      assert.match(response.headers.get('www-authenticate') ?? '', /^Basic /)
    }
  })

  for (const [what, body, headers] of [
    ['a parameter given twice', 'grant_type=refresh_token&grant_type=refresh_token&client_id=a', {}],
    ['a body that is no form', '%zz=1', {}],
    ['a form without its grant type', 'client_id=a', {}],
    [
      'a client that proves itself twice',
      'grant_type=a&client_id=a&client_secret=b',
      { authorization: `Basic ${btoa('a:b')}` },
    ],
    [
      'a header and a form that name two clients',
      'grant_type=a&client_id=a',
      { authorization: `Basic ${btoa('b:b')}` },
    ],
    ['a header that is not Basic', 'grant_type=a&client_id=a', { authorization: 'Bearer abc' }],
  ] as const)
    test(`${what}: invalid_request`, async () => {
      const { status, body: answer } = await post(await testInstance(), '/oauth2/token', body, headers)
      assert.deepEqual([status, answer.error], [400, 'invalid_request'])
    })

  test('a grant type that there is not, whatever it is called', async () => {
    const instance = await testInstance()
    const { clientId, clientSecret } = await registerDevice(instance)
    for (const grant_type of ['password', 'client_credentials', 'constructor', '__proto__', 'toString']) {
      const form = { grant_type, client_id: clientId, client_secret: clientSecret }
      const { status, body } = await post(instance, '/oauth2/token', form)
      assert.deepEqual([status, body.error], [400, 'unsupported_grant_type'], grant_type)
    }
  })

  test('parameters in the address, where logs would keep them', async () => {
    const { status, body } = await post(await testInstance(), '/oauth2/token?client_id=a', 'grant_type=a')
    assert.deepEqual([status, body.error], [400, 'invalid_request'])
    assert.match(body.error_description, /none in the address/)
  })

  test('a parameter without a value counts as left out', async () => {
    const { body } = await post(await testInstance(), '/oauth2/token', 'grant_type=&client_id=a')
    assert.match(body.error_description, /grant_type is missing/)
  })

  test('a scope that was not registered', async () => {
    const instance = await testInstance()
    const client = await registerDevice(instance)
    const { body } = await post(instance, '/oauth2/device_authorization', {
      client_id: client.clientId,
      client_secret: client.clientSecret,
      scope: 'openid',
    })
    assert.equal(body.error, 'invalid_scope')
  })

  for (const [what, metadata, error] of [
    [
      'an authentication method that we do not have',
      { token_endpoint_auth_method: 'private_key_jwt' },
      'invalid_client_metadata',
    ],
    ['the implicit flow', { response_types: ['token'] }, 'invalid_client_metadata'],
    ['a grant that is not for the public', { grant_types: ['password'] }, 'invalid_client_metadata'],
    ['a redirect URI with a wildcard', { redirect_uris: ['https://*.example.com/'] }, 'invalid_redirect_uri'],
    ['a browser client without an address to return to', {}, 'invalid_redirect_uri'],
  ] as const)
    test(`a registration with ${what}: ${error}`, async () => {
      const { status, body } = await post(await testInstance(), '/oauth2/register', JSON.stringify(metadata), {
        'content-type': 'application/json',
      })
      assert.deepEqual([status, body.error], [400, error])
    })

  test('an access token that is none, with the challenge of RFC 6750', async () => {
    const instance = await testInstance()
    for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
      const response = await instance.fetch(new Request(`${instance.origin}/oauth2/userinfo`, { headers }))
      assert.equal(response.status, 401)
      assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/)
    }
  })

  test('to say what a code of somebody else carries, to a client that continues its own session', async () => {
    const instance = await instanceOfNow()
    const [one, other] = [await relyingParty(instance), await relyingParty(instance)]
    const own = await (await signInThroughBrowser(instance, one)).exchange()
    const { location } = await signInThroughBrowser(instance, other)
    const { client_id, client_secret = '' } = one.clientMetadata()
    const { body } = await post(instance, '/oauth2/token', {
      ...{ client_id, client_secret, grant_type: GRANT_TYPES.refreshToken, refresh_token: own.refresh_token ?? '' },
      code: answerIn(location).code ?? '',
    })
    assert.equal(decodeJwt(String(body.id_token)).nonce, undefined)
  })

  test('a question about tokens by a client without a secret', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance, { token_endpoint_auth_method: 'none' })
    const { body } = await post(instance, '/oauth2/introspect', {
      client_id: config.clientMetadata().client_id,
      token: 'anything',
    })
    assert.equal(body.error, 'unauthorized_client')
  })

  test('a nonce that would not fit into a code', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance)
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid',
      nonce: 'n'.repeat(257),
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    })
    const { location } = await instance.browser().open(url.href)
    assert.equal(answerIn(location).error, 'invalid_request')
  })
})

suite('a public client', () => {
  test('may say who it is by Basic, with an empty secret', async () => {
    const instance = await instanceOfNow()
    const config = await relyingParty(instance, { token_endpoint_auth_method: 'none' })
    const tokens = await (await signInThroughBrowser(instance, config)).exchange()
    const { client_id } = config.clientMetadata()
    const response = await instance.fetch(
      new Request(`${instance.origin}/oauth2/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client_id}:`)}` },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }),
      }),
    )
    assert.equal(response.status, 200)
  })
})

suite('discovery', () => {
  const get = async (instance: TestInstance, path: string) => instance.fetch(new Request(instance.origin + path))

  test('says the same under both names, may be kept, and names endpoints that answer', async () => {
    const instance = await testInstance()
    const [openidConfiguration, oauthMetadata] = await Promise.all([
      get(instance, '/.well-known/openid-configuration'),
      get(instance, '/.well-known/oauth-authorization-server'),
    ])
    const metadata = await openidConfiguration.json()
    assert.deepEqual(await oauthMetadata.json(), metadata)
    assert.match(openidConfiguration.headers.get('cache-control') ?? '', /^public, max-age=\d+$/)
    for (const [name, value] of Object.entries<unknown>(metadata))
      if (name.endsWith('_endpoint') || name === 'jwks_uri')
        assert.notEqual((await get(instance, String(value).slice(instance.origin.length))).status, 404, name)
  })

  test('has the keys before the first id token, and the same ones on every node and later', async () => {
    const instance = await testInstance()
    const keysOf = async (at: TestInstance) => (await get(at, '/.well-known/jwks.json')).json()
    const { keys } = await keysOf(instance)
    assert.deepEqual(keys.map(({ alg, d }: { alg: string; d?: string }) => [alg, d]).sort(), [
      ['ES256', undefined],
      ['RS256', undefined],
    ])
    assert.deepEqual(await keysOf(instance), { keys })
    assert.deepEqual(await keysOf(await instance.node()), { keys })
  })
})
