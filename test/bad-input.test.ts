/** What arrives and should not: each gets its declared error, in its service's form, with a type and a request id. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { ssoOidc, ssoPortal } from 'ssooidc/protocol'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { PREFIXES } from '../packages/portico/src/core/keys/opaque-token.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { type Answer, ask, consent, signInDevice, startBrowser, startDevice } from './support/programs.ts'

const oidcPaths = ['/client/register', '/device_authorization', '/token']
const portalPaths = ['/assignment/accounts', '/assignment/roles', '/federation/credentials']

suite('a body', () => {
  for (const [what, body] of [
    ['that is empty', ''],
    ['that is no JSON', '{'],
    ['that is a form', 'grant_type=refresh_token&client_id=x'],
    ['that is a list', '[]'],
    ['that is null', 'null'],
    ['that is a text', '"text"'],
    ['with a member twice', '{"clientName":"a","clientName":"b","clientType":"public"}'],
    ['with a member twice, spelt in two ways', '{"clientId":"a","client\\u0049d":"b"}'],
    ['that begins with a byte order mark', '\ufeff{}'],
    ['with NaN', '{"clientName":NaN}'],
    ['that nests without end', `{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['that is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['with a comma too many', '{"clientId":"a",}'],
    ['with half a surrogate as a name', '{"clientName":"\\ud800","clientType":1}'],
  ] as const) {
    test(`${what} is refused by every operation that takes one`, async () => {
      const instance = await testInstance()
      for (const path of oidcPaths) isOidc(await ask(instance, path, { body }), 400, 'InvalidRequestException')
    })
  }

  test('may have members that nobody knows, even ones that other languages stumble over', async () => {
    const instance = await testInstance()
    const body =
      '{"__proto__":{"clientType":"public","scopes":["a"]},"constructor":1,"clientName":"cli","clientType":"public","code":null}'
    const { status } = await ask(instance, '/client/register', { body })
    assert.equal(status, 200)
    const inherited = '{"__proto__":{"clientType":"public"},"clientName":"cli"}'
    const refused = await ask(instance, '/client/register', { body: inherited })
    isOidc(refused, 400, 'InvalidRequestException')
  })

  test('says what is wrong with which member, and never repeats its value', async () => {
    const instance = await testInstance()
    const answer = await ask(instance, '/token', {
      body: { clientId: { secret: 'sesame' }, clientSecret: ['sesame'], grantType: 5, scope: 'sesame' },
    })
    isOidc(answer, 400, 'InvalidRequestException')
    const description = String(answer.body.error_description)
    for (const member of ['clientId', 'clientSecret', 'grantType', 'scope']) assert.ok(description.includes(member))
    assert.doesNotMatch(description, /sesame/)
  })

  test('is read as JSON whatever its content type says, or when nothing says it', async () => {
    const instance = await testInstance()
    const body = new TextEncoder().encode('{"clientName":"cli","clientType":"public"}')
    for (const headers of [{}, { 'content-type': 'application/x-www-form-urlencoded' }, { 'content-type': 'text/xml' }])
      assert.equal((await ask(instance, '/client/register', { body, headers })).status, 200)
  })

  test('with members that are null or missing is refused where they are required', async () => {
    const instance = await testInstance()
    for (const body of [{}, { clientName: null, clientType: null }, { clientName: 'cli' }])
      isOidc(await ask(instance, '/client/register', { body }), 400, 'InvalidRequestException')
    for (const path of portalPaths.slice(1)) {
      const headers = { 'x-amz-sso_bearer_token': (await signInDevice(instance)).accessToken }
      isPortal(await ask(instance, path, { headers }), 400, 'InvalidRequestException')
    }
  })
})

suite('a request', () => {
  for (const [service, is] of [
    [ssoOidc, isOidc],
    [ssoPortal, isPortal],
  ] as const) {
    test(`to ${service.name} with another method is answered 405, and says which there is`, async () => {
      const instance = await testInstance()
      for (const { path, method } of Object.values(service.operations)) {
        for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => each !== method)) {
          const answer = await ask(instance, path, { method: other })
          is(answer, 405, 'MethodNotAllowedException')
          assert.equal(answer.headers.get('allow'), method)
        }
      }
    })

    test(`to ${service.name} may come from any page, and carries no cookies`, async () => {
      const instance = await testInstance()
      for (const { path, method } of Object.values(service.operations)) {
        const response = await instance.fetch(
          new Request(instance.origin + path, {
            method: 'OPTIONS',
            headers: {
              origin: 'https://anywhere.example',
              'access-control-request-method': method,
              'access-control-request-headers': 'content-type,x-amz-sso_bearer_token',
            },
          }),
        )
        assert.equal(response.status, 204)
        assert.equal(response.headers.get('access-control-allow-origin'), '*')
        assert.equal(response.headers.get('access-control-allow-credentials'), null)
        assert.ok(response.headers.get('access-control-allow-methods')?.includes(method))
        assert.match(response.headers.get('access-control-allow-headers') ?? '', /x-amz-sso_bearer_token/)
      }
    })
  }

  test('to a path that is spelt differently is answered 404', async () => {
    const instance = await testInstance()
    for (const path of ['/Token', '/token/', '//token', '/client/Register', '/tokens', '/client', '/federation'])
      isOidcOrPortal(await ask(instance, path, { body: {} }), 404, 'UnknownOperationException')
  })

  test('for a grant type that does not exist is told which there are', async () => {
    const instance = await testInstance()
    const { client } = await startDevice(instance)
    for (const grantType of [
      'password',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device-code',
      '__proto__',
    ]) {
      const answer = await ask(instance, '/token', { body: { ...client, grantType } })
      isOidc(answer, 400, 'UnsupportedGrantTypeException')
      assert.match(String(answer.body.error_description), /device_code/)
    }
  })

  test('without what its grant needs is refused', async () => {
    const instance = await testInstance()
    const { client } = await startDevice(instance)
    for (const grantType of [GRANT_TYPES.deviceCode, GRANT_TYPES.refreshToken])
      isOidc(await ask(instance, '/token', { body: { ...client, grantType } }), 400, 'InvalidRequestException')
  })

  test('that fails for no declared reason is answered 500 without a word about it', async () => {
    const instance = await testInstance()
    const { client, grant } = await startDevice(instance)
    instance.storage.findDeviceGrant = async () => {
      throw new Error('disk I/O error at /var/lib')
    }
    const body = { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: grant.deviceCode }
    const answer = await ask(instance, '/token', { body })
    isOidc(answer, 500, 'InternalServerException')
    assert.doesNotMatch(JSON.stringify(answer.body), /disk|var/)
    const id = answer.headers.get('x-amzn-requestid')
    assert.ok(instance.log.some(({ level, fields }) => level === 'error' && fields.requestId === id))
  })
})

suite('of every token', () => {
  test('none is accepted that was cut, changed, lengthened or made for something else', async () => {
    const instance = await testInstance()
    const sealed = await everyToken(instance)
    for (const [kind, { token, send, refusals }] of Object.entries(sealed)) {
      assert.equal(await send(token), 'accepted', kind)
      const bodies = Object.values(sealed).map((each) => each.token)
      const foreign = bodies
        .filter((other) => other !== token)
        .flatMap((other) => [other, rename(other, token), unwrap(other)])
      for (const wrong of [...changesOf(token), ...foreign, '', ' ', token.toUpperCase(), `${token}\n`])
        assert.ok(refusals.includes(await send(wrong)), `${kind}: ${wrong} was ${await send(wrong)}`)
      assert.equal(await send(token), 'accepted', kind)
    }
  })

  test('none of another instance is accepted', async () => {
    const [here, elsewhere] = [await testInstance(), await testInstance()]
    const [ours, theirs] = [await everyToken(here), await everyToken(elsewhere)]
    for (const [kind, { send, refusals }] of Object.entries(ours))
      assert.ok(refusals.includes(await send(theirs[kind]?.token ?? '')), kind)
  })
})

type Sent = { token: string; send: (token: string) => Promise<string>; refusals: readonly string[] }

/** One token of each kind, a way to present it, and the answers that say no. */
async function everyToken(instance: TestInstance): Promise<Record<string, Sent>> {
  const { client, grant } = await startDevice(instance)
  const program = await startBrowser(instance)
  const signedIn = await signInDevice(instance)
  const code = await consent(instance, program.url())
  const create = async (body: object) => {
    // Polls are paced; presenting many codes is what this does.
    instance.clock.now += 1
    const { type, status } = await ask(instance, '/token', { body })
    return status === 200 ? 'accepted' : String(type)
  }
  const portal = async (path: string, headers: Record<string, string>) => {
    const request = new Request(instance.origin + path, { headers })
    const response = await instance.fetch(request)
    return response.status === 200 ? 'accepted' : String(response.headers.get('x-amzn-errortype'))
  }
  const device = { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: grant.deviceCode }
  const pending = (answer: string) => (answer === 'AuthorizationPendingException' ? 'accepted' : answer)
  const refresh = { ...signedIn.client, grantType: GRANT_TYPES.refreshToken }
  const token = { 'x-amz-sso_bearer_token': signedIn.accessToken }
  const { nextToken = '' } = await instance.portal.listAccounts({ ...signedIn, maxResults: 1 })
  const noClient = ['InvalidClientException']
  const noGrant = ['InvalidGrantException', 'InvalidRequestException']
  return {
    clientId: {
      token: client.clientId,
      send: async (clientId) => pending(await create({ ...device, clientId })).replace('SlowDownException', 'accepted'),
      refusals: noClient,
    },
    clientSecret: {
      token: client.clientSecret,
      send: async (clientSecret) =>
        pending(await create({ ...device, clientSecret })).replace('SlowDownException', 'accepted'),
      refusals: noClient,
    },
    deviceCode: {
      token: grant.deviceCode ?? '',
      send: async (deviceCode) =>
        pending(await create({ ...device, deviceCode })).replace('SlowDownException', 'accepted'),
      refusals: noGrant,
    },
    // Presented with a wrong verifier: what a good code is told is not what a bad one is.
    authorizationCode: {
      token: code,
      send: async (presented) => {
        const body = { ...program.exchange(presented), codeVerifier: 'x'.repeat(64) }
        const { body: answer } = await ask(instance, '/token', { body })
        return /another redirect URI/.test(String(answer.error_description)) ? 'accepted' : 'InvalidGrantException'
      },
      refusals: noGrant,
    },
    refreshToken: {
      token: signedIn.refreshToken ?? '',
      send: (refreshToken) => create({ ...refresh, refreshToken }),
      refusals: noGrant,
    },
    accessToken: {
      token: signedIn.accessToken,
      send: (accessToken) =>
        /\n/.test(accessToken)
          ? Promise.resolve('UnauthorizedException') // no header can hold it
          : portal('/assignment/accounts', { 'x-amz-sso_bearer_token': accessToken }),
      refusals: ['UnauthorizedException'],
    },
    nextToken: {
      token: nextToken,
      send: (next) => portal(`/assignment/accounts?${new URLSearchParams({ next_token: next })}`, token),
      refusals: ['InvalidRequestException'],
    },
  }
}

