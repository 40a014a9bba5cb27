/**
 * Many at the same moment, on several servers of one instance: of everything that may happen once, one happens; and nobody who
 * did nothing wrong is signed out. On the database in memory, and on a file with its writer thread.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { isServiceException } from 'ssooidc'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { ask, consent, refused, sessionsOf, signInDevice, startBrowser, startDevice } from './support/programs.ts'

const HOUR = 3_600_000

for (const where of [':memory:', 'a file'] as const)
  suite(`on ${where}`, () => {
    test('fifty redemptions of one device code on thirteen servers make one session', async () => {
      await withInstance(where, async (instance) => {
        const nodes = await Promise.all(Array.from({ length: 13 }, () => instance.node()))
        const { client, grant, poll } = await startDevice(instance)
        await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
        // Each server takes four at once before it asks for patience.
        const polls = await Promise.all(Array.from({ length: 50 }, (_, i) => poll(client, nodes[i % 13])))
        assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
        for (const tokens of polls) await instance.portal.listAccounts(tokens)
      })
    })

    test('fifty redemptions of one device code on one server make one session, or are told to slow down', async () => {
      await withInstance(where, async (instance) => {
        const { grant, poll } = await startDevice(instance)
        await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
        const polls = await Promise.allSettled(Array.from({ length: 50 }, () => poll()))
        const slowed = polls.filter(({ status, reason }: { status: string; reason?: unknown }) =>
          status === 'rejected' ? isServiceException(reason, 'slow_down') : false,
        )
        assert.equal(polls.filter(({ status }) => status === 'fulfilled').length, 50 - slowed.length)
        assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
      })
    })

    test('fifty attempts of one call that redeems a code get one session, which lives', async () => {
      await withInstance(where, async (instance) => {
        const { body } = await browserProgram(instance)
        const headers = { 'amz-sdk-invocation-id': 'one call' }
        const answers = await Promise.all(Array.from({ length: 50 }, () => ask(instance, '/token', { body, headers })))
        assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
        assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
        for (const answer of answers)
          await instance.portal.listAccounts({ accessToken: String(answer.body.accessToken) })
      })
    })

    test('fifty different calls that redeem one code make one session, which is ended since the code was stolen', async () => {
      await withInstance(where, async (instance) => {
        const { body } = await browserProgram(instance)
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, i) =>
            ask(instance, '/token', { body, headers: { 'amz-sdk-invocation-id': `call ${i}` } }),
          ),
        )
        const [winner, ...more] = answers.filter(({ status }) => status === 200)
        assert.equal(more.length, 0)
        assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
        const accessToken = String(winner?.body.accessToken)
        await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
        const audit = await instance.storage.readAudit({ limit: 100 })
        assert.equal(audit.filter(({ eventName }) => eventName === 'EndSession').length, 1)
      })
    })

    test('sixty-four refreshes of one token on three servers leave one valid chain, and sign nobody out', async () => {
      await withInstance(where, async (instance) => {
        const nodes = [instance, await instance.node(), await instance.node()]
        const { refresh, refreshToken } = await signInDevice(instance)
        instance.clock.now += HOUR
        const refreshed = await Promise.all(
          Array.from({ length: 64 }, (_, i) => refresh(refreshToken, undefined, nodes[i % 3])),
        )
        const [session, ...others] = await sessionsOf(instance, instance.people.alice)
        assert.equal(others.length, 0)
        assert.equal(session?.generation, 1)
        instance.clock.now += HOUR
        // Whichever answer survived in the file that the processes share, it goes on from there.
        const next = await Promise.all(refreshed.map((tokens) => refresh(tokens.refreshToken)))
        assert.equal((await sessionsOf(instance, instance.people.alice))[0]?.generation, 2)
        for (const { accessToken } of next) await instance.portal.listAccounts({ accessToken })
      })
    })

    test('a logout in the middle of refreshes ends them all: nothing that was given out still works', async () => {
      await withInstance(where, async (instance) => {
        for (let round = 0; round < 5; round++) {
          const { refresh, accessToken, refreshToken } = await signInDevice(instance)
          instance.clock.now += 600_000
          const refreshes = Array.from({ length: 30 }, (_, i) => {
            // Some read the clock after the logout did, and are done before it.
            if (i === 10) instance.clock.now += 1
            return refresh(refreshToken)
          })
          const logout = instance.portal.logout({ accessToken })
          instance.clock.now += 1
          const late = Array.from({ length: 30 }, () => refresh(refreshToken))
          const settled = await Promise.allSettled([...refreshes, ...late])
          await logout
          for (const each of settled)
            if (each.status === 'fulfilled') {
              await assert.rejects(instance.portal.listAccounts(each.value), refused('UnauthorizedException'))
              await assert.rejects(refresh(each.value.refreshToken), refused('invalid_grant'))
            } else assert.ok(isServiceException(each.reason, 'invalid_grant'), String(each.reason))
          await assert.rejects(refresh(refreshToken), refused('invalid_grant'))
        }
      })
    })

    test('a changed password in the middle of refreshes ends them all as well', async () => {
      await withInstance(where, async (instance) => {
        const { refresh, refreshToken } = await signInDevice(instance)
        instance.clock.now += 600_000
        const changedAt = instance.clock.now
        const settled = Promise.allSettled(
          Array.from({ length: 40 }, () => {
            // Each reads the clock a little later than the change says that it happened.
            instance.clock.now += 1
            return refresh(refreshToken)
          }),
        )
        await instance.storage.setPassword({
          userName: 'alice',
          passwordHash: 'another',
          endSessions: true,
          revokedUntil: changedAt + HOUR,
          now: changedAt,
          audit: { at: 0, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} },
        })
        for (const each of await settled)
          if (each.status === 'fulfilled')
            await assert.rejects(instance.portal.listAccounts(each.value), refused('UnauthorizedException'))
      })
    })

    test('of two decisions about one request the first stands, on whatever servers they are made', async () => {
      await withInstance(where, async (instance) => {
        const other = await instance.node()
        for (let round = 0; round < 5; round++) {
          const { grant, poll } = await startDevice(instance)
          const pages = [
            await atDecision(instance, 'alice', grant.verificationUriComplete),
            await atDecision(other, 'bob', grant.verificationUriComplete),
          ]
          const decided = await Promise.all(
            pages.map(({ browser, page }, i) => browser.send(page, { decision: i === 0 ? 'deny' : 'approve' })),
          )
          assert.deepEqual(decided.map(({ status }) => status).sort(), [200, 409])
          if (decided[0]?.status === 200) await assert.rejects(poll(), refused('access_denied'))
          else await poll()
        }
      })
    })

    test('of sixty guesses at a password at once, on two servers, ten are looked at', async () => {
      await withInstance(where, async (instance) => {
        const nodes = [instance, await instance.node()]
        const forms = await Promise.all(
          nodes.map(async (node) => {
            const browser = node.browser()
            return { browser, page: await browser.open(`${node.origin}/sign-in`) }
          }),
        )
        const guesses = await Promise.all(
          Array.from({ length: 60 }, (_, i) => {
            const form = forms[i % 2]
            assert.ok(form)
            return form.browser.send(form.page, { username: 'alice', password: `guess ${i}` })
          }),
        )
        const statuses = guesses.map(({ status }) => status)
        assert.equal(statuses.filter((status) => status === 400).length, 10)
        assert.equal(statuses.filter((status) => status === 429).length, 50)
      })
    })

    test('of thirty guesses at a user code at once, five are looked at', async () => {
      await withInstance(where, async (instance) => {
        const { browser } = await atDecision(instance, 'alice', `${instance.origin}/start`)
        const guesses = await Promise.all(
          Array.from({ length: 30 }, (_, i) =>
            browser.open(`${instance.origin}/device?user_code=BCDFGHJ${'BCDFGHJKLMNPQRSTVWXZ'.charAt(i % 20)}`),
          ),
        )
        assert.equal(guesses.filter(({ status }) => status === 404).length, 5)
        assert.equal(guesses.filter(({ status }) => status === 429).length, 25)
      })
    })

    test('two servers that start at once over a new database are one instance', async () => {
      await withInstance(where, async (instance) => {
        const other = await instance.node()
        assert.deepEqual(other.deps.instance, instance.deps.instance)
        const { accessToken } = await signInDevice(instance)
        await other.portal.listAccounts({ accessToken })
      })
    })
  })

async function withInstance(where: ':memory:' | 'a file', run: (instance: TestInstance) => Promise<void>) {
  if (where === ':memory:') return run(await testInstance())
  const folder = await mkdtemp(join(tmpdir(), 'portico-races-'))
  const storage = await openSqlite({ path: join(folder, 'portico.db') })
  try {
    await run(await testInstance({}, storage))
  } finally {
    await storage.close()
    await rm(folder, { recursive: true })
  }
}

async function browserProgram(instance: TestInstance) {
  const program = await startBrowser(instance)
  return { body: program.exchange(await consent(instance, program.url())) }
}

async function atDecision(instance: TestInstance, who: 'alice' | 'bob', url: string) {
  const browser = instance.browser()
  const { username, password } = instance.people[who]
  return { browser, page: await browser.send(await browser.open(url), { username, password }) }
}
