/** What a person has approved is never lost: they have it, or nobody does. */
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import {
  fileStore,
  memoryStore,
  refresh,
  SignInError,
  type SignInEvent,
  type SignInOptions,
  signIn,
  type TokenStore,
} from 'ssooidc/sign-in'
import { testInstance } from '../support/instance.ts'
import { sharedClock } from './clock.ts'
import { start } from './command.ts'
import { makeHome } from './home.ts'
import { serve } from './served.ts'

const session = { name: 'work', startUrl: 'http://127.0.0.1:8000/start', region: 'us-east-1' }

/** Somebody who signs in by a code and approves it at once. `onToken` sees the answer that brings the token before the program. */
async function approving(onToken: (answer: Response) => unknown = () => {}) {
  const instance = await testInstance()
  const events: SignInEvent[] = []
  const asked: string[] = []
  const given: { accessToken?: string } = {}
  const fetch = async (request: Request) => {
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    const answer = await instance.fetch(request)
    if (pathname === '/token' && answer.ok) {
      given.accessToken = (await answer.clone().json()).accessToken
      await onToken(answer)
    }
    return answer
  }
  const clock = sharedClock(instance.clock, async () => {
    const shown = events.find((event) => event.type === 'device')
    assert.ok(shown)
    await instance.browser().decide(shown.verificationUriComplete, instance.people.alice)
  })
  const said: string[] = []
  const options: SignInOptions = {
    client: { endpoint: instance.origin, env: {}, fetch },
    clock,
    method: 'device',
    openBrowser: false,
    onEvent: (event) => void events.push(event),
    onUnkept: ({ message }) => void said.push(message),
  }
  return {
    options,
    asked,
    said,
    clock,
    /** Whether a token opens the portal; by default that which the service gave last. */
    opens: (accessToken = given.accessToken ?? '') =>
      instance.portal.listAccounts({ accessToken }).then(
        () => true,
        () => false,
      ),
  }
}

describe('what a person has approved', () => {
  const locked = new SignInError('locked', 'process 12 holds work.json.lock; end it, or remove the file')
  const away = new Error('the store is away')
  const stores: [name: string, failing: Partial<TokenStore>, why: RegExp][] = [
    ['that another process holds', { exclusively: () => Promise.reject(locked) }, /process 12 holds/],
    ['that cannot be read or written', { read: () => Promise.reject(away), write: () => Promise.reject(away) }, /away/],
  ]
  for (const [name, failing, why] of stores)
    test(`is good in this process where the store is one ${name} by then, and that is said`, async () => {
      const { options, said, opens, clock } = await approving()
      const store = { ...memoryStore(), ...failing }
      const token = await signIn(session, { ...options, store })
      assert.match(said.join(), why)
      assert.match(said.join(), /The token of work is good for this program only/)
      assert.equal(await opens(token.accessToken), true)
      const again = await refresh(session, { store, clock, onUnkept: options.onUnkept })
      assert.equal(again.accessToken, token.accessToken, 'it is remembered')
    })

  test('is kept where the store could not say what was there before', async () => {
    const { options, said } = await approving()
    const store = memoryStore()
    let reads = 0
    const read: TokenStore['read'] = (of) => (++reads === 1 ? Promise.reject(away) : store.read(of))
    const token = await signIn(session, { ...options, store: { ...store, read } })
    assert.deepEqual(await store.read(session), { outcome: 'found', token })
    assert.deepEqual(said, [])
  })

  test('is offered again to a folder that stopped being one by then', async () => {
    await using home = await makeHome()
    const cache = join(home.folder, '.aws/sso/cache')
    const { options, said, clock } = await approving(async () => {
      await mkdir(dirname(cache), { recursive: true })
      await writeFile(cache, 'not a folder')
    })
    const client = { ...options.client, env: home.env }
    const token = await signIn(session, { ...options, client })
    assert.match(said.join(), /sso\/cache cannot be written/)
    await rm(cache)
    assert.equal((await refresh(session, { client, clock })).accessToken, token.accessToken)
    const kept = await fileStore({ env: home.env }).read(session)
    assert.equal(kept.outcome === 'found' && kept.token.accessToken, token.accessToken)
  })

  test('ends at the service when the program is stopped before it could be kept', async () => {
    const [stop, reason] = [new AbortController(), new Error('Ctrl-C')]
    const { options, opens } = await approving()
    const inner = memoryStore()
    const exclusively: TokenStore['exclusively'] = (of, work, signal) => {
      stop.abort(reason)
      return inner.exclusively(of, work, signal)
    }
    const store = { ...inner, exclusively }
    await assert.rejects(signIn(session, { ...options, store, signal: stop.signal }), reason)
    assert.equal(await opens(), false)
    assert.deepEqual(await store.read(session), { outcome: 'absent' })
  })

  test('ends at the service when the program is stopped while the answer is on its way', async () => {
    const [stop, reason] = [new AbortController(), new Error('Ctrl-C')]
    const { options, opens, asked } = await approving(() => stop.abort(reason))
    const store = memoryStore()
    await assert.rejects(signIn(session, { ...options, store, signal: stop.signal }), reason)
    assert.equal(await opens(), false)
    assert.equal(asked.at(-1), '/logout')
    assert.deepEqual(await store.read(session), { outcome: 'absent' })
  })

  for (const silent of ['/token', '/logout'])
    test(`keeps nobody waiting who stops it, when the service does not answer at ${silent}`, async (t: TestContext) => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const [stop, reason] = [new AbortController(), new Error('Ctrl-C')]
      const reached = Promise.withResolvers<void>()
      const { options } = await approving(() => silent === '/logout' && stop.abort(reason))
      const fetch = (request: Request): Promise<Response> => {
        if (!request.url.endsWith(silent)) return Promise.resolve(options.client?.fetch?.(request) ?? Response.error())
        stop.abort(reason)
        reached.resolve()
        return new Promise(() => {})
      }
      const client = { ...options.client, fetch }
      const ended = assert.rejects(
        signIn(session, { ...options, client, store: memoryStore(), signal: stop.signal }),
        reason,
      )
      await reached.promise
      t.mock.timers.tick(1_000)
      await ended
    })

  test('ends at the service with a `portico login` that could not keep it', async () => {
    const instance = await testInstance()
    await using served = await serve(instance)
    await using home = await makeHome()
    const cache = join(home.folder, '.aws/sso/cache')
    const where = ['--start-url', session.startUrl, '--endpoint', served.url, '--region', session.region]
    const login = start(home, ['login', '--method', 'device', '--no-browser', ...where])
    const url = await login.said(/(http:\S+user_code=\S+)/)
    await mkdir(dirname(cache), { recursive: true })
    await writeFile(cache, 'not a folder')
    const number = await login.said(/which number you see here. It is\s+(\d\d)\s/)
    await instance.browser().decide(url, instance.people.alice, 'approve', undefined, number)
    const { code, stderr } = await login.ended
    assert.equal(code, 1)
    assert.match(stderr, /is good for this program only: .*sso\/cache cannot be written/)
    assert.equal(served.asked.get('/logout'), 1)
  })
})
