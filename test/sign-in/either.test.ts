/** A browser and a code at once: whichever is first counts, and nothing of the other is left. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import type { Clock, SignInEvent, SignInOptions } from 'ssooidc/sign-in'
import { connectionsOf } from '../../packages/ssooidc/src/sign-in/around.ts'
import { byEither } from '../../packages/ssooidc/src/sign-in/either.ts'
import { testInstance } from '../support/instance.ts'

/** Somebody who signs in, whose browser and whose patience the test moves. */
async function signingIn(
  options: Pick<SignInOptions, 'openBrowser' | 'signal' | 'timeoutMs'> = {},
  isBlocked = (_: string) => false,
  /** Holds answers back. */
  holding: (path: string) => Promise<unknown> | undefined = () => undefined,
) {
  const instance = await testInstance()
  const events: SignInEvent[] = []
  const asked: string[] = []
  const answered: string[] = []
  const sleeps: { ms: number; wake: () => void }[] = []
  const watching = new Set<() => void>()
  const changed = () => {
    for (const look of watching) look()
  }
  const clock: Clock = {
    now: () => instance.clock.now,
    monotonic: () => instance.clock.now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const wake = () => {
          instance.clock.now += ms
          resolve()
        }
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
        sleeps.push({ ms, wake })
        changed()
      }),
  }
  const fetch = async (request: Request) => {
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    if (isBlocked(pathname)) return Response.json({ error: 'unauthorized_client' }, { status: 400 })
    const answer = await instance.fetch(request)
    answered.push(pathname)
    changed()
    await holding(pathname)
    return answer
  }
  const session = { name: 'work', startUrl: `${instance.origin}/start`, region: 'us-east-1' }
  const to = connectionsOf(session, { endpoint: instance.origin, env: {}, fetch })
  let opened = ''
  const token = byEither(to, session, {
    clock,
    openBrowser: async (url) => {
      opened = url
      return true
    },
    ...options,
    onEvent(event) {
      events.push(event)
      changed()
    },
  })
  token.catch(() => {}) // each test asks for it in the end
  const until = <T>(find: () => T | undefined | false) =>
    new Promise<T>((resolve, reject) => {
      const look = () => {
        const found = find()
        if (!found) return
        watching.delete(look)
        resolve(found)
      }
      watching.add(look)
      token.then(look, reject)
      look()
    })
  return {
    instance,
    token,
    asked,
    events,
    url: () => until(() => opened),
    redeemed: () => until(() => answered.includes('/token')),
    /** Lets the time pass that the program waits for now. */
    async pass() {
      const { ms, wake } = await until(() => sleeps.shift())
      wake()
      return ms
    },
    code: () => until(() => events.find((event): event is SignInEvent & { type: 'device' } => event.type === 'device')),
    /** Where the browser is sent after the person's decision. */
    async decide(url: string, decision: 'approve' | 'deny' = 'approve') {
      const { location } = await instance.browser().decide(url, instance.people.alice, decision)
      return location ?? ''
    },
  }
}

const listenerOf = (url: string) => new URL(url).searchParams.get('redirect_uri') ?? ''

