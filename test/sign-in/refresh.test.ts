/** Staying signed in: one refresh for all, and a file that is whole at every moment. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { type CachedToken, fileStore, memoryStore, refresh, signOut, stateOf } from 'ssooidc/sign-in'
import { testInstance } from '../support/instance.ts'
import { sharedClock } from './clock.ts'
import { aliceToken, keep, makeHome } from './home.ts'
import { serve } from './served.ts'

const session = { name: 'work', startUrl: 'http://127.0.0.1:8000/start', region: 'us-east-1' }

async function signedIn() {
  const instance = await testInstance()
  const [store, clock] = [memoryStore(), sharedClock(instance.clock)]
  const token = await aliceToken(instance)
  await store.write(session, token)
  const asked: string[] = []
  const client = {
    endpoint: instance.origin,
    env: {},
    fetch: (request: Request) => {
      asked.push(new URL(request.url).pathname)
      return instance.fetch(request)
    },
  }
  return { instance, store, clock, token, asked, options: { client, store, clock } }
}

describe('refresh', () => {
  test('gives the token that there is while it has life enough, and asks nobody', async () => {
    const { token, asked, options } = await signedIn()
    assert.deepEqual(await refresh(session, options), token)
    assert.deepEqual(asked, [])
  })

  test('gets the next one shortly before the end, and keeps it', async () => {
    const { instance, store, token, asked, options } = await signedIn()
    instance.clock.now = token.expiresAt - 200_000
    const next = await refresh(session, options)
    assert.notEqual(next.accessToken, token.accessToken)
    assert.notEqual(next.refreshToken, token.refreshToken)
    assert.equal(next.expiresAt, instance.clock.now + 3_600_000)
    assert.deepEqual(await store.read(session), { outcome: 'found', token: next })
    assert.equal(asked.length, 1)
  })

  test('gives a token the life that was asked for', async () => {
    const { instance, token, options } = await signedIn()
    instance.clock.now += 1_800_000
    assert.equal((await refresh(session, { ...options, minTtlMs: 1_700_000 })).accessToken, token.accessToken)
    assert.notEqual((await refresh(session, { ...options, minTtlMs: 1_900_000 })).accessToken, token.accessToken)
  })

  test('asks once, however many ask for it at the same moment', async () => {
    const { instance, token, asked, options } = await signedIn()
    instance.clock.now = token.expiresAt + 1
    const all = await Promise.all(Array.from({ length: 10 }, () => refresh(session, options)))
    assert.equal(new Set(all.map(({ accessToken }) => accessToken)).size, 1)
    assert.equal(asked.length, 1)
  })

  test('goes on with a token that still opens the portal when the service cannot be reached', async () => {
    const { instance, token, options } = await signedIn()
    instance.clock.now = token.expiresAt - 100_000
    const client = {
      endpoint: instance.origin,
      env: {},
      maxAttempts: 1,
      fetch: () => Promise.reject(new Error('no route')),
    }
    assert.deepEqual(await refresh(session, { ...options, client }), token)
    instance.clock.now = token.expiresAt
    await assert.rejects(refresh(session, { ...options, client }), { name: 'ConnectionError' })
  })

  test('keeps the refresh token when the service gives no new one', async () => {
    const { instance, token, options } = await signedIn()
    instance.clock.now = token.expiresAt
    const answer = { accessToken: 'next', tokenType: 'Bearer', expiresIn: 3600 }
    const client = { endpoint: instance.origin, env: {}, fetch: () => Response.json(answer) }
    const next = await refresh(session, { ...options, client })
    assert.equal(next.accessToken, 'next')
    assert.equal(next.refreshToken, token.refreshToken)
  })

  test('looks again when its refresh token was used by a tool that knows of no lock', async () => {
    const { instance, store, token, options } = await signedIn()
    instance.clock.now = token.expiresAt
    const theirs: CachedToken = {
      ...token,
      accessToken: 'theirs',
      refreshToken: 'theirs',
      expiresAt: instance.clock.now + 3_600_000,
    }
    const client = {
      endpoint: instance.origin,
      env: {},
      fetch: async (request: Request) => {
        await store.write(session, theirs)
        // What the service answers to a token that it never gave.
        const body = { ...(await request.json()), refreshToken: 'never given' }
        return instance.fetch(
          new Request(request.url, { method: 'POST', body: JSON.stringify(body), headers: request.headers }),
        )
      },
    }
    assert.equal((await refresh(session, { ...options, client })).accessToken, 'theirs')
  })

  test('says that a person must sign in when there is no token, when it is over, and when it was ended', async () => {
    const { instance, store, token, options } = await signedIn()
    await signOut(session, options)
    await assert.rejects(refresh(session, options), {
      reason: 'sign-in-needed',
      message: /Nobody is signed in to work/,
    })
    await store.write(session, { ...token, refreshToken: undefined })
    instance.clock.now = token.expiresAt
    await assert.rejects(refresh(session, options), { reason: 'sign-in-needed', message: /has expired/ })
    await store.write(session, token)
    await assert.rejects(refresh(session, options), { reason: 'sign-in-needed', message: /was ended/ })
  })
})

const run = promisify(execFile)

describe('across processes', () => {
  test('eight that find the token expired make one refresh, and none of them fails', async () => {
    const instance = await testInstance()
    await using home = await makeHome()
    await using served = await serve(instance)
    instance.clock.now = Date.now() - 7_200_000
    const token = await aliceToken(instance)
    await keep(home, session, token)
    instance.clock.now = Date.now()
    assert.equal(stateOf(token, Date.now()), 'refreshable')

    const script = join(import.meta.dirname, 'refresh-process.ts')
    const all = Array.from({ length: 8 }, () => run(process.execPath, [script, served.url], { env: home.env }))
    const printed = (await Promise.all(all)).map(({ stdout }) => stdout.trim())
    assert.equal(new Set(printed).size, 1)
    assert.notEqual(printed[0], token.accessToken)
    assert.equal(served.asked.get('/token'), 1)
    const kept = await fileStore({ env: home.env }).read(session)
    assert.ok(kept.outcome === 'found')
    assert.equal(kept.token.accessToken, printed[0])
    assert.deepEqual(
      (await readdir(join(home.folder, '.aws/sso/cache'))).filter((name) => !name.endsWith('.json')),
      [],
    )
  })

  test('a writer that is killed leaves a whole file, and a lock that the next one takes', async () => {
    await using home = await makeHome()
    const cache = join(home.folder, '.aws/sso/cache')
    const store = fileStore({ env: home.env })
    const script = join(import.meta.dirname, 'write-process.ts')
    for (let i = 0; i < 6; i++) {
      const writer = spawn(process.execPath, [script], { env: home.env, stdio: ['ignore', 'pipe', 'inherit'] })
      await once(writer.stdout, 'data')
      for (let read = 0; read < 20; read++) {
        const reading = await store.read(session)
        assert.equal(reading.outcome, 'found')
      }
      writer.kill('SIGKILL')
      await once(writer, 'exit')
      assert.equal((await store.read(session)).outcome, 'found')
    }
    // However it was killed: its lock stands in nobody's way.
    assert.equal(await store.exclusively(session, async () => 'mine'), 'mine')
    const [token] = (await readdir(cache)).filter((name) => name.endsWith('.json'))
    assert.ok(JSON.parse(await readFile(join(cache, token ?? ''), 'utf8')))
  })

  test('a lock whose file says nothing waits for its time', async () => {
    await using home = await makeHome()
    const store = fileStore({ env: home.env })
    await keep(home, session, { ...session, accessToken: 'a', expiresAt: Date.UTC(2030, 0) })
    const [name = ''] = await readdir(join(home.folder, '.aws/sso/cache'))
    await writeFile(join(home.folder, '.aws/sso/cache', `${name}.lock`), '')
    const stop = new AbortController()
    const waiting = store.exclusively(session, async () => {}, stop.signal)
    stop.abort(new Error('patience is over'))
    await assert.rejects(waiting, /patience is over/)
  })
})
