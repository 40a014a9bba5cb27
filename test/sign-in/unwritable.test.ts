/**
 * A disk that is full, a folder that may only be read, a file system that fails in the middle: nobody is signed out by it. The
 * failures are the system's own: a limit on the size of files, modes, and a folder that is gone.
 */
import assert from 'node:assert/strict'
import { type ExecFileException, execFile } from 'node:child_process'
import { chmod, chown, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  type CachedToken,
  fileStore,
  memoryStore,
  type OnUnkept,
  refresh,
  signIn,
  type TokenStore,
} from 'ssooidc/sign-in'
import { tokenFileName } from '../../packages/ssooidc/src/sign-in/cache/node-names.ts'
import { type TestInstance, testInstance } from '../support/instance.ts'
import { sharedClock } from './clock.ts'
import { aliceToken, type Home, keep, makeHome } from './home.ts'
import { serve } from './served.ts'

const session = { name: 'work', startUrl: 'http://127.0.0.1:8000/start', region: 'us-east-1' }
const cacheOf = ({ folder }: Home) => join(folder, '.aws/sso/cache')
const script = join(import.meta.dirname, 'refresh-process.ts')

/** A person whose token has expired an hour ago by the system's clock, and can be refreshed. */
async function withExpiredToken(instance: TestInstance, home: Home): Promise<CachedToken> {
  instance.clock.now = Date.now() - 7_200_000
  const token = await aliceToken(instance)
  await keep(home, session, token)
  instance.clock.now = Date.now()
  return token
}

type Ended = { readonly code: number; readonly said: string }

/** Runs the program that needs a token, in its own process. */
function run(home: Home, program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, ...home.env } }
    execFile(program, args, options, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, said: error === null ? stdout.trim() : stderr }),
    )
  })
}

describe('where a token could not be kept', () => {
  test('a full disk: none is asked for, it is said, and the sign-in lives on', async () => {
    const instance = await testInstance()
    await using home = await makeHome()
    await using served = await serve(instance)
    const token = await withExpiredToken(instance, home)
    const text = await readFile(join(cacheOf(home), tokenFileName(session)), 'utf8')

    // No file may have a byte: what a program meets on a full disk, at its first write.
    const full = await run(home, '/bin/sh', [
      '-c',
      `ulimit -f 0; exec '${process.execPath}' '${script}' '${served.url}'`,
    ])
    assert.equal(full.code, 1)
    assert.match(full.said, /sso\/cache cannot be written \(EFBIG\), so that no token could be kept/)
    assert.equal(served.asked.get('/token'), undefined)
    assert.equal(await readFile(join(cacheOf(home), tokenFileName(session)), 'utf8'), text)
    assert.deepEqual(await readdir(cacheOf(home)), [tokenFileName(session)], 'neither a draft nor a lock is left')

    const { code, said } = await run(home, process.execPath, [script, served.url])
    assert.equal(code, 0, said)
    assert.notEqual(said, token.accessToken)
  })

  test('a folder that may only be read: the same', async () => {
    const instance = await testInstance()
    await using home = await makeHome()
    await using served = await serve(instance)
    await withExpiredToken(instance, home)
    // Modes mean nothing to root: the program becomes somebody else then, to whom everything belongs.
    const somebody = process.getuid?.() === 0 ? 65_534 : undefined
    const paths = ['', '.aws', '.aws/sso', '.aws/sso/cache', `.aws/sso/cache/${tokenFileName(session)}`]
    if (somebody !== undefined) for (const path of paths) await chown(join(home.folder, path), somebody, somebody)
    await chmod(cacheOf(home), 0o500)
    const who = somebody === undefined ? [] : [`${somebody}`]
    const { code, said } = await run(home, process.execPath, [script, served.url, ...who])
    assert.equal(code, 1)
    assert.match(said, /sso\/cache cannot be written \(EACCES\), so that no token could be kept/)
    assert.equal(served.asked.get('/token'), undefined)
    await chmod(cacheOf(home), 0o700)
  })

  test('a person is not asked for a sign-in that could not be kept', async () => {
    const instance = await testInstance()
    await using home = await makeHome()
    await writeFile(join(home.folder, '.aws'), 'not a folder')
    const client = { endpoint: instance.origin, fetch: instance.fetch, env: home.env }
    const onEvent = () => assert.fail('somebody was asked')
    await assert.rejects(signIn(session, { client, method: 'device', openBrowser: false, onEvent }), {
      reason: 'unwritable',
      message: /cannot be written \(ENOTDIR\)/,
    })
  })

  test('a folder that has become read-only, with a file that may be written: it holds the next token and nothing more', async () => {
    await using home = await makeHome()
    const token: CachedToken = {
      startUrl: session.startUrl,
      region: session.region,
      accessToken: 'a',
      expiresAt: 1_000,
    }
    await keep(home, session, { ...token, accessToken: 'a longer one, as another tool may have written it' })
    const store = fileStore({ env: home.env })
    const room = await store.reserve?.(session)
    // Without its draft the room is like one whose folder refuses a rename.
    for (const name of await readdir(cacheOf(home))) if (name.endsWith('.new')) await rm(join(cacheOf(home), name))
    await room?.write(token)
    const kept = await store.read(session)
    assert.equal(kept.outcome === 'found' ? kept.token.accessToken : kept.outcome, 'a')
  })

  test('a token that still opens the portal goes on meanwhile', async () => {
    const instance = await testInstance()
    const token = await aliceToken(instance)
    const noRoom = { ...memoryStore(), reserve: () => Promise.reject(new Error('the disk is full')) }
    await noRoom.write(session, token)
    instance.clock.now = token.expiresAt - 60_000
    const client = { endpoint: instance.origin, fetch: instance.fetch, env: {} }
    assert.deepEqual(await refresh(session, { client, store: noRoom, clock: sharedClock(instance.clock) }), token)
  })
})

