/**
 * Signing in to AWS's own service: what it must be sent, and what it is known to answer. It stands in memory, as strict as AWS
 * is: an answer comes only to the request that its own command line would have made.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { memoryStore, refresh, type SignInEvent, signIn, signOut } from 'ssooidc/sign-in'
import { sharedClock } from './clock.ts'

const session = {
  name: 'work',
  startUrl: 'https://d-1234567890.awsapps.com/start',
  region: 'eu-central-1',
  registrationScopes: ['sso:account:access'],
}
const { startUrl, registrationScopes: scopes } = session
const NOW = Date.UTC(2026, 10, 24, 12)
const oidc = 'https://oidc.eu-central-1.amazonaws.com'
const registered = {
  authorizationEndpoint: null,
  clientId: 'client',
  clientIdIssuedAt: NOW / 1_000,
  clientSecret: 'secret',
  clientSecretExpiresAt: NOW / 1_000 + 7_776_000,
  tokenEndpoint: null,
}
const tokens = (n: number) => ({
  accessToken: `aoa${n}`,
  aws_sso_app_session_id: null,
  expiresIn: 3_600,
  idToken: null,
  refreshToken: `aor${n}`,
  tokenType: 'Bearer',
})
const refused = (type: string, error: string, description: string) =>
  Response.json(
    { error, error_description: description },
    {
      status: 400,
      headers: { 'x-amzn-ErrorType': `${type}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/` },
    },
  )

/** Takes the exchanges in their order. A request that is not the next one is a failure. */
function aws(...script: [request: string, body: object | undefined, answer: object | Response][]) {
  const clock = { now: NOW }
  const left = [...script]
  const fetch = async (request: Request) => {
    const [expected, body, answer = {}] = left.shift() ?? []
    assert.equal(`${request.method} ${request.url}`, expected)
    assert.deepEqual(body === undefined ? undefined : await request.json(), body)
    return answer instanceof Response ? answer : Response.json(answer)
  }
  return { client: { env: {}, fetch }, store: memoryStore(), clock: sharedClock(clock), time: clock, left }
}

const proof = { clientId: 'client', clientSecret: 'secret' }
const deviceGrant = { ...proof, deviceCode: 'device', grantType: 'urn:ietf:params:oauth:grant-type:device_code' }
const started = {
  deviceCode: 'device',
  expiresIn: 600,
  interval: 1,
  userCode: 'BCDF-GHJK',
  verificationUri: `${startUrl}/#/device`,
  verificationUriComplete: `${startUrl}/#/device?user_code=BCDF-GHJK`,
}
const registration = { clientName: 'ssooidc', clientType: 'public', scopes }
const pending = () =>
  refused('AuthorizationPendingException', 'authorization_pending', 'Authorization is still pending')

describe('AWS', () => {
  test('by a code: the three calls of its command line, and the refresh that follows', async () => {
    const service = aws(
      [`POST ${oidc}/client/register`, registration, registered],
      [`POST ${oidc}/device_authorization`, { ...proof, startUrl }, started],
      [`POST ${oidc}/token`, deviceGrant, pending()],
      [`POST ${oidc}/token`, deviceGrant, tokens(1)],
      [`POST ${oidc}/token`, { ...proof, grantType: 'refresh_token', refreshToken: 'aor1' }, tokens(2)],
      ['POST https://portal.sso.eu-central-1.amazonaws.com/logout', undefined, new Response('')],
    )
    const token = await signIn(session, { ...service, method: 'device', openBrowser: false })
    assert.deepEqual([token.accessToken, token.refreshToken], ['aoa1', 'aor1'])
    service.time.now = token.expiresAt
    assert.equal((await refresh(session, service)).accessToken, 'aoa2')
    assert.equal((await signOut(session, service)).error, undefined)
    assert.equal(service.left.length, 0)
  })

  test('through the browser: an authorization code is asked for with the issuer, the scopes in the plural, and S256', async () => {
    const redirectUris = ['http://127.0.0.1/oauth/callback']
    const grantTypes = ['authorization_code', 'refresh_token']
    const exchange: Record<string, string> = { ...proof, grantType: 'authorization_code', code: 'the code' }
    const service = aws(
      [`POST ${oidc}/client/register`, { ...registration, redirectUris, grantTypes, issuerUrl: startUrl }, registered],
      [`POST ${oidc}/token`, exchange, tokens(1)],
    )
    let page: Promise<Response> | undefined
    const openBrowser = async (opened: string) => {
      const url = new URL(opened)
      const { state = '', code_challenge, redirect_uri = '', ...others } = Object.fromEntries(url.searchParams)
      assert.equal(`${url.origin}${url.pathname}`, `${oidc}/authorize`)
      const expected = { response_type: 'code', client_id: 'client', scopes: 'sso:account:access' }
      assert.deepEqual(others, { ...expected, code_challenge_method: 'S256' })
      assert.match(code_challenge ?? '', /^[\w-]{43}$/)
      assert.match(redirect_uri, /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/)
      exchange.redirectUri = redirect_uri
      page = fetch(`${redirect_uri}?${new URLSearchParams({ code: 'the code', state })}`)
      return true
    }
    const call = service.client.fetch
    const withVerifier = async (request: Request) => {
      if (!request.url.endsWith('/token')) return call(request)
      const { codeVerifier, ...body } = await request.clone().json()
      assert.match(codeVerifier, /^[\w-]{43}$/)
      return call(new Request(request.url, { method: 'POST', body: JSON.stringify(body) }))
    }
    const token = await signIn(session, {
      ...service,
      client: { env: {}, fetch: withVerifier },
      method: 'pkce',
      openBrowser,
    })
    assert.equal(token.refreshToken, 'aor1')
    assert.equal((await page)?.status, 200)
    assert.equal(service.left.length, 0)
  })

  test('a code that lapsed while nobody decided is expired, though AWS calls it invalid', async () => {
    const events: SignInEvent[] = []
    const service = aws(
      [`POST ${oidc}/client/register`, registration, registered],
      [`POST ${oidc}/device_authorization`, { ...proof, startUrl }, { ...started, interval: 5, expiresIn: 8 }],
      [
        `POST ${oidc}/token`,
        deviceGrant,
        refused('InvalidGrantException', 'invalid_grant', 'Invalid device code provided'),
      ],
    )
    const onEvent = (event: SignInEvent) => void events.push(event)
    await assert.rejects(signIn(session, { ...service, method: 'device', openBrowser: false, onEvent }), {
      reason: 'expired',
    })
  })
})
