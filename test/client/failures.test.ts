/**
 * What a caller meets when the service, or something before it, fails: as many requests as stated, and an error that says
 * what happened. `docs/reference/failures.md` shows the same rows beside what other clients do.
 */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it, mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type ClientOptions, type CreateTokenRequest, ssooidc } from 'ssooidc'
import { failureInputs, failureRows, promiseOf } from './failure-rows.ts'
import { type Stub, startStub } from './stub.ts'

// No files and no variables of the person who runs the tests.
const env = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const redeem: CreateTokenRequest = failureInputs.createToken
const registration = failureInputs.registerClient

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

describe('a failure', () => {
  for (const row of failureRows)
    it(`${row.item}: ${promiseOf(row)}`, async () => {
      const { behaviour, operation, error, inNode, requests } = row
      // Nothing takes long but the waits between attempts, which are tested below, by a clock that is set.
      const onAttempt: ClientOptions['onAttempt'] = () => void attempts++
      let attempts = 0
      const endpoint = behaviour === 'nobody' ? 'http://127.0.0.1:1' : stub.at(behaviour as Behaviour)
      const client = ssooidc({ env, endpoint, timeoutMs: 500, onAttempt })
      const startedAt = performance.now()
      const asked = operation === 'createToken' ? client.createToken(redeem) : client.registerClient(registration)
      if (error === undefined) await asked
      else await assert.rejects(asked, { ...error, ...inNode })
      assert.ok(performance.now() - startedAt < 6_000)
      assert.equal(behaviour === 'nobody' ? attempts : stub.requests(behaviour as Behaviour), requests)
    })
})

describe('what may be repeated', () => {
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
