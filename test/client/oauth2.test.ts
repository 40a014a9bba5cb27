/**
 * `ssooidc/oauth2` against two servers that did not know of it: Portico's own standard endpoints, and oidc-provider, the best
 * known server for Node.js.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
// @ts-expect-error: oidc-provider brings no types, and what is used of it is written down below.
import { Provider } from 'oidc-provider'
import { GRANT_TYPES, isServiceException } from 'ssooidc'
import { type OAuth2, oauth2 } from 'ssooidc/oauth2'
import { pollForToken } from 'ssooidc/sign-in/device'
import { type TestInstance, testInstance } from '../support/instance.ts'
import { refused } from '../support/programs.ts'

// No files and no variables of the person who runs the tests.
const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const scopes = ['openid', 'profile', 'offline_access', 'sso:account:access']

describe('against Portico', () => {
  let instance: TestInstance
  let client: OAuth2
  before(async () => {
    instance = await testInstance()
    client = oauth2({ env, issuer: instance.origin, fetch: instance.fetch })
  })

  const registered = (more = {}) =>
    client.registerClient({
      clientName: 'a program',
      scopes,
      grantTypes: Object.values(GRANT_TYPES).slice(0, 3),
      ...more,
    })

  it('finds out where everything is', async () => {
    const { issuer, deviceAuthorizationEndpoint, codeChallengeMethodsSupported } = await client.metadata()
    assert.equal(issuer, instance.origin)
    assert.ok(deviceAuthorizationEndpoint?.startsWith(instance.origin))
    assert.deepEqual(codeChallengeMethodsSupported, ['S256'])
  })

  it('signs a person in by device code, with the poll that AWS has too', async () => {
    const { clientId, clientSecret = '' } = await registered({ redirectUris: ['http://127.0.0.1/callback'] })
    assert.notEqual(clientSecret, '')
    const device = await client.startDeviceAuthorization({ clientId, clientSecret, scope: scopes })
    const redeem = { clientId, clientSecret, grantType: GRANT_TYPES.deviceCode, deviceCode: device.deviceCode }
    await assert.rejects(client.createToken(redeem), (thrown) => {
      assert.ok(isServiceException(thrown, 'authorization_pending'))
      assert.deepEqual([thrown.name, thrown.status], ['AuthorizationPendingException', 400])
      return true
    })
    await instance.browser().decide(device.verificationUriComplete ?? '', instance.people.alice)
    instance.clock.now += 10_000
    const token = await pollForToken(client, { ...device, clientId, clientSecret }, { immediate: true })
    assert.deepEqual([token.tokenType, token.scope], ['Bearer', scopes])
    const { accountList } = await instance.portal.listAccounts({ accessToken: token.accessToken })
    assert.equal(accountList.length, 2)
  })

  it('refreshes, asks about a token and ends it', async () => {
    const { clientId, clientSecret = '' } = await registered({ redirectUris: ['http://127.0.0.1/callback'] })
    const as = { clientId, clientSecret }
    const device = await client.startDeviceAuthorization({ ...as, scope: scopes })
    await instance.browser().decide(device.verificationUriComplete ?? '', instance.people.bob)
    const first = await client.createToken({ ...as, grantType: GRANT_TYPES.deviceCode, deviceCode: device.deviceCode })
    const refreshToken = first.refreshToken ?? ''
    const { accessToken } = await client.createToken({ ...as, grantType: GRANT_TYPES.refreshToken, refreshToken })
    const said = await client.introspectToken({ ...as, token: accessToken, tokenTypeHint: 'access_token' })
    assert.deepEqual([said.active, said.username, said.clientId], [true, 'bob', clientId])
    await client.revokeToken({ ...as, token: accessToken })
    assert.deepEqual(await client.introspectToken({ ...as, token: accessToken }), { active: false })
  })

  it('redeems the code of a browser for a client without a secret', async () => {
    const redirectUri = 'http://127.0.0.1:8400/callback'
    const { clientId, clientSecret } = await registered({
      clientType: 'public',
      redirectUris: ['http://127.0.0.1/callback'],
    })
    assert.equal(clientSecret, undefined)
    const { authorizationEndpoint = '' } = await client.metadata()
    const codeVerifier = 'v'.repeat(43)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier))
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      state: 'a state',
      code_challenge: Buffer.from(digest).toString('base64url'),
      code_challenge_method: 'S256',
    }
    const url = `${authorizationEndpoint}?${new URLSearchParams(parameters)}`
    const { location } = await instance.browser().decide(url, instance.people.alice)
    const code = new URL(location ?? '').searchParams.get('code') ?? ''
    const grantType = GRANT_TYPES.authorizationCode
    const token = await client.createToken({ clientId, grantType, code, redirectUri, codeVerifier })
    assert.deepEqual(token.scope, scopes)
    await assert.rejects(
      client.createToken({ clientId, grantType, code, redirectUri, codeVerifier }),
      refused('invalid_grant'),
    )
  })

  it('knows an error by the same name as the client of AWS does', async () => {
    const asked = client.startDeviceAuthorization({ clientId: 'nobody', clientSecret: 'nothing' })
    await assert.rejects(asked, { name: 'InvalidClientException', status: 401, retrySafe: true })
  })
})

describe('against oidc-provider', () => {
  const server = createServer()
  const known = { client_id: 'a client', client_secret: 'a: secret+of %a test' }
  let client: OAuth2
  before(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const provider: { callback(): Parameters<typeof createServer>[1] } = new Provider(issuer, {
      clients: [{ ...known, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        deviceFlow: { enabled: true },
        introspection: { enabled: true },
        registration: { enabled: true },
        revocation: { enabled: true },
      },
    })
    const callback = provider.callback()
    if (callback !== undefined) server.on('request', callback)
    client = oauth2({ env, issuer })
  })
  after(async () => {
    await client[Symbol.asyncDispose]()
    server.close()
  })

  const as = { clientId: known.client_id, clientSecret: known.client_secret }

  it('finds the metadata where OpenID Connect puts them', async () => {
    const { tokenEndpoint, introspectionEndpoint } = await client.metadata()
    assert.match(`${tokenEndpoint} ${introspectionEndpoint}`, /\/token .*\/introspection$/)
  })

  it('proves itself with a secret that holds every awkward character, gets a token, asks about it and ends it', async () => {
    const { accessToken, expiresIn } = await client.createToken({ ...as, grantType: 'client_credentials' })
    assert.ok((expiresIn ?? 0) > 0)
    const said = await client.introspectToken({ ...as, token: accessToken })
    assert.deepEqual([said.active, said.clientId], [true, as.clientId])
    await client.revokeToken({ ...as, token: accessToken })
    assert.equal((await client.introspectToken({ ...as, token: accessToken })).active, false)
  })

  it('registers a device, begins its sign-in and waits for it', async () => {
    const registered = await client.registerClient({
      clientName: 'a device',
      clientType: 'public',
      redirectUris: [],
      grantTypes: [GRANT_TYPES.deviceCode, GRANT_TYPES.refreshToken],
    })
    assert.equal(registered.clientSecret, undefined)
    const { clientId } = registered
    const { deviceCode, userCode, verificationUri } = await client.startDeviceAuthorization({
      clientId,
      scope: ['openid'],
    })
    assert.ok(userCode && URL.canParse(verificationUri))
    const asked = client.createToken({ clientId, grantType: GRANT_TYPES.deviceCode, deviceCode })
    await assert.rejects(asked, refused('authorization_pending'))
  })

  it('says in the server’s own words what was wrong', async () => {
    const wrong = { ...as, clientSecret: 'another', grantType: 'client_credentials' } as const
    await assert.rejects(client.createToken(wrong), { name: 'InvalidClientException', status: 401 })
    const grant = { ...as, grantType: GRANT_TYPES.refreshToken, refreshToken: 'nonsense' }
    await assert.rejects(client.createToken(grant), {
      name: 'InvalidRequestException',
      message: 'requested grant type is not allowed for this client',
    })
  })
})
