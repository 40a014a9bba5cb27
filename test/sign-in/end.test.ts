/** Ending sessions at the service: by signing out, and by signing in anew. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { memoryStore, type SignInEvent, type SignInOptions, signIn, signOut, type TokenStore } from 'ssooidc/sign-in'
import { testInstance } from '../support/instance.ts'
import { sharedClock } from './clock.ts'
import { aliceToken } from './home.ts'

const session = { name: 'work', startUrl: 'http://127.0.0.1:8000/start', region: 'us-east-1' }

async function signedIn(store: TokenStore = memoryStore()) {
  const instance = await testInstance()
  const token = await aliceToken(instance)
  await store.write(session, token)
  const client = { endpoint: instance.origin, env: {}, fetch: instance.fetch }
  /** Whether the session goes on: its refresh token says it. */
  const goesOn = async ({ client, refreshToken } = token) =>
    instance.oidc
      .createToken({
        clientId: client?.clientId ?? '',
        clientSecret: client?.clientSecret ?? '',
        grantType: 'refresh_token',
        refreshToken: refreshToken ?? '',
      })
      .then(
        () => true,
        () => false,
      )
  const events: SignInEvent[] = []
  /** Signs in by a code that the person decides about at once. */
  const again = (decision: 'approve' | 'deny', options: SignInOptions = {}) => {
    const clock = sharedClock(instance.clock, async () => {
      const shown = events.find((event) => event.type === 'device')
      assert.ok(shown)
      await instance.browser().decide(shown.verificationUriComplete, instance.people.alice, decision)
    })
    const onEvent = (event: SignInEvent) => void events.push(event)
    return signIn(session, { client, store, method: 'device', openBrowser: false, clock, onEvent, ...options })
  }
  return { instance, store, token, client, goesOn, again, events }
}

describe('signing in anew', () => {
  test('ends the session before once the new one is kept, where that is wished', async () => {
    const { instance, token, goesOn, again, events } = await signedIn()
    const next = await again('approve', { endPrevious: true })
    await assert.rejects(instance.portal.listAccounts({ accessToken: token.accessToken }), {
      name: 'UnauthorizedException',
    })
    assert.equal(await goesOn(), false)
    assert.equal((await instance.portal.listAccounts({ accessToken: next.accessToken })).accountList.length, 2)
    assert.deepEqual(events.at(-1), { type: 'previous', error: undefined })
  })

  test('ends one whose access token has expired, too', async () => {
    const { instance, token, goesOn, again } = await signedIn()
    instance.clock.now = token.expiresAt + 1
    await again('approve', { endPrevious: true })
    assert.equal(await goesOn(), false)
  })

  test('leaves it alone unless that is wished', async () => {
    const { goesOn, again } = await signedIn()
    await again('approve')
    assert.equal(await goesOn(), true)
  })

  test('leaves it alone when the person says no', async () => {
    const { store, token, goesOn, again } = await signedIn()
    await assert.rejects(again('deny', { endPrevious: true }), { reason: 'denied' })
    assert.deepEqual(await store.read(session), { outcome: 'found', token })
    assert.equal(await goesOn(), true)
  })

  test('leaves it alone when the new one could not be kept, since other programs have no other', async () => {
    const store = memoryStore()
    const { goesOn, again } = await signedIn(store)
    const failing = { ...store, write: () => Promise.reject(new Error('the disk is full')) }
    const said: string[] = []
    await again('approve', { endPrevious: true, store: failing, onUnkept: ({ message }) => void said.push(message) })
    assert.match(said[0] ?? '', /the disk is full/)
    assert.equal(await goesOn(), true)
  })

  test('succeeds even if the one before could not be ended, and says why', async () => {
    const { again, client, events, instance } = await signedIn()
    const fetch = (request: Request) =>
      request.url.endsWith('/logout') ? Promise.reject(new Error('no route')) : instance.fetch(request)
    await again('approve', { endPrevious: true, client: { ...client, fetch } })
    const last = events.at(-1)
    assert.ok(last?.type === 'previous' && last.error instanceof Error)
  })
})

describe('signing out', () => {
  test('ends a session whose access token has expired: the refresh token would outlive it', async () => {
    const { instance, token, client, store, goesOn } = await signedIn()
    instance.clock.now = token.expiresAt + 1
    const { hadToken, error } = await signOut(session, { client, store, clock: sharedClock(instance.clock) })
    assert.deepEqual([hadToken, error], [true, undefined])
    assert.equal(await goesOn(), false)
    assert.deepEqual(await store.read(session), { outcome: 'absent' })
  })

  test('ends it when only our clock says that the access token is good', async () => {
    const { instance, token, client, store, goesOn } = await signedIn()
    const clock = sharedClock({ now: instance.clock.now })
    instance.clock.now = token.expiresAt + 1
    assert.equal((await signOut(session, { client, store, clock })).error, undefined)
    assert.equal(await goesOn(), false)
  })
})
