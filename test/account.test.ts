/** The account page: what a person sees of their account, what they may change, and what nobody else can. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { resetFactors } from '../packages/portico/src/core/factors/reset.ts'
import { newTotp } from '../packages/portico/src/core/factors/totp.ts'
import { addFactor, changePassword, makeRecoveryCodes } from '../packages/portico/src/core/people/account.ts'
import { recognise } from '../packages/portico/src/core/people/people.ts'
import { whoIs } from './support/caller-identity.ts'
import { codeOf, secretOn, signInWithApp, typePassword, userOf, withApp } from './support/factors.ts'
import type { FormBrowser } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { keepingMailer } from './support/mailbox.ts'
import { consent, refused, signInDevice, startBrowser, startDevice } from './support/programs.ts'

const MINUTE = 60_000
const PASSWORD = 'umbrella gravel tulip nine'

const idOf = async (instance: TestInstance) => ({ userId: (await userOf(instance, instance.people.alice)).id })

suite('the account page', () => {
  test('shows each program: what it calls itself, where, since when, last used, how it was let in', async () => {
    const instance = await testInstance()
    const device = await signInDevice(instance, instance.people.alice, { clientName: 'my <laptop>' })
    const program = await startBrowser(instance)
    await instance.oidc.createToken(program.exchange(await consent(instance, program.url())))
    instance.clock.now += 5 * MINUTE
    await instance.portal.listAccounts(device)
    const { browser } = await typePassword(instance, instance.people.alice)
    const { html } = await browser.open(`${instance.origin}/account`)
    const [first = '', second = ''] = html.match(/<li class="signed-in-item">.*?<\/li>/gs) ?? []
    const shown = [first, second].find((item) => item.includes('my &lt;laptop&gt;')) ?? ''
    for (const told of [
      'unverified',
      '127.0.0.1',
      'by a code that you approved',
      'a password',
      '2026-11-24T12:05:00.000Z',
    ])
      assert.ok(shown.includes(told), told)
    assert.match(html, /through the browser/)
    assert.match(html, /This browser/)
  })

  test('says why there can be no further passkey: the address has no name, or there are twenty', async () => {
    const nameless = await testInstance()
    const numbered = await typePassword(nameless, nameless.people.alice)
    const there = await numbered.browser.open(`${nameless.origin}/account`)
    assert.match(there.html, /need this page to have a name of its own/)

    const instance = await testInstance({ origin: 'https://sso.example.com' })
    const { browser } = await typePassword(instance, instance.people.alice)
    const { id: userId } = await userOf(instance, instance.people.alice)
    const { now } = instance.clock
    const audit = { at: now, eventName: 'Test', userId, address: null, userAgent: null, detail: {} }
    const key = {
      userId,
      publicKey: 'a2V5',
      counter: 0,
      transports: [],
      synced: false,
      createdAt: now,
      lastUsedAt: null,
    }
    for (let each = 1; each <= 20; each++) {
      const { html } = await browser.open(`${instance.origin}/account`)
      assert.match(html, /<summary>Add a passkey/, `with ${each - 1}`)
      const passkey = { ...key, id: `passkey-${each}`, name: `Key ${each}` }
      await instance.storage.addPasskey({ passkey, first: false, audit })
    }
    const { html } = await browser.open(`${instance.origin}/account`)
    assert.match(html, /You have as many passkeys as one person may/)
    assert.doesNotMatch(html, /need this page to have a name|<summary>Add a passkey/)
  })

  test('says its own words after a change, and none that a link brings', async () => {
    const instance = await testInstance()
    const { browser } = await typePassword(instance, instance.people.alice)
    const said = async (what: string) => (await browser.open(`${instance.origin}/account?said=${what}`)).html
    assert.match(await said('done'), /role="status"|Done\./)
    const silent = await said('nothing-of-the-kind')
    for (const what of ['constructor', '__proto__', 'toString'])
      assert.equal((await said(what)).length, silent.length, what)
  })

  test('ends one session, at once and for its tokens too, and leaves the others', async () => {
    const instance = await testInstance()
    const [one, two] = [await signInDevice(instance), await signInDevice(instance)]
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.open(`${instance.origin}/account`)
    const { id } = await userOf(instance, instance.people.alice)
    const sessions = await instance.storage.listSessions({ userId: id, now: instance.clock.now })
    const ended = await browser.send(page, { session: sessions[0]?.id ?? '' })
    assert.match(ended.html, /It is signed out/)
    const outcomes = await Promise.allSettled(
      [one, two].map(({ accessToken }) => instance.portal.listAccounts({ accessToken })),
    )
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const [line] = await instance.storage.readAudit({ limit: 1 })
    assert.equal(line?.eventName, 'EndSession')
    assert.deepEqual(line?.detail, { sessionId: sessions[0]?.id, reason: 'account-page' })
  })

  test('ends nobody else’s sessions, whatever id somebody sends', async () => {
    const instance = await testInstance()
    const victim = await signInDevice(instance, instance.people.bob)
    const { browser: bob } = await typePassword(instance, instance.people.bob)
    const { id } = await userOf(instance, instance.people.bob)
    const [session] = await instance.storage.listSessions({ userId: id, now: instance.clock.now })
    const [signIn] = await instance.storage.listSignIns({ userId: id, now: instance.clock.now })
    await signInDevice(instance)
    await typePassword(instance, instance.people.alice)
    const { browser: alice } = await typePassword(instance, instance.people.alice)
    const page = await alice.open(`${instance.origin}/account`)
    assert.match((await alice.send(page, { session: session?.id ?? '' })).html, /It was gone already/)
    assert.match((await alice.send(page, { browser: signIn?.id ?? '' })).html, /It was gone already/)
    await instance.portal.listAccounts(victim)
    assert.equal((await bob.open(`${instance.origin}/start`)).status, 200)
  })

  test('signs another browser out', async () => {
    const instance = await testInstance()
    const { browser: other } = await typePassword(instance, instance.people.alice)
    instance.clock.now += 1
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.open(`${instance.origin}/account`)
    const id = /name="browser" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    await browser.send(page, { browser: id })
    assert.match((await other.open(`${instance.origin}/start`)).url, /\/sign-in\?/)
    assert.equal((await browser.open(`${instance.origin}/start`)).status, 200)
  })

  test('ends the role credentials of a browser that it signs out, and not those that this one was shown', async () => {
    const instance = await testInstance()
    const { browser: other } = await typePassword(instance, instance.people.alice)
    const theirs = await credentialsShownTo(instance, other)
    instance.clock.now += 1
    const { browser } = await typePassword(instance, instance.people.alice)
    const own = await credentialsShownTo(instance, browser)
    const page = await browser.open(`${instance.origin}/account`)
    const id = /name="browser" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    assert.equal(await whoIs(instance, theirs), 200)
    await browser.send(page, { browser: id })
    assert.equal(await whoIs(instance, theirs), 403)
    assert.equal(await whoIs(instance, own), 200)
  })

  test('gives a change that is under way no last word before an administrator who ends the sign-in', async () => {
    for (const change of ['password', 'app', 'recovery codes'] as const) {
      const { instance, person, deps, reset } = await underWay(change)
      const { now } = instance.clock
      const origin = { address: '203.0.113.5', userAgent: 'thief' }
      if (change === 'password') {
        const form = { current: instance.people.alice.password, password: PASSWORD, passwordAgain: PASSWORD }
        assert.equal((await changePassword(deps, person, form, origin, now)).outcome, 'too-busy')
      } else if (change === 'app') {
        const { secret, sealed } = newTotp(deps, person.reach.user)
        const enrolment = { method: 'totp', sealed, code: codeOf(secret, now) } as const
        assert.deepEqual(await addFactor(deps, person, enrolment, origin, now), { outcome: 'wrong' })
      } else assert.equal(await makeRecoveryCodes(deps, person, origin, now), undefined)
      assert.equal(reset(), true, change)
      const user = await userOf(instance, instance.people.alice)
      assert.equal(user.passwordHash, 'what the administrator set')
      const { totp, recoveryCodes } = await instance.storage.readFactors({ userId: user.id })
      assert.deepEqual({ totp, recoveryCodes }, { totp: null, recoveryCodes: 0 })
    }
  })

  test('ends everything, this browser too', async () => {
    const instance = await testInstance()
    const program = await signInDevice(instance)
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.send(await browser.open(`${instance.origin}/account`), { end: 'everything' })
    assert.match(page.html, /You are signed out/)
    assert.match((await browser.open(`${instance.origin}/start`)).url, /\/sign-in\?/)
    await assert.rejects(instance.portal.listAccounts(program), refused('UnauthorizedException'))
    await assert.rejects(program.refresh(), /The session was ended/)
  })

  test('is nobody’s without a sign-in, and none of its forms is taken without its token', async () => {
    const instance = await testInstance()
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.open(`${instance.origin}/account`)
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    for (const path of ['', '/password', '/passkeys', '/one-time-codes', '/recovery-codes', '/sessions']) {
      const url = `${instance.origin}/account${path}`
      for (const csrf of ['', 'x', 'A'.repeat(48)]) {
        const body = new URLSearchParams({ csrf, end: 'everything', do: 'remove', seen: 'reset' })
        const headers = { cookie, origin: instance.origin }
        const answer = await instance.fetch(new Request(url, { method: 'POST', body, headers, redirect: 'manual' }))
        assert.equal(answer.status, 403, `${path} ${csrf}`)
      }
      if (!['/passkeys', '/sessions'].includes(path))
        assert.match((await instance.browser().open(url)).url, /\/sign-in\?/, path)
    }
    assert.equal((await browser.open(`${instance.origin}/start`)).status, 200)
    assert.ok(page)
  })

  for (const path of ['/sign-in/second-factor', '/sign-in/enrol', '/sign-in/forgot', '/setup/link'])
    test(`its neighbour ${path} takes no form from elsewhere either`, async () => {
      const instance = await testInstance({ requireSecondFactor: true }, undefined, keepingMailer())
      const { browser } = await typePassword(instance, instance.people.alice)
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const body = new URLSearchParams({ code: '123456', username: 'alice', link: 'x' })
      const headers = { cookie, origin: instance.origin }
      const answer = await instance.fetch(new Request(instance.origin + path, { method: 'POST', body, headers }))
      assert.equal(answer.status, 403)
    })
})

suite('a change of how somebody signs in', () => {
  test('needs a proof that is not older than an hour', async () => {
    const instance = await testInstance({ signInIdleDuration: 8 * 60 * MINUTE })
    const { browser } = await typePassword(instance, instance.people.alice)
    instance.clock.now += 61 * MINUTE
    for (const path of ['/account/password', '/account/one-time-codes', '/account/recovery-codes'])
      assert.match((await browser.open(instance.origin + path)).url, /\/sign-in\?.*again=long-ago/, path)
    assert.equal((await browser.open(`${instance.origin}/account`)).status, 200)
  })

  test('needs the second factor where there is one, whatever the browser proved before it was there', async () => {
    const instance = await testInstance()
    const { browser: earlier } = await typePassword(instance, instance.people.alice)
    const page = await earlier.open(`${instance.origin}/account`)
    await withApp(instance)
    for (const path of ['/account/password', '/account/one-time-codes', '/account/recovery-codes'])
      assert.equal((await earlier.open(instance.origin + path)).url, `${instance.origin}/sign-in/second-factor`, path)
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    const forged = { url: page.url, status: 200, location: null }
    const form = `<form method="post" action="/account/one-time-codes"><input name="csrf" value="${csrf}"><button name="do" value="remove"></button></form>`
    const sent = await earlier.send({ ...forged, html: form }, { do: 'remove' })
    assert.equal(sent.url, `${instance.origin}/sign-in/second-factor`)
    const { id } = await userOf(instance, instance.people.alice)
    assert.notEqual((await instance.storage.readFactors({ userId: id })).totp, null)
  })

  test('of the password ends everything else, and this browser goes on with a new secret', async () => {
    const mailer = keepingMailer()
    const instance = await testInstance({}, undefined, mailer)
    const program = await signInDevice(instance)
    const { browser: other } = await typePassword(instance, instance.people.alice)
    const { browser } = await typePassword(instance, instance.people.alice)
    const before = browser.cookies.get('portico-session-8000')
    const form = await browser.open(`${instance.origin}/account/password`)
    const wrong = await browser.send(form, { current: 'wrong', password: PASSWORD, password_again: PASSWORD })
    assert.equal(wrong.status, 400)
    assert.match(wrong.html, /This is not your password/)
    const { password: current } = instance.people.alice
    const short = await browser.send(form, { current, password: 'too short', password_again: 'too short' })
    assert.match(short.html, /at least 15 characters/)
    instance.clock.now += 1
    const done = await browser.send(form, { current, password: PASSWORD, password_again: PASSWORD })
    assert.match(done.html, /Your password was changed/)
    assert.notEqual(browser.cookies.get('portico-session-8000'), before)
    assert.equal((await browser.open(`${instance.origin}/start`)).status, 200)
    assert.match((await other.open(`${instance.origin}/start`)).url, /\/sign-in\?/)
    await assert.rejects(program.refresh(), /The session was ended/)
    assert.match(mailer.letters[0]?.subject ?? '', /password was changed/)
  })

  test('of the password may make it shorter for somebody who has a second factor', async () => {
    const instance = await testInstance()
    const { browser } = await withApp(instance)
    const form = await browser.open(`${instance.origin}/account/password`)
    const { password: current } = instance.people.alice
    const fields = { current, password: 'gravel 9', password_again: 'gravel 9' }
    assert.match((await browser.send(form, fields)).html, /Your password was changed/)
  })

  test('that takes the last factor of a short password away is made good at the next sign-in', async () => {
    const instance = await testInstance()
    const { browser } = await withApp(instance)
    const { password: current } = instance.people.alice
    const fields = { current, password: 'gravel 9', password_again: 'gravel 9' }
    await browser.send(await browser.open(`${instance.origin}/account/password`), fields)
    const removed = await browser.send(await browser.open(`${instance.origin}/account`), { do: 'remove' })
    assert.match(removed.url, /said=removed/)
    const next = await typePassword(instance, { username: 'alice', password: 'gravel 9' })
    assert.equal(next.page.url, `${instance.origin}/sign-in/enrol`)
  })

  test('that removes a factor ends what it had let in elsewhere, and nothing else', async () => {
    const instance = await testInstance()
    const byPassword = await signInDevice(instance)
    const { browser, secret } = await withApp(instance)
    const elsewhere = await signInWithApp(instance, secret)
    const { grant, poll } = await startDevice(instance)
    await elsewhere.browser.send(await elsewhere.browser.open(grant.verificationUriComplete ?? ''), {
      decision: 'approve',
    })
    const byApp = await poll()
    await instance.portal.listAccounts(byApp)

    const removed = await browser.send(await browser.open(`${instance.origin}/account`), { do: 'remove' })
    assert.match(removed.html, /It was removed, and what it had let in elsewhere is signed out/)
    assert.equal((await browser.open(`${instance.origin}/start`)).url, `${instance.origin}/start`)
    assert.match((await elsewhere.browser.open(`${instance.origin}/start`)).url, /\/sign-in/)
    await assert.rejects(instance.portal.listAccounts(byApp), /The session was ended/)
    await instance.portal.listAccounts(byPassword)
  })

  test('that adds a first factor is worth nothing when somebody else was faster: a factor proves itself first', async () => {
    const instance = await testInstance()
    const [one, other] = [
      await typePassword(instance, instance.people.alice),
      await typePassword(instance, instance.people.alice),
    ]
    const path = `${instance.origin}/account/one-time-codes`
    const [first, second] = [await one.browser.open(path), await other.browser.open(path)]
    const { now } = instance.clock
    await one.browser.send(first, { code: codeOf(secretOn(first), now) })
    const before = await instance.storage.readFactors(await idOf(instance))
    const late = await other.browser.send(second, { code: codeOf(secretOn(second), now) })
    assert.match(late.url, /\/sign-in\/second-factor/)
    assert.deepEqual(await instance.storage.readFactors(await idOf(instance)), before)
    const person = await recognise(instance.deps, other.browser.cookies.get('portico-session-8000') ?? '', now)
    assert.ok(person)
    // Past the page's own question, as when both send their forms at the same moment.
    const enrolment = { method: 'totp', sealed: /name="secret" value="([^"]*)"/.exec(second.html)?.[1] ?? '' } as const
    const code = codeOf(secretOn(second), now)
    const origin = { address: '127.0.0.1', userAgent: 'test' }
    const added = await addFactor(instance.deps, person, { ...enrolment, code }, origin, now)
    assert.deepEqual(added, { outcome: 'wrong' })
    assert.deepEqual(await instance.storage.readFactors(await idOf(instance)), before)
  })

  test('to another app replaces the one before', async () => {
    const instance = await testInstance()
    const { browser, secret } = await withApp(instance)
    const offer = await browser.open(`${instance.origin}/account/one-time-codes`)
    const other = secretOn(offer)
    assert.notEqual(other, secret)
    await browser.send(offer, { code: codeOf(other, instance.clock.now) })
    instance.clock.now += MINUTE
    const { browser: next, page } = await typePassword(instance, instance.people.alice)
    assert.equal((await next.send(page, { code: codeOf(secret, instance.clock.now) })).status, 400)
    assert.equal((await next.send(page, { code: codeOf(other, instance.clock.now) })).status, 200)
  })
})

suite('an administrator’s reset', () => {
  test('takes factors and sessions, and the person is told: by letter, and until they have seen it', async () => {
    const mailer = keepingMailer()
    const instance = await testInstance({}, undefined, mailer)
    const { browser } = await withApp(instance)
    const program = await signInDevice(instance, instance.people.bob)
    const user = await userOf(instance, instance.people.alice)
    const by = { userId: null, address: null, userAgent: 'portico user' }
    instance.clock.now += MINUTE
    assert.equal(await resetFactors(instance.deps, user, by, instance.clock.now), true)
    assert.match(mailer.letters.at(-1)?.text ?? '', /An administrator removed your passkeys/)
    assert.match((await browser.open(`${instance.origin}/start`)).url, /\/sign-in\?/)
    await instance.portal.listAccounts(program)
    instance.clock.now += MINUTE
    const wanted = '/start/cli?account_id=111111111111&role_name=ReadOnlyAccess'
    const path = `/sign-in?${new URLSearchParams({ return: wanted })}`
    const next = await typePassword(instance, instance.people.alice, instance.browser(), path)
    assert.match(next.page.html, /An administrator removed your second factors/)
    const seen = await next.browser.send(next.page, { seen: 'reset' })
    assert.equal(seen.url, instance.origin + wanted)
    const later = await typePassword(instance, instance.people.alice)
    assert.equal(later.page.url, `${instance.origin}/start`)
  })

  test('is told on the page that asks for a new factor, where one is required', async () => {
    const instance = await testInstance({ requireSecondFactor: true })
    const user = await userOf(instance, instance.people.alice)
    await resetFactors(instance.deps, user, { userId: null, address: null, userAgent: '' }, instance.clock.now)
    instance.clock.now += 1
    const { page } = await typePassword(instance, instance.people.alice)
    assert.match(page.html, /An administrator removed your second factors/)
  })
})

/** The credentials of a role that the portal shows to a browser. */
async function credentialsShownTo({ origin }: TestInstance, browser: FormBrowser) {
  const role = new URLSearchParams({ account_id: '111111111111', role_name: 'ReadOnlyAccess' })
  const { html } = await browser.open(`${origin}/start/credentials?${role}`)
  const named = (name: string) => new RegExp(`${name}=&#39;([\\w+/=-]+)`).exec(html)?.[1] ?? ''
  return {
    accessKeyId: named('AWS_ACCESS_KEY_ID'),
    secretAccessKey: named('AWS_SECRET_ACCESS_KEY'),
    sessionToken: named('AWS_SESSION_TOKEN'),
  }
}

