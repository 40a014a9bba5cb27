import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AttemptReport, type CreateTokenRequest, type Fetch, GRANT_TYPES, sso, ssooidc } from 'ssooidc'
import { connections, createToken, listAccounts } from 'ssooidc/operations'

// No files and no variables of the person who runs the tests.
const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const endpoint = 'https://sso.example.com'
const client = { clientId: 'id', clientSecret: 'very-secret' }
const token = { accessToken: 'at-secret', tokenType: 'Bearer', expiresIn: 3600 }

/** Options of a client whose requests are kept. */
function asking(answer: Fetch = () => Response.json(token)) {
  const sent: Request[] = []
  const fetch: Fetch = (request) => {
    sent.push(request)
    return answer(request)
  }
  return { sent, options: { env, endpoint, fetch } }
}

describe('register_client', () => {
  it('sends a name and a type, and all that is optional, and returns id, secret and their times in seconds', async () => {
    const answer = {
      clientId: 'id',
      clientSecret: 'secret',
      clientIdIssuedAt: 1_800_000_000,
      clientSecretExpiresAt: 1_807_776_000,
      authorizationEndpoint: null,
      tokenEndpoint: null,
    }
    const { sent, options } = asking(() => Response.json(answer))
    const input = {
      clientName: 'test',
      clientType: 'public',
      scopes: ['sso:account:access'],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      grantTypes: [GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken],
      issuerUrl: 'https://example.awsapps.com/start',
      entitledApplicationArn: 'arn:aws:sso::111111111111:application/a',
    }
    const { authorizationEndpoint, tokenEndpoint, ...rest } = answer
    assert.deepEqual(await ssooidc(options).registerClient(input), rest)
    assert.deepEqual(await sent[0]?.json(), input)
  })
})

describe('start_device_authorization', () => {
  it('sends the client and the start URL, and returns both codes, where to type them, and for how long', async () => {
    const answer = {
      deviceCode: 'dc',
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://x.example/',
      verificationUriComplete: 'https://x.example/?user_code=ABCD-EFGH',
      expiresIn: 600,
      interval: 1,
    }
    const { sent, options } = asking(() => Response.json(answer))
    const input = { ...client, startUrl: 'https://example.awsapps.com/start' }
    assert.deepEqual(await ssooidc(options).startDeviceAuthorization(input), answer)
    assert.deepEqual(await sent[0]?.json(), input)
  })
})

