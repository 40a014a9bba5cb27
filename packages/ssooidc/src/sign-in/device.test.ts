import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ConnectionError } from '../client/errors.ts'
import * as errors from '../protocol/sso-oidc/errors.ts'
import { createToken } from '../protocol/sso-oidc/index.ts'
import type { Clock } from './clock.ts'
import { type PollReport, pollForToken } from './device.ts'

const device = { clientId: 'ci', clientSecret: 'cs', deviceCode: 'dc', expiresIn: 600, interval: 1 }
const tokens = { accessToken: 'at', tokenType: 'Bearer', expiresIn: 3600 }
const pending = new errors.AuthorizationPendingException('not yet')
const down = new ConnectionError(createToken, 'example.com', new Error('no route'))

/** Polls that are answered in turn; the last answer stays. Returns the seconds between them. */
async function poll(answers: readonly unknown[], of: Partial<typeof device> = {}, immediate = false) {
  const waits: number[] = []
  const reports: PollReport[] = []
  let now = 0
  let under = 0
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => {
      waits.push(ms / 1_000)
      now += ms
    },
  }
  let asked = 0
  const createToken = async () => {
    assert.equal(++under, 1, 'two polls under way')
    await Promise.resolve()
    under--
    const answer = answers[Math.min(asked++, answers.length - 1)]
    if (answer instanceof Error) throw answer
    return tokens
  }
  const onPoll = (report: PollReport) => reports.push(report)
  const result = await pollForToken({ createToken }, { ...device, ...of }, { clock, immediate, onPoll }).catch(
    (thrown) => thrown,
  )
  return { result, waits, reports, asked }
}

describe('polling', () => {
  test('waits the interval first, or, for a device that may be approved already, not at all', async () => {
    assert.deepEqual((await poll([tokens])).waits, [1])
    assert.deepEqual((await poll([tokens], {}, true)).waits, [0])
  })

  for (const interval of [undefined, 0])
    test(`waits five seconds when the interval is ${interval}`, async () => {
      assert.deepEqual((await poll([pending, tokens], { interval } as Partial<typeof device>)).waits, [5, 5])
    })

  test('adds five seconds with each slow_down, for good', async () => {
    const slow = new errors.SlowDownException('slower')
    assert.deepEqual((await poll([pending, slow, pending, slow, pending, tokens])).waits, [1, 1, 6, 6, 11, 11])
  })

  test('heeds Retry-After once', async () => {
    const busy = new errors.AuthorizationPendingException('not yet', { retryAfter: 20 })
    assert.deepEqual((await poll([busy, pending, tokens])).waits, [1, 20, 1])
  })

  test('goes on, less often, while the service cannot be reached', async () => {
    const { waits, reports } = await poll([down, down, down, pending, tokens])
    assert.deepEqual(waits, [1, 2, 4, 8, 1])
    assert.equal(reports[0]?.error, down)
    assert.equal(reports[3]?.error, undefined)
  })

  test('goes on through a failure of the service', async () => {
    const failure = new errors.InternalServerException('broken')
    assert.deepEqual((await poll([failure, tokens])).result, tokens)
  })

  const sum = (waits: number[]) => waits.reduce((all, wait) => all + wait)

  test('ends when the code has lapsed, whatever the service says', async () => {
    for (const answer of [down, pending]) {
      const { result, waits } = await poll([answer])
      assert.equal(result.reason, 'expired')
      assert.equal(result.cause, answer)
      assert.equal(sum(waits), 599)
    }
  })

  const lastPolls: [life: number, interval: number, waits: number[]][] = [
    // A whole interval fits before the end once more, or twice; what is left over is added to the last.
    [12, 5, [5, 6]],
    [10, 5, [9]],
    [16, 5, [5, 5, 5]],
    [601, 5, Array<number>(120).fill(5)],
    // A code that lives no longer than the interval is asked about once, just before its end.
    [4, 5, [3]],
    [1, 5, [0.5]],
  ]
  for (const [expiresIn, interval, waits] of lastPolls)
    test(`asks for the last time just before the end of ${expiresIn} seconds, and never sooner than each ${interval}`, async () => {
      const polled = await poll([pending], { expiresIn, interval })
      assert.deepEqual(polled.waits, waits)
      assert.equal(polled.asked, waits.length)
    })

  test('takes an approval that came between the last two polls', async () => {
    const { result, waits } = await poll([pending, tokens], { expiresIn: 12, interval: 5 })
    assert.deepEqual(result, tokens)
    assert.deepEqual(waits, [5, 6])
  })

  test('asks at the end even when it was told to slow down beyond it', async () => {
    const { result, waits } = await poll([new errors.SlowDownException('slower'), tokens], {
      expiresIn: 12,
      interval: 5,
    })
    assert.deepEqual(result, tokens)
    assert.deepEqual(waits, [5, 6])
  })

  test('takes a code that is unknown at the end for one that has lapsed, as AWS says it', async () => {
    const lapsed = new errors.InvalidGrantException('Invalid device code provided')
    assert.equal((await poll([pending, lapsed], { expiresIn: 12, interval: 5 })).result.reason, 'expired')
    assert.equal((await poll([lapsed], { expiresIn: 600, interval: 5 })).result, lapsed)
  })

  test('does not ask after the end, when the machine has slept meanwhile', async () => {
    let now = 0
    const sleep = async () => {
      now += 3_600_000
    }
    const clock: Clock = { now: () => now, monotonic: () => now, sleep }
    const createToken = () => assert.fail('it asked')
    await assert.rejects(pollForToken({ createToken }, device, { clock }), { reason: 'expired' })
  })

  const ends: [error: Error, reason: string][] = [
    [new errors.AccessDeniedException('no'), 'denied'],
    [new errors.ExpiredTokenException('too late'), 'expired'],
  ]
  for (const [error, reason] of ends)
    test(`ends at ${error.name} as ${reason}`, async () => {
      const { result, asked } = await poll([error])
      assert.equal(result.reason, reason)
      assert.equal(result.cause, error)
      assert.equal(asked, 1)
    })

  for (const error of [new errors.InvalidGrantException('what?'), new errors.InvalidClientException('who?')])
    test(`ends at ${error.name} as it is`, async () => {
      assert.equal((await poll([error])).result, error)
    })

  test('ends at once when it is told to, in a wait and in a call', async () => {
    const reason = new Error('Ctrl-C')
    const stop = new AbortController()
    const asleep = pollForToken({ createToken: async () => tokens }, device, { signal: stop.signal })
    stop.abort(reason)
    await assert.rejects(asleep, reason)
    const inCall = new AbortController()
    const createToken = async () => {
      inCall.abort(reason)
      throw down
    }
    const options = { signal: inCall.signal, immediate: true }
    await assert.rejects(pollForToken({ createToken }, device, options), reason)
  })
})
