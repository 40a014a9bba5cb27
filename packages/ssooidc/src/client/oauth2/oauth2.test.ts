import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AttemptReport, type Fetch, GRANT_TYPES } from 'ssooidc'
import { type OAuth2Options, oauth2 } from 'ssooidc/oauth2'

// No files and no variables of the person who runs the tests.
const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const issuer = 'https://id.example.com'
const endpoints = {
  tokenEndpoint: `${issuer}/token?tenant=7`,
  deviceAuthorizationEndpoint: 'https://device.example.com/start',
  registrationEndpoint: `${issuer}/register`,
  revocationEndpoint: `${issuer}/revoke`,
}
const refresh = { clientId: 'id', grantType: GRANT_TYPES.refreshToken, refreshToken: 'rt' }
const token = { access_token: 'at', token_type: 'Bearer', expires_in: 3600, scope: 'a b' }

/** A client whose requests are kept. */
function asking(answer: Fetch = () => Response.json(token), options: Partial<OAuth2Options> = {}) {
  const sent: Request[] = []
  const fetch: Fetch = (request) => {
    sent.push(request.clone())
    return answer(request)
  }
  return { sent, client: oauth2({ env, issuer, metadata: endpoints, fetch, ...options }) }
}

const last = (sent: Request[]) => {
  const request = sent.at(-1)
  assert.ok(request)
  return request
}

describe('a request', () => {
  it('is a form under the names of the standard, and the answer comes back under ours', async () => {
    const { sent, client } = asking()
    const answer = await client.createToken({ ...refresh, scope: ['a', 'b'] })
    assert.deepEqual(answer, { accessToken: 'at', tokenType: 'Bearer', expiresIn: 3600, scope: ['a', 'b'] })
    assert.equal(last(sent).url, endpoints.tokenEndpoint)
    assert.equal(last(sent).headers.get('content-type'), 'application/x-www-form-urlencoded')
    assert.equal(await last(sent).text(), 'client_id=id&grant_type=refresh_token&refresh_token=rt&scope=a+b')
  })

  it('goes wherever the metadata say, which may be another host', async () => {
    const answer = { device_code: 'dc', user_code: 'u', verification_uri: 'https://x.example/', expires_in: 600 }
    const { sent, client } = asking(() => Response.json(answer))
    const { deviceCode, verificationUriComplete } = await client.startDeviceAuthorization({ clientId: 'id' })
    assert.deepEqual([deviceCode, verificationUriComplete], ['dc', undefined])
    assert.equal(last(sent).url, endpoints.deviceAuthorizationEndpoint)
  })

  it('has nothing in its headers that a web page would need leave for', async () => {
    const { sent, client } = asking()
    await client.createToken(refresh)
    // A browser has the last word about its own name.
    const names = [...last(sent).headers.keys()].filter((name) => name !== 'user-agent')
    assert.deepEqual(names.sort(), ['accept', 'content-type'])
  })

  it('registers in JSON, with the token that a server may want first', async () => {
    const { sent, client } = asking(() => Response.json({ client_id: 'id' }, { status: 201 }))
    const registered = await client.registerClient({
      clientName: 'a program',
      clientType: 'public',
      scopes: ['a', 'b'],
      grantTypes: [GRANT_TYPES.deviceCode],
      initialAccessToken: 'iat',
    })
    assert.deepEqual(registered, { clientId: 'id' })
    assert.equal(last(sent).headers.get('authorization'), 'Bearer iat')
    assert.deepEqual(await last(sent).json(), {
      client_name: 'a program',
      token_endpoint_auth_method: 'none',
      response_types: [],
      grant_types: [GRANT_TYPES.deviceCode],
      scope: 'a b',
    })
  })

  it('that lacks what its grant redeems is refused before anything is sent', async () => {
    const { sent, client } = asking()
    // @ts-expect-error the type checker refuses it too
    const asked = client.createToken({ clientId: 'id', grantType: GRANT_TYPES.deviceCode })
    await assert.rejects(asked, { name: 'TypeError', message: /deviceCode is missing/ })
    assert.equal(sent.length, 0)
  })
})

describe('a client proves itself', () => {
  const withSecret = { ...refresh, clientId: 'a:b', clientSecret: 'p%q r' }

  it('in a header, both halves encoded so that neither can hold the colon', async () => {
    const { sent, client } = asking()
    await client.createToken(withSecret)
    assert.equal(last(sent).headers.get('authorization'), `Basic ${btoa('a%3Ab:p%25q+r')}`)
    assert.doesNotMatch(await last(sent).text(), /client_/)
  })

  it('in the form where the server takes it there only', async () => {
    const metadata = { ...endpoints, tokenEndpointAuthMethodsSupported: ['client_secret_post'] }
    const { sent, client } = asking(undefined, { metadata })
    await client.createToken(withSecret)
    assert.equal(last(sent).headers.get('authorization'), null)
    assert.match(await last(sent).text(), /^client_id=a%3Ab&client_secret=p%25q\+r&/)
  })

  it('by its name alone where it has no secret', async () => {
    const { sent, client } = asking()
    await client.createToken({ ...refresh, clientSecret: '' })
    assert.equal(last(sent).headers.get('authorization'), null)
  })
})