/** Cuts of every length up to the prefix's and some beyond, one bit changed in each of many places, and more. */
function changesOf(token: string): string[] {
  const places = Array.from({ length: 24 }, (_, i) => Math.floor((i * (token.length - 1)) / 23))
  const cuts = places.map((at) => token.slice(0, at))
  const flips = places.map((at) => token.slice(0, at) + other(token.charAt(at)) + token.slice(at + 1))
  const changed = [
    ...cuts,
    token.slice(1),
    ...flips,
    `${token}A`,
    `${token}=`,
    token.replace('_', '-'),
    token.repeat(2),
  ]
  // A paging token may hold no underscore that could be replaced.
  return changed.filter((each) => each !== token)
}

function other(letter: string): string {
  return letter === 'A' ? 'B' : 'A'
}

/** The other token's body under this one's prefix. */
function rename(other: string, token: string): string {
  const prefix = Object.values(PREFIXES).find((each) => token.startsWith(each)) ?? ''
  return prefix + other.slice(7)
}

/** Without prefix and checksum: what paging tokens look like. */
function unwrap(token: string): string {
  return token.startsWith('ptc_') ? token.slice(7, -6) : `ptc_at_${token}`
}

function isOidc({ status, type, headers, body }: Answer, expected: number, name: string) {
  assert.deepEqual([status, type], [expected, name])
  assert.match(headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(headers.get('content-type'), 'application/json')
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(typeof body.error, 'string')
  assert.equal(body.message, body.error_description)
  assert.ok(!('code' in body))
}

function isPortal({ status, type, headers, body }: Answer, expected: number, name: string) {
  assert.deepEqual([status, type], [expected, name])
  assert.match(headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(headers.get('content-type'), 'application/json')
  assert.equal(body.__type, `com.amazonaws.switchboard.portal#${name}`)
  assert.equal(typeof body.message, 'string')
}

function isOidcOrPortal(answer: Answer, expected: number, name: string) {
  assert.deepEqual([answer.status, answer.type], [expected, name])
  assert.ok(answer.headers.get('x-amzn-requestid'))
}