/** Alice in a browser, and deps with which an administrator takes her password and factors away just before a change is stored. */
async function underWay(change: 'password' | 'app' | 'recovery codes') {
  const instance = await testInstance()
  const { browser } =
    change === 'recovery codes' ? await withApp(instance) : await typePassword(instance, instance.people.alice)
  const secret = browser.cookies.get('portico-session-8000') ?? ''
  const person = await recognise(instance.deps, secret, instance.clock.now)
  assert.ok(person)
  const { storage, clock } = instance
  let done = false
  const first = <Input, Output>(transition: (input: Input) => Promise<Output>) => {
    return async (input: Input): Promise<Output> => {
      const by = { userId: null, address: null, userAgent: 'portico' }
      await resetFactors(instance.deps, person.reach.user, by, clock.now)
      const audit = { at: clock.now, eventName: 'SetPassword', ...by, detail: {} }
      await storage.setPassword({
        ...{ userName: 'alice', passwordHash: 'what the administrator set', endSessions: true },
        ...{ revokedUntil: clock.now + MINUTE, now: clock.now, audit },
      })
      done = true
      return transition(input)
    }
  }
  const { setPassword, setTotp, replaceRecoveryCodes } = storage
  const racing = {
    ...storage,
    setPassword: first(setPassword),
    setTotp: first(setTotp),
    replaceRecoveryCodes: first(replaceRecoveryCodes),
  }
  return { instance, person, deps: { ...instance.deps, storage: racing }, reset: () => done }
}