describe('a store that fails when the service has given the next token', () => {
  /** A home whose cache stops being a folder at the moment at which the service answers. */
  async function failing(home: Home) {
    const instance = await testInstance()
    const token = await aliceToken(instance)
    await keep(home, session, token)
    instance.clock.now = token.expiresAt
    const asked: string[] = []
    const fetch = async (request: Request) => {
      asked.push(new URL(request.url).pathname)
      const answer = await instance.fetch(request)
      await rm(cacheOf(home), { recursive: true })
      await writeFile(cacheOf(home), 'not a folder')
      return answer
    }
    const said: string[] = []
    const onUnkept: OnUnkept = ({ message }) => void said.push(message)
    const clock = sharedClock(instance.clock)
    const options = { client: { endpoint: instance.origin, fetch, env: home.env }, clock, onUnkept }
    return { instance, token, asked, said, options, mend: () => rm(cacheOf(home)) }
  }

  test('gives it to this process all the same, and says so', async () => {
    await using home = await makeHome()
    const { instance, token, asked, said, options } = await failing(home)
    const next = await refresh(session, options)
    assert.notEqual(next.accessToken, token.accessToken)
    const { accountList } = await instance.portal.listAccounts({ accessToken: next.accessToken })
    assert.equal(accountList.length, 2)
    assert.match(said[0] ?? '', /The token of work is good for this program only: .*cannot be written/)
    assert.equal((await refresh(session, options)).accessToken, next.accessToken, 'it is remembered')
    assert.deepEqual([asked, said.length], [['/token'], 1])
  })

  test('gives no further refresh token away while nothing can be kept', async () => {
    await using home = await makeHome()
    const { instance, asked, options } = await failing(home)
    const next = await refresh(session, options)
    instance.clock.now = next.expiresAt
    await assert.rejects(refresh(session, options), { reason: 'unwritable' })
    assert.deepEqual(asked, ['/token'])
  })

  test('is offered it again, and has it once it takes it', async () => {
    await using home = await makeHome()
    const { asked, options, mend } = await failing(home)
    const next = await refresh(session, options)
    await mend()
    assert.equal((await refresh(session, options)).accessToken, next.accessToken)
    const kept = await fileStore({ env: home.env }).read(session)
    assert.equal(kept.outcome === 'found' && kept.token.refreshToken, next.refreshToken)
    assert.deepEqual(asked, ['/token'])
  })

  test('has the last word when somebody signed in meanwhile', async () => {
    await using home = await makeHome()
    const { token, options, mend } = await failing(home)
    const { expiresAt } = await refresh(session, options)
    await mend()
    await keep(home, session, { ...token, accessToken: 'theirs', expiresAt })
    assert.equal((await refresh(session, options)).accessToken, 'theirs')
  })

  test('may fail at reading, too, and has the token once it is back', async () => {
    const instance = await testInstance()
    const token = await aliceToken(instance)
    const inner = memoryStore()
    await inner.write(session, token)
    instance.clock.now = token.expiresAt
    let isAway = false
    const unlessAway = <T>(work: () => Promise<T>) => (isAway ? Promise.reject(new Error('it is away')) : work())
    const store: TokenStore = {
      ...inner,
      read: (of) => unlessAway(() => inner.read(of)),
      write: (of, next) => unlessAway(() => inner.write(of, next)),
    }
    const fetch = async (request: Request) => {
      const answer = await instance.fetch(request)
      isAway = true
      return answer
    }
    const said: string[] = []
    const onUnkept: OnUnkept = ({ message }) => void said.push(message)
    const client = { endpoint: instance.origin, fetch, env: {} }
    const options = { client, store, clock: sharedClock(instance.clock), onUnkept }
    const next = await refresh(session, options)
    assert.match(said[0] ?? '', /good for this program only: it is away/)
    assert.equal((await refresh(session, options)).accessToken, next.accessToken, 'it is remembered')
    isAway = false
    assert.equal((await refresh(session, options)).accessToken, next.accessToken)
    const kept = await inner.read(session)
    assert.equal(kept.outcome === 'found' && kept.token.refreshToken, next.refreshToken)
  })
})
