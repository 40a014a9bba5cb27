/** Signing in through `signIn()`, against a whole Portico in memory. The listener for the browser is a real one. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { memoryStore, type Session, type SignInEvent, type SignInOptions, signIn } from 'ssooidc/sign-in'
import { type TestInstance, testInstance } from '../support/instance.ts'
import { sharedClock } from './clock.ts'

const sessionOf = ({ origin }: TestInstance): Session => ({
  name: 'work',
  startUrl: `${origin}/start`,
  region: 'us-east-1',
})
const clientOf = ({ origin, fetch }: TestInstance) => ({ endpoint: origin, fetch, env: {} })

function find<T extends SignInEvent['type']>(events: SignInEvent[], type: T): SignInEvent & { type: T } {
  const found = events.find((event) => event.type === type)
  assert.ok(found, `no event ${type}`)
  return found as SignInEvent & { type: T } // by the comparison above
}

describe('what signing in may be told', () => {
  const whole = /must be a whole number from 1 to 2147483647$/
  for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])
    test(`a time of ${timeoutMs} milliseconds is none that a timer can hold, and nobody is asked`, async () => {
      const instance = await testInstance()
      const store = memoryStore()
      const onEvent = () => assert.fail('somebody was asked')
      const [session, client] = [sessionOf(instance), clientOf(instance)]
      for (const method of ['pkce', 'device'] as const)
        await assert.rejects(signIn(session, { client, store, method, onEvent, timeoutMs }), {
          name: 'ConfigError',
          message: /^timeoutMs /,
        })
      const late = signIn(session, { client: { ...client, timeoutMs }, store, method: 'device', onEvent })
      await assert.rejects(late, { name: 'ConfigError', message: whole })
    })
})

describe('by device code', () => {
  test('the token is kept when the person has approved, with all that it takes to refresh it', async () => {
    const instance = await testInstance()
    const [session, store, events] = [sessionOf(instance), memoryStore(), [] as SignInEvent[]]
    let polls = 0
    const clock = sharedClock(instance.clock, async () => {
      if (++polls === 2)
        await instance.browser().decide(find(events, 'device').verificationUriComplete, instance.people.alice)
    })
    const options: SignInOptions = { client: clientOf(instance), store, clock, method: 'device', openBrowser: false }
    const token = await signIn(session, { ...options, onEvent: (event) => events.push(event) })
    assert.equal(find(events, 'device').opened, false)
    assert.equal(find(events, 'poll').error, undefined)
    const kept = await store.read(session)
    assert.ok(kept.outcome === 'found')
    assert.deepEqual(kept.token, token)
    assert.ok(token.refreshToken && token.client && token.client.expiresAt > instance.clock.now)
    const { accountList } = await instance.portal.listAccounts({ accessToken: token.accessToken })
    assert.equal(accountList.length, 2)
  })

  test('a denial ends it and leaves what was there', async () => {
    const instance = await testInstance()
    const [session, store, events] = [sessionOf(instance), memoryStore(), [] as SignInEvent[]]
    const clock = sharedClock(instance.clock, () =>
      instance.browser().decide(find(events, 'device').verificationUriComplete, instance.people.alice, 'deny'),
    )
    const options: SignInOptions = { client: clientOf(instance), store, clock, method: 'device', openBrowser: false }
    await assert.rejects(signIn(session, { ...options, onEvent: (event) => events.push(event) }), { reason: 'denied' })
    assert.deepEqual(await store.read(session), { outcome: 'absent' })
  })

  test('nobody who decides is noticed when the code lapses, or earlier where less patience was asked for', async () => {
    const instance = await testInstance()
    const start = instance.clock.now
    const options: SignInOptions = {
      client: clientOf(instance),
      store: memoryStore(),
      clock: sharedClock(instance.clock),
      method: 'device',
      openBrowser: false,
    }
    await assert.rejects(signIn(sessionOf(instance), { ...options, timeoutMs: 60_000 }), { reason: 'expired' })
    assert.equal(instance.clock.now - start, 59_000, 'just before, for the last poll')
    await assert.rejects(signIn(sessionOf(instance), options), { reason: 'expired' })
    assert.equal(instance.clock.now - start, 59_000 + 599_000)
  })

  test('an approval in the last seconds of the code counts', async () => {
    const instance = await testInstance()
    const [end, events] = [instance.clock.now + 597_000, [] as SignInEvent[]]
    let approved = false
    const clock = sharedClock(instance.clock, async () => {
      if (approved || instance.clock.now < end) return
      approved = true
      await instance.browser().decide(find(events, 'device').verificationUriComplete, instance.people.alice)
    })
    const options: SignInOptions = { client: clientOf(instance), store: memoryStore(), clock, method: 'device' }
    const onEvent = (event: SignInEvent) => void events.push(event)
    const token = await signIn(sessionOf(instance), { ...options, openBrowser: false, onEvent })
    assert.ok(token.accessToken)
  })

  test('it ends with the reason of its signal', async () => {
    const instance = await testInstance()
    const stop = new AbortController()
    const reason = new Error('the person pressed Ctrl-C')
    const options: SignInOptions = {
      client: clientOf(instance),
      store: memoryStore(),
      clock: sharedClock(instance.clock, () => stop.abort(reason)),
      method: 'device',
      openBrowser: false,
      signal: stop.signal,
    }
    await assert.rejects(signIn(sessionOf(instance), options), reason)
  })
})

describe('through a browser', () => {
  /** A browser on this machine that decides and comes back to the listener. Returns the page that the listener answered with. */
  function browserOf(instance: TestInstance, decision: 'approve' | 'deny' = 'approve') {
    const visit: { page?: Promise<Response> } = {}
    return {
      visit,
      open: async (url: string) => {
        const { location } = await instance.browser().decide(url, instance.people.alice, decision)
        assert.ok(location)
        visit.page = fetch(location)
        return true
      },
    }
  }

  test('the token is kept, and the browser is told only when it is', async () => {
    const instance = await testInstance()
    const [session, store] = [sessionOf(instance), memoryStore()]
    const browser = browserOf(instance)
    const options: SignInOptions = { client: clientOf(instance), store, method: 'pkce', openBrowser: browser.open }
    const token = await signIn(session, { ...options, clock: sharedClock(instance.clock) })
    const page = await browser.visit.page
    assert.equal(page?.status, 200)
    assert.match((await page?.text()) ?? '', /Signed in/)
    assert.ok(token.refreshToken)
    assert.equal((await store.read(session)).outcome, 'found')
  })

  test('a denial is shown in the browser as well', async () => {
    const instance = await testInstance()
    const browser = browserOf(instance, 'deny')
    const options: SignInOptions = {
      client: clientOf(instance),
      store: memoryStore(),
      method: 'pkce',
      openBrowser: browser.open,
      clock: sharedClock(instance.clock),
    }
    const message = /^The sign-in was denied in the browser/
    await assert.rejects(signIn(sessionOf(instance), options), { reason: 'denied', message })
    const page = await browser.visit.page
    assert.equal(page?.status, 400)
    assert.match((await page?.text()) ?? '', /Not signed in/)
  })

  test('a service that fails or refuses is no denial, and a stray error in between ends nothing', async () => {
    const instance = await testInstance()
    for (const [error, reason] of [
      ['server_error', 'failed'],
      ['invalid_scope', 'refused'],
    ]) {
      const open = async (url: string) => {
        const to = new URL(url).searchParams
        const back = new URL(to.get('redirect_uri') ?? '')
        back.search = new URLSearchParams({ error: 'access_denied' }).toString()
        assert.equal((await fetch(back)).status, 400, 'it does not know the state')
        back.search = new URLSearchParams({ error: `${error}`, state: to.get('state') ?? '' }).toString()
        fetch(back).then((page) => page.text())
        return true
      }
      const options: SignInOptions = {
        client: clientOf(instance),
        store: memoryStore(),
        method: 'pkce',
        openBrowser: open,
      }
      await assert.rejects(signIn(sessionOf(instance), options), { reason })
    }
  })

  test('a browser that cannot be opened leads to the device code, without a second command', async () => {
    const instance = await testInstance()
    const events: SignInEvent[] = []
    const clock = sharedClock(instance.clock, () =>
      instance.browser().decide(find(events, 'device').verificationUriComplete, instance.people.bob),
    )
    // Where there is a display, that is; elsewhere it is chosen from the start.
    const token = await signIn(sessionOf(instance), {
      client: clientOf(instance),
      store: memoryStore(),
      clock,
      openBrowser: async () => false,
      onEvent: (event) => events.push(event),
    })
    assert.ok(token.accessToken)
  })

  test('a port that is taken is said where the browser was asked for', async () => {
    const instance = await testInstance()
    const taken = createServer()
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening))
    const { port } = taken.address() as AddressInfo // it listens on an address
    const options: SignInOptions = { client: clientOf(instance), store: memoryStore(), method: 'pkce', port }
    await assert.rejects(signIn(sessionOf(instance), options), { reason: 'unavailable', message: /EADDRINUSE/ })
    taken.close()
  })

  test('a browser that never comes back is given up, and nothing listens any more', async () => {
    const instance = await testInstance()
    let listener = ''
    const options: SignInOptions = {
      client: clientOf(instance),
      store: memoryStore(),
      method: 'pkce',
      timeoutMs: 200,
      openBrowser: async (url) => {
        listener = new URL(url).searchParams.get('redirect_uri') ?? ''
        return true
      },
    }
    await assert.rejects(signIn(sessionOf(instance), options), { reason: 'expired' })
    await assert.rejects(fetch(listener))
  })

  test('an address that a person pastes counts as if the browser had come', async () => {
    const instance = await testInstance()
    const clock = sharedClock(instance.clock)
    const token = await signIn(sessionOf(instance), {
      client: clientOf(instance),
      store: memoryStore(),
      method: 'pkce',
      openBrowser: false,
      clock,
      onEvent: async (event) => {
        if (event.type !== 'browser') return
        const { location } = await instance.browser().decide(event.url, instance.people.alice)
        assert.equal(event.paste('http://127.0.0.1/oauth/callback?code=guess&state=guess'), false)
        assert.equal(event.paste(` ${location}\n`), true)
      },
    })
    assert.ok(token.accessToken)
  })
})