describe('create_token', () => {
  const grants: readonly CreateTokenRequest[] = [
    { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc' },
    {
      ...client,
      grantType: GRANT_TYPES.authorizationCode,
      code: 'c',
      redirectUri: 'http://127.0.0.1/',
      codeVerifier: 'v',
    },
    { ...client, grantType: GRANT_TYPES.refreshToken, refreshToken: 'rt', scope: ['a', 'b'] },
  ]
  for (const input of grants)
    it(`redeems ${input.grantType}`, async () => {
      const { sent, options } = asking()
      assert.deepEqual(await ssooidc(options).createToken(input), token)
      assert.deepEqual(await sent[0]?.json(), input)
    })

  it('without the member that its grant redeems is refused by the type checker, and at run time', async () => {
    const { sent, options } = asking()
    const { createToken } = ssooidc(options)
    // @ts-expect-error deviceCode is missing
    await assert.rejects(createToken({ ...client, grantType: GRANT_TYPES.deviceCode }), {
      name: 'TypeError',
      message: `CreateToken: deviceCode is missing, which grantType ${GRANT_TYPES.deviceCode} redeems`,
    })
    const other = { ...client, grantType: GRANT_TYPES.authorizationCode, refreshToken: 'rt' }
    // @ts-expect-error refreshToken belongs to another grant
    await assert.rejects(createToken(other), TypeError)
    await assert.rejects(createToken({ ...client, grantType: GRANT_TYPES.refreshToken, refreshToken: '' }), TypeError)
    assert.equal(sent.length, 0)
  })

  it('with a grant that only CreateTokenWithIAM knows goes to the service, which says no', async () => {
    const { sent, options } = asking()
    // @ts-expect-error the type checker refuses it
    await ssooidc(options).createToken({ ...client, grantType: GRANT_TYPES.jwtBearer })
    assert.equal(sent.length, 1)
  })

  it('with the hyphenated grant type of the documentation is refused with a hint', async () => {
    const { options } = asking()
    const grantType = 'urn:ietf:params:oauth:grant-type:device-code'
    // @ts-expect-error there is no such grant type
    await assert.rejects(ssooidc(options).createToken({ ...client, grantType, deviceCode: 'dc' }), {
      name: 'TypeError',
      message: `CreateToken: grantType ${grantType} has a hyphen where an underscore belongs; use GRANT_TYPES.deviceCode`,
    })
  })

  it('may be called alone, with connections that other operations share', async () => {
    const { sent, options } = asking((request) =>
      Response.json(request.url.endsWith('/token') ? token : { accountList: [], nextToken: null }),
    )
    const to = connections(options)
    await createToken(to, { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc' })
    await listAccounts(to, { accessToken: 'at' })
    assert.deepEqual(
      sent.map(({ url }) => url),
      [`${endpoint}/token`, `${endpoint}/assignment/accounts`],
    )
  })
})

describe('sso()', () => {
  it('ends where a page names itself as the next', async () => {
    const { sent, options } = asking(() => Response.json({ accountList: [], nextToken: 'again' }))
    await assert.rejects(sso(options).accounts({ accessToken: 'at' }).next(), /the same nextToken twice/)
    assert.equal(sent.length, 2)
  })

  it('goes through all pages of accounts and of roles, and asks for the next only when it is wanted', async () => {
    const { sent, options } = asking((request) => {
      const page = new URL(request.url).searchParams.get('next_token') ?? '1'
      const nextToken = page === '3' ? null : `${Number(page) + 1}`
      const roles = request.url.includes('roles')
      return Response.json(
        roles
          ? { roleList: [{ roleName: `role ${page}`, accountId: '1' }], nextToken }
          : { accountList: [{ accountId: page }], nextToken },
      )
    })
    const portal = sso(options)
    const found: string[] = []
    for await (const { accountId } of portal.accounts({ accessToken: 'at' })) found.push(accountId)
    for await (const { roleName } of portal.accountRoles({ accessToken: 'at', accountId: '1' })) found.push(roleName)
    assert.deepEqual(found, ['1', '2', '3', 'role 1', 'role 2', 'role 3'])

    sent.length = 0
    for await (const { accountId } of portal.accounts({ accessToken: 'at', maxResults: 1 }))
      if (accountId === '2') break
    assert.equal(sent.length, 2)
    assert.match(sent[1]?.url ?? '', /next_token=2&max_result=1/)
  })
})

describe('a report of an attempt', () => {
  it('says what was asked and what came of it, without any secret', async () => {
    const reports: AttemptReport[] = []
    const { options } = asking(() => Response.json(token, { headers: { 'x-amzn-requestid': 'r-1' } }))
    const { createToken } = ssooidc({ ...options, onAttempt: (report) => void reports.push(report) })
    await createToken({ ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc-secret' })
    const [{ durationMs, ...report }] = reports as [AttemptReport]
    assert.ok(durationMs >= 0)
    assert.deepEqual(report, {
      operation: 'CreateToken',
      attempt: 1,
      input: {
        clientId: 'id',
        clientSecret: '[redacted]',
        grantType: GRANT_TYPES.deviceCode,
        deviceCode: '[redacted]',
      },
      status: 200,
      requestId: 'r-1',
      error: undefined,
      retryInMs: undefined,
    })
    assert.doesNotMatch(JSON.stringify(reports), /secret"|at-secret|dc-secret/)
  })

  it('whose reader throws fails the call, and asks nothing again', async () => {
    const { sent, options } = asking()
    const onAttempt = () => {
      throw new Error('the disk is full')
    }
    const { createToken } = ssooidc({ ...options, onAttempt })
    await assert.rejects(createToken({ ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc' }), {
      message: 'the disk is full',
    })
    assert.equal(sent.length, 1)
  })

  for (const [member, input] of Object.entries({
    code: { ...client, grantType: GRANT_TYPES.authorizationCode, code: 'dark', codeVerifier: 'dark' },
    refreshToken: { ...client, grantType: GRANT_TYPES.refreshToken, refreshToken: 'dark' },
  }) as [string, CreateTokenRequest][])
    it(`hides ${member}`, async () => {
      const reports: AttemptReport[] = []
      const { options } = asking()
      await ssooidc({ ...options, onAttempt: (report) => void reports.push(report) }).createToken(input)
      assert.doesNotMatch(JSON.stringify(reports), /dark/)
    })
})

describe('an access token', () => {
  const page = () => Response.json({ accountList: [] })
  const sentToken = (sent: Request[]) => sent.at(-1)?.headers.get('x-amz-sso_bearer_token')

  it('may be an option of the client, which the input of a call overrides', async () => {
    const { sent, options } = asking(page)
    const { listAccounts } = sso({ ...options, token: 'of the client' })
    await listAccounts({})
    assert.equal(sentToken(sent), 'of the client')
    await listAccounts({ accessToken: 'of the call' })
    assert.equal(sentToken(sent), 'of the call')
  })

  it('is not waited for by a call whose signal aborts, nor asked for by one whose signal has', async () => {
    const { options } = asking()
    let asked = 0
    const never = () => {
      asked++
      return new Promise<string>(() => {})
    }
    const { listAccounts } = sso({ ...options, token: never })
    const [abort, reason] = [new AbortController(), new Error('enough')]
    const call = listAccounts({}, { signal: abort.signal })
    abort.abort(reason)
    await assert.rejects(call, (thrown) => thrown === reason)
    const before = asked
    await assert.rejects(listAccounts({}, { signal: abort.signal }), (thrown) => thrown === reason)
    assert.equal(asked, before)
  })

  it('may be known by a function, such as tokenProvider(), which is asked at every call', async () => {
    const { sent, options } = asking(page)
    let asked = 0
    const { accounts } = sso({ ...options, token: async () => ({ token: `at-${++asked}` }) })
    for (const _ of [1, 2]) for await (const account of accounts({})) assert.fail(`${account.accountId}`)
    assert.deepEqual([sentToken(sent), asked], ['at-2', 2])
  })

  it('that nobody gave is missing, and nothing is sent', async () => {
    const { sent, options } = asking(page)
    await assert.rejects(sso(options).listAccounts({}), { name: 'TypeError', message: /bearer_token is missing/ })
    assert.equal(sent.length, 0)
  })
})

describe('a client of a service', () => {
  it('may be used with `await using`', async () => {
    const { options } = asking()
    await using service = ssooidc(options)
    await using portal = sso(options)
    assert.equal(typeof service[Symbol.asyncDispose], 'function')
    assert.equal(typeof portal[Symbol.asyncDispose], 'function')
  })

  it('tells the region to ask when the service says that it is another one', async () => {
    const { options } = asking(() =>
      Response.json(
        {
          error: 'invalid_request',
          error_description: 'Elsewhere',
          endpoint: 'https://e.example',
          region: 'eu-west-1',
        },
        { status: 400, headers: { 'x-amzn-errortype': 'InvalidRequestRegionException' } },
      ),
    )
    const signer = { sign: async ({ headers }: { headers: Record<string, string> }) => ({ headers }) }
    const { createTokenWithIAM } = ssooidc({ ...options, signer })
    await assert.rejects(
      createTokenWithIAM({ clientId: 'a', grantType: GRANT_TYPES.refreshToken, refreshToken: 'rt' }),
      {
        name: 'InvalidRequestRegionException',
        members: { endpoint: 'https://e.example', region: 'eu-west-1' },
      },
    )
  })
})
