import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import {
  type CreateTokenOutput,
  type Fetch,
  GRANT_TYPES,
  isServiceException,
  MalformedResponseError,
  oidcErrors,
  sso,
  ssooidc,
} from 'ssooidc'
import manifest from '../../package.json' with { type: 'json' }

const endpoint = 'http://127.0.0.1:8000'
// No files and no variables of the person who runs the tests.
const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const token = { accessToken: 'at', tokenType: 'Bearer', expiresIn: 3600 }
const input = { clientId: 'id', clientSecret: 'secret', grantType: GRANT_TYPES.deviceCode, deviceCode: 'dc' }

/** A client whose requests go to `answer`, and what it sent. */
function asking(answer: Fetch) {
  const sent: Request[] = []
  const fetch: Fetch = (request) => {
    sent.push(request)
    return answer(request)
  }
  return { sent, fetch, ...ssooidc({ env, endpoint, fetch }), ...sso({ env, endpoint, fetch }) }
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers })

describe('a client', () => {
  it('has one function for each operation, and they may be taken off it', async () => {
    const { createToken } = ssooidc({ env, endpoint, fetch: json(200, token) })
    const answer: CreateTokenOutput = await createToken(input)
    assert.equal(answer.accessToken, 'at')
  })

  it('sends a body as JSON to the path of the contract', async () => {
    const { sent, createToken } = asking(json(200, token))
    await createToken(input)
    const [request] = sent
    assert.equal(request?.method, 'POST')
    assert.equal(request?.url, `${endpoint}/token`)
    assert.equal(request?.headers.get('content-type'), 'application/json')
    assert.deepEqual(await request?.json(), input)
  })

  it('sends an access token in its header, and query values percent-encoded', async () => {
    const { sent, getRoleCredentials } = asking(
      json(200, { roleCredentials: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration: 1 } }),
    )
    await getRoleCredentials({ roleName: 'a b/+@', accountId: '111111111111', accessToken: 'at' })
    assert.equal(sent[0]?.url, `${endpoint}/federation/credentials?role_name=a%20b%2F%2B%40&account_id=111111111111`)
    assert.equal(sent[0]?.headers.get('x-amz-sso_bearer_token'), 'at')
  })

  it('names itself with the version of its package, after the name of the program that uses it', async () => {
    const sent: Request[] = []
    const fetch: Fetch = (request) => {
      sent.push(request)
      return Response.json(token)
    }
    await ssooidc({ env, endpoint, fetch }).createToken(input)
    await ssooidc({ env, endpoint, fetch, userAgent: 'tool/1' }).createToken(input)
    assert.deepEqual(
      sent.map(({ headers }) => headers.get('user-agent')),
      [`ssooidc/${manifest.version}`, `tool/1 ssooidc/${manifest.version}`],
    )
  })

  it('throws the error that the service named, with its words, its status and its request id', async () => {
    const { createToken } = asking(
      json(
        400,
        { error: 'slow_down', error_description: 'Polled too often' },
        { 'x-amzn-ErrorType': 'SlowDownException:http://internal.amazon.com/coral/', 'x-amzn-RequestId': 'r-1' },
      ),
    )
    await assert.rejects(createToken(input), (thrown) => {
      assert.ok(thrown instanceof oidcErrors.SlowDownException)
      assert.ok(isServiceException(thrown, 'SlowDownException') && isServiceException(thrown, 'slow_down'))
      assert.ok(!isServiceException(thrown, 'AccessDeniedException'))
      assert.deepEqual([thrown.name, thrown.message, thrown.status], ['SlowDownException', 'Polled too often', 400])
      assert.equal(thrown.requestId, 'r-1')
      return true
    })
  })

  it('knows an OAuth error by its code where a server leaves the type out', async () => {
    const { createToken } = asking(json(400, { error: 'authorization_pending' }))
    await assert.rejects(createToken(input), { name: 'AuthorizationPendingException', status: 400 })
  })

  it('refuses an input that the contract does not allow, before anything is sent', async () => {
    const { sent, createToken } = asking(json(200, token))
    // @ts-expect-error clientSecret and grantType are required
    await assert.rejects(createToken({ clientId: 'id' }), {
      name: 'TypeError',
      message: 'CreateToken: clientSecret is missing; grantType is missing',
    })
    assert.equal(sent.length, 0)
  })

  it('refuses a token that no header can carry, without repeating it', async () => {
    const { sent, listAccounts } = asking(json(200, {}))
    await assert.rejects(listAccounts({ accessToken: 'very-secret\n' }), {
      name: 'TypeError',
      message: 'ListAccounts: accessToken has a character that no header may',
    })
    assert.equal(sent.length, 0)
  })

  for (const [what, answer] of [
    ['an answer that is not JSON', () => new Response('<html>')],
    ['an answer that lacks a required member', json(200, { tokenType: 'Bearer', expiresIn: 1 })],
    ['a number that came as a string', json(200, { ...token, expiresIn: '3600' })],
    ['an error page of something in between', () => new Response('<html>', { status: 502 })],
  ] as const)
    it(`calls ${what} malformed`, async () => {
      await assert.rejects(asking(answer).createToken(input), MalformedResponseError)
    })

  it('never repeats a secret when it says that an answer is malformed', async () => {
    const { createToken } = asking(json(200, { accessToken: 'very-secret', tokenType: 1, expiresIn: 'very-secret' }))
    await assert.rejects(createToken(input), (thrown: Error) => {
      assert.doesNotMatch(`${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)}`, /very-secret/)
      return true
    })
  })

  for (const status of [301, 302, 303, 307, 308])
    it(`does not follow a redirect (${status}), and says where it pointed`, async () => {
      const { sent, createToken } = asking(
        () => new Response(null, { status, headers: { location: 'https://elsewhere.example/' } }),
      )
      await assert.rejects(createToken(input), {
        name: 'UnexpectedRedirectError',
        location: 'https://elsewhere.example/',
      })
      assert.equal(sent[0]?.redirect, 'manual')
      assert.equal(sent.length, 1)
    })

  it('reads at most a megabyte of an answer', async () => {
    let pulled = 0
    let released = false
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 2 ** 16
        controller.enqueue(new Uint8Array(2 ** 16))
      },
      cancel: () => {
        released = true
      },
    })
    const { createToken } = asking(() => new Response(endless))
    await assert.rejects(createToken(input), /larger than 1048576 bytes/)
    assert.ok(pulled < 2 ** 21, `${pulled} bytes were asked for`)
    assert.ok(released)
  })

  it('says which host did not answer, and why', async () => {
    const { createToken } = asking(() => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(''), { code: 'ECONNREFUSED' }) })
    })
    await assert.rejects(createToken(input), {
      name: 'ConnectionError',
      message: 'CreateToken: no answer from 127.0.0.1:8000: ECONNREFUSED',
    })
  })

  it('says that CreateTokenWithIAM needs a region to sign for, and sends nothing', async () => {
    const { sent, createTokenWithIAM } = asking(json(200, token))
    const grantType = GRANT_TYPES.jwtBearer
    const asked = createTokenWithIAM({ clientId: 'arn:aws:sso::1:application/a', grantType, assertion: 'jwt' })
    await assert.rejects(asked, {
      name: 'ConfigError',
      message: 'CreateTokenWithIAM is signed, and a signature needs a region',
    })
    assert.equal(sent.length, 0)
  })
})

