/** The device grant: what a program hears while it waits, and who decides. @see https://www.rfc-editor.org/rfc/rfc8628 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { refused, registerBrowser, registerDevice, sessionsOf, signInDevice, startDevice } from './support/programs.ts'

const MINUTE = 60_000

suite('a device that waits', () => {
  test('is told to slow down only after four questions at once, and not when it asks every second', async () => {
    const instance = await testInstance()
    const { poll } = await startDevice(instance)
    for (let i = 0; i < 4; i++) await assert.rejects(poll(), refused('authorization_pending'))
    await assert.rejects(poll(), refused('slow_down'))
    for (let i = 0; i < 60; i++) {
      instance.clock.now += 1_000
      await assert.rejects(poll(), refused('authorization_pending'))
    }
  })

  test('is not slowed down by how often another device asks', async () => {
    const instance = await testInstance()
    const [busy, calm] = [await startDevice(instance), await startDevice(instance)]
    for (let i = 0; i < 10; i++) await assert.rejects(busy.poll())
    await assert.rejects(calm.poll(), refused('authorization_pending'))
  })

  test('hears that its code has expired after ten minutes, and after twenty that there is no such code', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    assert.equal(grant.expiresIn, 600)
    instance.clock.now += 10 * MINUTE - 1
    await assert.rejects(poll(), refused('authorization_pending'))
    instance.clock.now += 1
    await assert.rejects(poll(), refused('expired_token'))
    instance.clock.now += 10 * MINUTE
    await assert.rejects(poll(), refused('invalid_grant'))
  })

  test('hears that its code has expired even when the approval came in time but the question did not', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    instance.clock.now += 10 * MINUTE
    await assert.rejects(poll(), refused('expired_token'))
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
  })

  test('hears of an approval with its next question, whichever server it asks', async () => {
    const instance = await testInstance()
    const other = await instance.node()
    const [one, two] = [await startDevice(instance), await startDevice(instance)]
    for (const node of [instance, other])
      for (const { client, poll } of [one, two])
        await assert.rejects(poll(client, node), refused('authorization_pending'))
    const browser = instance.browser()
    await browser.decide(one.grant.verificationUriComplete, instance.people.alice)
    await one.poll(one.client, other)
    await assert.rejects(two.poll(), refused('authorization_pending'))
    await browser.decide(two.grant.verificationUriComplete, instance.people.alice, 'deny')
    for (const node of [instance, other]) await assert.rejects(two.poll(two.client, node), refused('access_denied'))
  })

  test('hears of an approval that another process took as soon as its own server does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portico-'))
    const path = join(folder, 'portico.db')
    const [here, there] = [await openSqlite({ path }), await openSqlite({ path })]
    const instance = await testInstance({}, here)
    const { poll, grant } = await startDevice(instance)
    await assert.rejects(poll(), refused('authorization_pending'))
    const heard = new Promise<void>((resolve) => {
      here.onChange((change) => {
        if (change === 'device-grants') resolve()
      })
    })
    const elsewhere = await instance.node(there)
    await elsewhere.browser().decide(grant.verificationUriComplete, instance.people.alice)
    await heard
    await poll()
    await Promise.all([here.close(), there.close()])
    await rm(folder, { recursive: true })
  })

  test('hears of a denial, which is final', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    const browser = instance.browser()
    const page = await browser.decide(grant.verificationUriComplete, instance.people.alice, 'deny')
    assert.match(page.html, /Denied/i)
    await assert.rejects(poll(), refused('access_denied'))
    await assert.rejects(browser.decide(grant.verificationUriComplete, instance.people.alice), /offers no way/)
    await assert.rejects(poll(), refused('access_denied'))
  })

  test('gets nothing from a page that was only opened', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    const browser = instance.browser()
    const signIn = await browser.open(grant.verificationUriComplete)
    const { username, password } = instance.people.alice
    const page = await browser.send(signIn, { username, password })
    assert.match(page.html, /value="approve"/)
    await browser.open(grant.verificationUriComplete)
    await assert.rejects(poll(), refused('authorization_pending'))
  })
})

suite('a device code', () => {
  test('gives the same session again to a program that lost the answer, for thirty seconds', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    await poll()
    instance.clock.now += 30_000
    const again = await poll()
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
    await instance.portal.listAccounts(again)
    instance.clock.now += 1_000
    await assert.rejects(poll(), refused('invalid_grant'))
    await instance.portal.listAccounts(again)
  })

  test('that was redeemed in its last second still gives the answer again', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    instance.clock.now += 10 * MINUTE - 1_000
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    await poll()
    instance.clock.now += 10_000
    await poll()
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
  })

  test('is of no use to another client, and does not even tell it anything', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    const other = await registerDevice(instance, { clientName: 'other' })
    // Of the rightful client's patience nothing is used up, however often the other asks.
    for (let i = 0; i < 10; i++) await assert.rejects(poll(other), refused('invalid_grant'))
    await assert.rejects(poll(), refused('authorization_pending'))
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    await assert.rejects(poll(other), refused('invalid_grant'))
    await poll()
  })

  test('is of no use without the client’s own secret', async () => {
    const instance = await testInstance()
    const { client, poll } = await startDevice(instance)
    const { clientSecret } = await registerDevice(instance, { clientName: 'other' })
    await assert.rejects(poll({ ...client, clientSecret }), refused('InvalidClientException'))
    await assert.rejects(poll({ ...client, clientSecret: '' }), refused('InvalidClientException'))
  })

  test('is not for clients that registered for the browser only', async () => {
    const instance = await testInstance()
    const client = await registerBrowser(instance)
    const startUrl = `${instance.origin}/start`
    await assert.rejects(
      instance.oidc.startDeviceAuthorization({ ...client, startUrl }),
      refused('unauthorized_client'),
    )
    const { grant } = await startDevice(instance)
    const input = { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: grant.deviceCode }
    await assert.rejects(instance.oidc.createToken(input), refused('unauthorized_client'))
  })

  test('that was approved gives nothing once the person is disabled, and another node knows too', async () => {
    const disabled = new Set<string>()
    const store = await openSqlite({ path: ':memory:' })
    const findUser: typeof store.findUser = async (input) => {
      const user = await store.findUser(input)
      return user && { ...user, enabled: !disabled.has(user.userName) }
    }
    const instance = await testInstance({}, { ...store, findUser })
    const { client, poll, grant } = await startDevice(instance)
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    disabled.add('alice')
    await assert.rejects(poll(client, await instance.node()), refused('invalid_grant'))
    instance.deps.access.forget()
    await assert.rejects(poll(), refused('invalid_grant'))
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
  })

  test('makes a session that ends a fixed time after the sign-in, however late it was redeemed', async () => {
    const instance = await testInstance()
    const { poll, grant } = await startDevice(instance)
    const signedInAt = instance.clock.now
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    instance.clock.now += 5 * MINUTE
    await poll()
    const [session] = await sessionsOf(instance, instance.people.alice)
    assert.equal(session?.expiresAt, signedInAt + 8 * 60 * MINUTE)
  })

  test('gives a refresh token to clients with scopes only, and eight hours to those without', async () => {
    const instance = await testInstance()
    const scoped = await signInDevice(instance)
    assert.equal(scoped.expiresIn, 3_600)
    assert.match(scoped.refreshToken ?? '', /^ptc_rt_/)
    const old = await signInDevice(instance, instance.people.alice, { scopes: undefined })
    assert.equal(old.expiresIn, 28_800)
    assert.equal(old.refreshToken, undefined)
    await instance.portal.listAccounts(old)
  })

  test('leaves a line in the audit log for the approval and for the tokens', async () => {
    const instance = await testInstance()
    await signInDevice(instance)
    const lines = await instance.storage.readAudit({ limit: 10 })
    const alice = await instance.storage.findUserByName({ userName: 'alice' })
    for (const eventName of ['SignIn', 'ApproveDevice', 'CreateToken'])
      assert.ok(
        lines.some((line) => line.eventName === eventName && line.userId === alice?.id),
        eventName,
      )
  })
})

suite('a user code', () => {
  test('is found however it is typed', async () => {
    for (const spell of [(code: string) => code.toLowerCase(), (code: string) => ` ${code.replace('-', ' ')} `]) {
      const instance = await testInstance()
      const { poll, grant } = await startDevice(instance)
      await instance
        .browser()
        .decide(grant.verificationUri, instance.people.alice, 'approve', spell(grant.userCode ?? ''))
      await poll()
    }
  })

  test('has ten letters once a thousand wait, since one of many is easier to hit', async () => {
    const instance = await testInstance()
    const client = await registerDevice(instance)
    const grants = await Promise.all(Array.from({ length: 1_002 }, () => startDevice(instance, client)))
    assert.match(grants[0]?.grant.userCode ?? '', /^[A-Z]{4}-[A-Z]{4}$/)
    const { grant, poll } = await startDevice(instance, client)
    assert.match(grant.userCode ?? '', /^[A-Z]{5}-[A-Z]{5}$/)
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    await poll()
  })

  test('may be guessed at five times in ten minutes; then not even the right one is looked at', async () => {
    const instance = await testInstance()
    const { grant, poll } = await startDevice(instance)
    const { browser, open } = await signedInBrowser(instance)
    for (const letter of 'BCDFG') assert.equal((await open(letter.repeat(8))).status, 404)
    assert.equal((await open('H'.repeat(8))).status, 429)
    assert.equal((await browser.open(grant.verificationUriComplete)).status, 429)
    // Nor does a form without the page decide anything.
    instance.clock.now += 10 * MINUTE
    const next = await startDevice(instance)
    await browser.decide(next.grant.verificationUriComplete, instance.people.alice)
    await next.poll()
    await assert.rejects(poll(), refused('expired_token'))
  })

  test('may be guessed at ten times from one network, whoever does it', async () => {
    const instance = await testInstance()
    const alice = await signedInBrowser(instance, 'alice')
    const bob = await signedInBrowser(instance, 'bob')
    for (const letter of 'BCDFG') assert.equal((await alice.open(letter.repeat(8))).status, 404)
    for (const letter of 'HJKLM') assert.equal((await bob.open(letter.repeat(8))).status, 404)
    const { grant } = await startDevice(instance)
    const carol = await signedInBrowser(instance, 'bob')
    assert.equal((await carol.browser.open(grant.verificationUriComplete)).status, 429)
  })

  test('that is right costs no guess, however often its page is opened', async () => {
    const instance = await testInstance()
    const { grant } = await startDevice(instance)
    const { browser } = await signedInBrowser(instance)
    for (let i = 0; i < 12; i++) assert.equal((await browser.open(grant.verificationUriComplete)).status, 200)
  })

  test('that was decided, or has expired, says so', async () => {
    const instance = await testInstance()
    const { grant } = await startDevice(instance)
    const { browser } = await signedInBrowser(instance)
    await browser.decide(grant.verificationUriComplete, instance.people.alice)
    assert.equal((await browser.open(grant.verificationUriComplete)).status, 409)
    const late = await startDevice(instance)
    instance.clock.now += 10 * MINUTE
    assert.equal((await browser.open(late.grant.verificationUriComplete)).status, 410)
  })
})

async function signedInBrowser(instance: TestInstance, who: 'alice' | 'bob' = 'alice') {
  const browser = instance.browser()
  const { username, password } = instance.people[who]
  await browser.send(await browser.open(`${instance.origin}/sign-in`), { username, password })
  return { browser, open: (userCode: string) => browser.open(`${instance.origin}/device?user_code=${userCode}`) }
}