describe('a browser and a code', () => {
  test('a browser that comes back soon is all that the person sees', async () => {
    const { token, url, decide, asked, events } = await signingIn()
    const page = fetch(await decide(await url()))
    assert.match((await token).accessToken, /^ptc_at_/)
    assert.match(await (await page).text(), /Signed in/)
    assert.deepEqual(asked, ['/client/register', '/token'])
    assert.deepEqual(
      events.map(({ type }) => type),
      ['browser'],
    )
  })

  test('after ten seconds a code is shown beside it, and whoever uses it closes the listener', async () => {
    const { token, url, code, pass, decide } = await signingIn()
    const opened = await url()
    assert.equal(await pass(), 10_000)
    const { verificationUriComplete, beside, opened: openedAgain } = await code()
    assert.deepEqual([beside, openedAgain], [true, false])
    await decide(verificationUriComplete)
    await pass()
    assert.match((await token).accessToken, /^ptc_at_/)
    await assert.rejects(fetch(listenerOf(opened)))
  })

  test('a browser that comes back late still counts, and the code is asked about no more', async () => {
    const { token, url, code, pass, decide, asked } = await signingIn()
    const opened = await url()
    await pass()
    await code()
    await pass()
    const page = fetch(await decide(opened))
    assert.match((await token).accessToken, /^ptc_at_/)
    await page
    const polls = asked.length
    await new Promise((soon) => setImmediate(soon))
    assert.equal(asked.length, polls)
  })

  for (const way of ['browser', 'code'] as const)
    test(`a denial by ${way} ends both`, async () => {
      const { token, url, code, pass, decide } = await signingIn()
      const opened = await url()
      await pass()
      const { verificationUriComplete } = await code()
      const location = await decide(way === 'browser' ? opened : verificationUriComplete, 'deny')
      const page = way === 'browser' ? fetch(location) : undefined
      if (way === 'code') await pass()
      await assert.rejects(token, { reason: 'denied' })
      await page
      await assert.rejects(fetch(listenerOf(opened)))
    })

  test('a browser that cannot be opened is not waited for', async () => {
    const { token, code, pass, decide, events } = await signingIn({ openBrowser: async () => false })
    const { verificationUriComplete, beside = false } = await code()
    assert.equal(beside, false)
    assert.ok(events.some(({ type }) => type === 'fallback'))
    await decide(verificationUriComplete)
    while ((await pass()) === 10_000);
    assert.match((await token).accessToken, /^ptc_at_/)
  })

  test('a service that gives no codes has its browser', async () => {
    const { token, url, pass, decide, asked } = await signingIn({}, (path) => path === '/device_authorization')
    const opened = await url()
    await pass()
    const page = fetch(await decide(opened))
    assert.match((await token).accessToken, /^ptc_at_/)
    await page
    assert.ok(asked.includes('/device_authorization'))
  })

  test('who finishes both at once has one session in the end', async () => {
    const { instance, token, url, code, pass, decide, redeemed, asked } = await signingIn()
    const opened = await url()
    await pass()
    const { verificationUriComplete } = await code()
    await decide(verificationUriComplete)
    // A browser that does not hang up: the listener waits for it, with the token in its hands.
    const { port, pathname, search, host } = new URL(await decide(opened))
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    await redeemed()
    await pass()
    const { accessToken } = await token
    socket.destroy()
    const { accountList } = await instance.portal.listAccounts({ accessToken })
    assert.equal(accountList.length, 2)
    assert.equal(asked.at(-1), '/logout')
  })

  test('who approves the code while the browser comes back has one session in the end', async () => {
    const answer = Promise.withResolvers<void>()
    let tokens = 0
    const hold = (path: string) => (path === '/token' && ++tokens === 1 ? answer.promise : undefined)
    const { instance, token, url, code, pass, decide, redeemed, asked } = await signingIn({}, undefined, hold)
    const opened = await url()
    await pass()
    const { verificationUriComplete } = await code()
    await decide(verificationUriComplete)
    await pass()
    await redeemed()
    const page = fetch(await decide(opened))
    assert.match(await (await page).text(), /Signed in/)
    answer.resolve()
    const { accessToken } = await token
    const { accountList } = await instance.portal.listAccounts({ accessToken })
    assert.equal(accountList.length, 2)
    assert.equal(asked.at(-1), '/logout')
  })

  for (const stopped of [false, true])
    test(`a service that does not let the other session end keeps nobody waiting${stopped ? ', least of all who stops it' : ''}`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const [stop, never] = [new AbortController(), Promise.withResolvers<void>()]
      const ending = Promise.withResolvers<void>()
      const hold = (path: string) => {
        if (path !== '/logout') return undefined
        ending.resolve()
        return never.promise
      }
      const { token, url, code, pass, decide, redeemed } = await signingIn({ signal: stop.signal }, undefined, hold)
      const opened = await url()
      await pass()
      const { verificationUriComplete } = await code()
      await decide(verificationUriComplete)
      const { port, pathname, search, host } = new URL(await decide(opened))
      const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      await redeemed()
      await pass()
      socket.destroy()
      await ending.promise
      if (stopped) stop.abort(new Error('Ctrl-C'))
      t.mock.timers.tick(stopped ? 1_000 : 5_000)
      assert.match((await token).accessToken, /^ptc_at_/)
    })

  test('a code that lapses leaves the browser its time', async () => {
    const { token, url, code, pass, decide } = await signingIn()
    const opened = await url()
    await pass()
    await code()
    for (let waited = 0; waited < 599_000; ) waited += await pass()
    const page = fetch(await decide(opened))
    assert.match((await token).accessToken, /^ptc_at_/)
    await page
  })

  test('a browser that has had its time leaves the code its own', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { token, url, code, pass, decide } = await signingIn()
    const opened = await url()
    await pass()
    const { verificationUriComplete } = await code()
    t.mock.timers.tick(600_000)
    await assert.rejects(fetch(listenerOf(opened)))
    await decide(verificationUriComplete)
    await pass()
    assert.match((await token).accessToken, /^ptc_at_/)
  })

  test('when neither is used in time, it has expired', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { token, url, code, pass } = await signingIn()
    await url()
    await pass()
    await code()
    t.mock.timers.tick(600_000)
    for (let waited = 0; waited < 599_000; ) waited += await pass()
    await assert.rejects(token, { reason: 'expired' })
  })

  test('the time that a person has is that of both together', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { instance, token, url, code, pass } = await signingIn({ timeoutMs: 30_000 })
    const begun = instance.clock.now
    await url()
    await pass()
    assert.equal((await code()).expiresAt, begun + 30_000)
    t.mock.timers.tick(30_000)
    for (let waited = 0; waited < 19_000; ) waited += await pass()
    await assert.rejects(token, { reason: 'expired' })
  })

  test('a person who has less time than that sees no code', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { token, url, pass, asked } = await signingIn({ timeoutMs: 5_000 })
    await url()
    t.mock.timers.tick(5_000)
    assert.equal(await pass(), 5_000)
    await assert.rejects(token, { reason: 'expired' })
    assert.ok(!asked.includes('/device_authorization'))
  })

  test('ends at once with the reason of its signal, and nothing listens any more', async () => {
    const [stop, reason] = [new AbortController(), new Error('Ctrl-C')]
    const { token, url, code, pass } = await signingIn({ signal: stop.signal })
    const opened = await url()
    await pass()
    await code()
    stop.abort(reason)
    await assert.rejects(token, reason)
    await assert.rejects(fetch(listenerOf(opened)))
  })

  test('an opener that waits for its browser to end is not waited for', async () => {
    const opening = Promise.withResolvers<string>()
    const open = (url: string) => {
      opening.resolve(url)
      return new Promise<boolean>(() => {})
    }
    const { token, decide } = await signingIn({ openBrowser: open })
    const page = fetch(await decide(await opening.promise))
    assert.match((await token).accessToken, /^ptc_at_/)
    await page
  })
})