describe('metadata', () => {
  const said = (more = {}) => Response.json({ issuer, token_endpoint: `${issuer}/token`, ...more })

  it('are asked for once, however many calls wait for them', async () => {
    const { sent, client } = asking(({ url }) => (url.includes('.well-known') ? said() : Response.json(token)), {
      metadata: undefined,
    })
    await Promise.all([client.createToken(refresh), client.createToken(refresh)])
    assert.deepEqual(
      sent.map(({ url }) => url),
      [`${issuer}/.well-known/oauth-authorization-server`, `${issuer}/token`, `${issuer}/token`],
    )
  })

  it('are looked for where OpenID Connect puts them too, a path of the issuer in its place', async () => {
    const tenant = `${issuer}/tenant`
    const { sent, client } = asking(
      ({ url }) => (url.includes('openid') ? said({ issuer: tenant }) : new Response('Not here', { status: 404 })),
      { metadata: undefined, issuer: tenant },
    )
    assert.equal((await client.metadata()).issuer, tenant)
    assert.deepEqual(
      sent.map(({ url }) => url),
      [`${issuer}/.well-known/oauth-authorization-server/tenant`, `${tenant}/.well-known/openid-configuration`],
    )
  })

  it('are looked for there as well where a server leads elsewhere from what it does not have', async () => {
    const elsewhere = new Response(null, { status: 302, headers: { location: '/login' } })
    const { client } = asking(({ url }) => (url.includes('openid') ? said() : elsewhere), { metadata: undefined })
    assert.equal((await client.metadata()).issuer, issuer)
  })

  it('of another issuer are not used', async () => {
    const { client } = asking(() => said({ issuer: 'https://evil.example' }), { metadata: undefined })
    await assert.rejects(client.createToken(refresh), {
      name: 'ConfigError',
      message: /says that it is https:\/\/evil/,
    })
  })

  it('that could not be read are asked for again by the next call', async () => {
    let answers = 0
    const { client } = asking(
      () => {
        if (++answers === 1) throw new TypeError('fetch failed')
        return said()
      },
      { metadata: undefined, maxAttempts: 1 },
    )
    await assert.rejects(client.metadata(), { name: 'ConnectionError' })
    assert.equal((await client.metadata()).issuer, issuer)
  })

  it('are not waited for by a call whose signal aborts, though others still do', async () => {
    let arrive = (_: Response) => {}
    const arrival = new Promise<Response>((resolve) => {
      arrive = resolve
    })
    const { client } = asking(() => arrival, { metadata: undefined })
    const abort = new AbortController()
    const [given, kept] = [client.metadata({ signal: abort.signal }), client.metadata()]
    const reason = new Error('enough')
    abort.abort(reason)
    await assert.rejects(given, (thrown) => thrown === reason)
    arrive(said())
    assert.equal((await kept).issuer, issuer)
  })

  it('without an endpoint say that the server does not offer the operation', async () => {
    const { client } = asking()
    await assert.rejects(client.introspectToken({ clientId: 'id', token: 't' }), {
      name: 'ConfigError',
      message: 'https://id.example.com/ has no introspectionEndpoint, so it offers no IntrospectToken',
    })
  })
})

describe('an error', () => {
  it('is typed by its OAuth code and carries the server’s own words', async () => {
    const body = { error: 'invalid_grant', error_description: 'Used already.' }
    const { client } = asking(() => Response.json(body, { status: 400 }))
    await assert.rejects(client.createToken(refresh), {
      name: 'InvalidGrantException',
      error: 'invalid_grant',
      message: 'Used already.',
      status: 400,
    })
  })

  it('of an endpoint in the clear is refused before anything is sent', async () => {
    const metadata = { ...endpoints, tokenEndpoint: 'http://id.example.com/token' }
    const { sent, client } = asking(undefined, { metadata })
    await assert.rejects(client.createToken(refresh), { name: 'ConfigError', message: /must be https/ })
    assert.equal(sent.length, 0)
  })

  it('of an option is found when the client is made', () => {
    assert.throws(() => oauth2({ issuer: 'id.example.com' }), {
      name: 'ConfigError',
      message: /issuer must be a whole URL/,
    })
    assert.throws(() => oauth2({ issuer, timout: 1 } as OAuth2Options), { name: 'ConfigError', message: /timeoutMs/ })
    assert.throws(() => oauth2({ env, issuer: 'http://id.example.com' }), { name: 'ConfigError', message: /https/ })
  })
})

describe('what is known about an attempt', () => {
  it('holds no secret, and a token is revoked as often as it takes', async () => {
    const seen: AttemptReport[] = []
    let answers = 0
    const answer = () => new Response(null, { status: ++answers === 1 ? 503 : 200 })
    const onAttempt = (report: AttemptReport) => void seen.push(report)
    const { client } = asking(answer, { onAttempt })
    await client.revokeToken({ clientId: 'id', clientSecret: 'very-secret', token: 'very-secret' })
    assert.deepEqual(
      seen.map(({ attempt, status }) => [attempt, status]),
      [
        [1, 503],
        [2, 200],
      ],
    )
    assert.doesNotMatch(JSON.stringify(seen), /very-secret/)
  })
})
