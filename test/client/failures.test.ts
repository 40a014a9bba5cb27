/**
 * What a caller meets when the service, or something before it, fails: as many requests as stated, and an error that says
 * what happened. `docs/reference/parity.md` shows the same table with what other clients do.
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it, mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type ClientOptions, type CreateTokenRequest, GRANT_TYPES, ssooidc } from 'ssooidc'
import { type Stub, startStub } from './stub.ts'

// No files and no variables of the person who runs the tests.
const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const redeem: CreateTokenRequest = {
  clientId: 'id',
  clientSecret: 'secret',
  grantType: GRANT_TYPES.deviceCode,
  deviceCode: 'dc',
}
const registration = { clientName: 'test', clientType: 'public' }

let stub: Stub
before(async () => {
  stub = await startStub()
})
after(() => stub[Symbol.asyncDispose]())

type Behaviour = Parameters<Stub['at']>[0]
const at = (behaviour: Behaviour, options: ClientOptions = {}) =>
  ssooidc({ env, endpoint: stub.at(behaviour), ...options })

/** Waits for a promise while the mocked clock runs, in steps that let the network breathe. */
async function running<T>(promise: Promise<T>): Promise<T> {
  let settled = false
  const done = promise.finally(() => {
    settled = true
  })
  done.catch(() => {})
  while (!settled) {
    await turn()
    mock.timers.tick(10)
  }
  return done
}

describe('a redemption, which no one may repeat unasked', () => {
  it('refused connection: 3 attempts, since nothing was sent, then a ConnectionError with the code', async () => {
    const attempts: number[] = []
    const onAttempt = ({ attempt }: { attempt: number }) => void attempts.push(attempt)
    const { createToken } = ssooidc({ env, endpoint: 'http://127.0.0.1:1', onAttempt })
    await assert.rejects(createToken(redeem), {
      name: 'ConnectionError',
      code: 'ECONNREFUSED',
      host: '127.0.0.1:1',
      retrySafe: true,
    })
    assert.deepEqual(attempts, [1, 2, 3])
  })

  for (const behaviour of ['silent', 'drip'] as const)
    it(`${behaviour === 'silent' ? 'no answer' : 'a body that drips'}: 1 request, a TimeoutError when the time is up`, async () => {
      const startedAt = performance.now()
      await assert.rejects(at(behaviour, { timeoutMs: 150 }).createToken(redeem), {
        name: 'TimeoutError',
        timeoutMs: 150,
        retrySafe: false,
      })
      assert.ok(performance.now() - startedAt < 5_000)
      assert.equal(stub.requests(behaviour), 1)
    })

  for (const [what, behaviour, requests, error] of [
    ['500', 'failing', 1, { name: 'InternalServerException', message: 'This is server_error.', retrySafe: false }],
    ['500, and a good answer behind it', 'recovering', 1, { name: 'InternalServerException', retrySafe: false }],
    [
      '500 as an HTML page',
      'page',
      1,
      {
        name: 'MalformedResponseError',
        status: 500,
        message: 'CreateToken: HTTP 500 without an error type; the answer is an HTML page titled "Gateway trouble"',
      },
    ],
    ['authorization pending', 'pending', 1, { name: 'AuthorizationPendingException', error: 'authorization_pending' }],
    ['slow down', 'slow-down', 1, { name: 'SlowDownException', message: 'This is slow_down.' }],
    ['pending without a type', 'pending-without-type', 1, { name: 'AuthorizationPendingException' }],
    ['slow down without a type', 'slow-down-without-type', 1, { name: 'SlowDownException', status: 400 }],
    ['truncated JSON', 'truncated', 1, { name: 'MalformedResponseError', status: 200, retrySafe: false }],
    ['an empty answer', 'empty', 1, { name: 'MalformedResponseError', status: 200 }],
    [
      'wrong types',
      'wrong-types',
      1,
      {
        name: 'MalformedResponseError',
        message: 'CreateToken: the answer is wrong: accessToken must be a string; expiresIn must be a whole number',
      },
    ],
    ['302', 'found', 1, { name: 'UnexpectedRedirectError', location: 'https://elsewhere.example/token' }],
    ['307', 'temporary', 1, { name: 'UnexpectedRedirectError', location: 'https://elsewhere.example/token' }],
    ['a reset connection', 'reset', 1, { name: 'ConnectionError', code: 'ECONNRESET', retrySafe: false }],
    ['an answer of 200 MiB', 'huge', 1, { name: 'ResponseTooLargeError', maxResponseBytes: 2 ** 20 }],
    ['an endless answer', 'endless', 1, { name: 'ResponseTooLargeError' }],
  ] as const)
    it(`${what}: ${requests} request, ${error.name}`, async () => {
      await assert.rejects(at(behaviour).createToken(redeem), error)
      assert.equal(stub.requests(behaviour), requests)
    })
})