describe('a call ends', () => {
  const hangs: Fetch = () => new Promise(() => {})
  const drips: Fetch = () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }))

  for (const [what, fetch] of [
    ['no answer comes', hangs],
    ['the answer never ends', drips],
  ] as const) {
    it(`when its time is up although ${what}`, async () => {
      mock.timers.enable({ apis: ['setTimeout'] })
      try {
        const asked = ssooidc({ env, endpoint, fetch }).createToken(input)
        mock.timers.tick(60_000)
        await assert.rejects(asked, {
          name: 'TimeoutError',
          message: 'CreateToken: 127.0.0.1:8000 did not answer in full within 60000 ms',
        })
      } finally {
        mock.timers.reset()
      }
    })

    it(`when its signal aborts although ${what}, with the signal's reason`, async () => {
      const abort = new AbortController()
      const asked = ssooidc({ env, endpoint, fetch }).createToken(input, { signal: abort.signal })
      const reason = new Error('the person closed the window')
      abort.abort(reason)
      await assert.rejects(asked, (thrown) => thrown === reason)
    })
  }

  it('before anything is sent when its signal had already aborted', async () => {
    const { sent, createToken } = asking(json(200, token))
    await assert.rejects(createToken(input, { signal: AbortSignal.abort() }), { name: 'AbortError' })
    assert.equal(sent.length, 0)
  })
})