describe('what may be repeated', () => {
  for (const [what, behaviour] of [
    ['500', 'failing'],
    ['500 as an HTML page', 'page'],
    ['a reset connection', 'reset'],
  ] as const)
    it(`${what}: a registration is tried 3 times`, async () => {
      await assert.rejects(at(behaviour).registerClient(registration), { retrySafe: true })
      assert.equal(stub.requests(behaviour), 3)
    })

  it('500, 500, 200: a registration succeeds with 3 requests, all with one invocation id', async () => {
    await at('recovering').registerClient(registration)
    assert.equal(stub.requests('recovering'), 3)
    assert.equal(stub.last.headers['amz-sdk-request'], 'attempt=3; max=3')
    assert.match(`${stub.last.headers['amz-sdk-invocation-id']}`, /^[0-9a-f-]{36}$/)
  })

  it('500, 500, 200: a redemption succeeds where the service replays its answers', async () => {
    await at('recovering', { replaysAnswers: true }).createToken(redeem)
    assert.equal(stub.requests('recovering'), 3)
  })

  it('maxAttempts says how often', async () => {
    await assert.rejects(at('failing', { maxAttempts: 1 }).registerClient(registration))
    assert.equal(stub.requests('failing'), 1)
  })
})

describe('the wait between attempts', () => {
  beforeEach((context) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    mock.method(Math, 'random', () => 1)
    if ('after' in context) context.after(() => mock.reset())
  })

  const waits = (options: ClientOptions = {}) => {
    const seen: (number | undefined)[] = []
    const onAttempt: ClientOptions['onAttempt'] = ({ retryInMs }) => void seen.push(retryInMs)
    return { seen, options: { onAttempt, timeoutMs: 2 ** 31 - 1, ...options } }
  }

  it('503 with Retry-After: 2: any operation is asked again after 2 s', async () => {
    const { seen, options } = waits()
    await running(at('busy', options).createToken(redeem))
    assert.deepEqual(seen, [2_000, undefined])
    assert.equal(stub.requests('busy'), 2)
  })

  it('a Retry-After longer than maxRetryAfterMs ends the call', async () => {
    const { seen, options } = waits({ maxRetryAfterMs: 1_999 })
    await assert.rejects(running(at('busy', options).createToken(redeem)), { retryAfter: 2 })
    assert.deepEqual(seen, [undefined])
  })

  it('429: any operation is asked again after up to 1 s, then up to 2 s', async () => {
    const { seen, options } = waits()
    await assert.rejects(running(at('throttling', options).createToken(redeem)), { name: 'TooManyRequestsException' })
    assert.deepEqual(seen, [1_000, 2_000, undefined])
    assert.equal(stub.requests('throttling'), 3)
  })

  it('500: up to 50 ms, then up to 100 ms', async () => {
    const { seen, options } = waits()
    await assert.rejects(running(at('failing', options).registerClient(registration)))
    assert.deepEqual(seen, [50, 100, undefined])
  })

  it('is not begun when it would pass the deadline of the call', async () => {
    const { seen, options } = waits({ deadlineMs: 1_500 })
    await assert.rejects(running(at('throttling', options).createToken(redeem)), { name: 'TooManyRequestsException' })
    assert.deepEqual(seen, [1_000, undefined])
  })

  it('ends at once when the signal aborts, with its reason', async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const options: ClientOptions = { onAttempt: () => abort.abort(reason) }
    await assert.rejects(
      at('throttling', options).createToken(redeem, { signal: abort.signal }),
      (thrown) => thrown === reason,
    )
    assert.equal(stub.requests('throttling'), 1)
  })
})

describe('an abort', () => {
  it('in flight ends the call at once, with its reason', async () => {
    const reason = new Error('enough')
    const abort = new AbortController()
    const asked = at('silent').createToken(redeem, { signal: abort.signal })
    abort.abort(reason)
    await assert.rejects(asked, (thrown) => thrown === reason)
  })

  it('of a deadline over all attempts is a TimeoutError', async () => {
    await assert.rejects(at('silent', { deadlineMs: 100 }).createToken(redeem), {
      name: 'TimeoutError',
      timeoutMs: 100,
    })
  })
})
