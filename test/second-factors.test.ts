/** Second factors as people and thieves meet them: one-time codes, recovery codes, and who must have a factor. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { introspect } from '../packages/portico/src/protocol/oauth2.ts'
import { whoIs } from './support/caller-identity.ts'
import { codeOf, requireOf, secretOn, signInWithApp, typePassword, userOf, withApp } from './support/factors.ts'
import { testInstance } from './support/instance.ts'
import { ask, refused, signInDevice, startBrowser, startDevice } from './support/programs.ts'

const MINUTE = 60_000

suite('one-time codes', () => {
  test('are asked for after the password, and until then nobody is signed in', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    const { browser, page } = await typePassword(instance, instance.people.alice)
    assert.equal(page.url, `${instance.origin}/sign-in/second-factor`)
    assert.equal(browser.cookies.has('portico-session-8000'), false)
    for (const path of ['/start', '/device', '/account', '/start/cli'])
      assert.match((await browser.open(instance.origin + path)).url, /\/sign-in\?/, path)
    instance.clock.now += MINUTE
    const done = await browser.send(page, { code: codeOf(secret, instance.clock.now) })
    assert.equal(done.url, `${instance.origin}/start`)
    const { id } = await userOf(instance, instance.people.alice)
    const [signIn] = await instance.storage.listSignIns({ userId: id, now: instance.clock.now })
    assert.deepEqual(signIn?.amr, ['password', 'totp'])
  })

  test('lead back to where the person wanted to go', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    instance.clock.now += MINUTE
    const wanted = '/start/cli?account_id=111111111111&role_name=ReadOnlyAccess'
    const query = new URLSearchParams({ return: wanted })
    const { browser, page } = await typePassword(
      instance,
      instance.people.alice,
      instance.browser(),
      `/sign-in?${query}`,
    )
    const done = await browser.send(page, { code: codeOf(secret, instance.clock.now) })
    assert.equal(done.url, instance.origin + wanted)
  })

  test('work once, for whoever watched one being typed as well', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    instance.clock.now += MINUTE
    const code = codeOf(secret, instance.clock.now)
    const [alice, thief] = [
      await typePassword(instance, instance.people.alice),
      await typePassword(instance, instance.people.alice),
    ]
    assert.equal((await alice.browser.send(alice.page, { code })).status, 200)
    const refusedPage = await thief.browser.send(thief.page, { code })
    assert.equal(refusedPage.status, 400)
    assert.match(refusedPage.html, /not right, or was used already/)
  })

  test('of an earlier half minute are over once a later one was used', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    instance.clock.now += MINUTE
    const earlier = codeOf(secret, instance.clock.now)
    instance.clock.now += 30_000
    await signInWithCode(instance, codeOf(secret, instance.clock.now))
    assert.equal((await signInWithCode(instance, earlier)).status, 400)
  })

  test('are taken one half minute early or late, because clocks differ, and no more', async () => {
    for (const [offset, status] of [
      [-60_000, 400],
      [-30_000, 200],
      [30_000, 200],
      [60_000, 400],
    ] as const) {
      const instance = await testInstance()
      const { secret } = await withApp(instance)
      instance.clock.now += 10 * MINUTE
      const page = await signInWithCode(instance, codeOf(secret, instance.clock.now + offset))
      assert.equal(page.status, status, String(offset))
    }
  })

  test('can be guessed at five times in ten minutes, by however many browsers', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    instance.clock.now += MINUTE
    const wrong = () => codeOf(secret, instance.clock.now + 60 * MINUTE)
    for (let i = 0; i < 5; i++) assert.equal((await signInWithCode(instance, wrong())).status, 400)
    const right = await signInWithCode(instance, codeOf(secret, instance.clock.now))
    assert.equal(right.status, 429)
    instance.clock.now += 10 * MINUTE
    assert.equal((await signInWithCode(instance, codeOf(secret, instance.clock.now))).status, 200)
  })

  test('are six digits, with or without a blank, and nothing else', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    instance.clock.now += MINUTE
    for (const typed of ['', '12345', '-12345', '1e5000'])
      assert.equal((await signInWithCode(instance, typed)).status, 400, typed)
    const code = codeOf(secret, instance.clock.now)
    assert.equal((await signInWithCode(instance, ` ${code.slice(0, 3)} ${code.slice(3)}`)).status, 200)
  })

  test('are kept sealed: no copy of the database shows the secret', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    const { totp } = await instance.storage.readFactors({ userId: (await userOf(instance, { username: 'alice' })).id })
    assert.ok(totp !== null && !totp.secret.includes(secret))
    assert.doesNotMatch(JSON.stringify(await instance.storage.readAudit({ limit: 50 })), new RegExp(secret))
  })

  test('of one person’s secret do not set up an app for another', async () => {
    const instance = await testInstance()
    const [alice, bob] = [
      await typePassword(instance, instance.people.alice),
      await typePassword(instance, instance.people.bob),
    ]
    const offer = await alice.browser.open(`${instance.origin}/account/one-time-codes`)
    const sealed = /name="secret" value="([^"]*)"/.exec(offer.html)?.[1] ?? ''
    const bobs = await bob.browser.open(`${instance.origin}/account/one-time-codes`)
    const code = codeOf(secretOn(offer), instance.clock.now)
    assert.equal((await bob.browser.send(bobs, { secret: sealed, code })).status, 400)
  })
})

suite('a half-finished sign-in', () => {
  test('belongs to its browser: its cookie elsewhere is worth nothing', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    instance.clock.now += MINUTE
    const { browser } = await typePassword(instance, instance.people.alice)
    const thief = instance.browser()
    await thief.open(`${instance.origin}/sign-in`)
    const [name, value] = [...browser.cookies].find(([cookie]) => cookie.includes('pending')) ?? ['', '']
    thief.cookies.set(name, value)
    const page = await thief.open(`${instance.origin}/sign-in/second-factor`)
    assert.match(page.url, /\/sign-in\?/)
    assert.ok(secret)
  })

  test('is over after ten minutes', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    const { browser, page } = await typePassword(instance, instance.people.alice)
    instance.clock.now += 10 * MINUTE
    const late = await browser.send(page, { code: codeOf(secret, instance.clock.now) })
    assert.match(late.url, /\/sign-in\?/)
  })

  test('is over when the password is changed, the person disabled or signed out everywhere meanwhile', async () => {
    const audit = { at: 0, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
    for (const happening of ['password', 'signed out'] as const) {
      const instance = await testInstance()
      const { secret } = await withApp(instance)
      instance.clock.now += MINUTE
      const { browser, page } = await typePassword(instance, instance.people.alice)
      const { id: userId } = await userOf(instance, instance.people.alice)
      const now = instance.clock.now
      const ending = { revokedUntil: now + MINUTE, now, audit }
      if (happening === 'password')
        await instance.storage.setPassword({ userName: 'alice', passwordHash: 'x', endSessions: false, ...ending })
      else await instance.storage.endSessionsOfUser({ userId, reason: 'administrator', ...ending })
      const after = await browser.send(page, { code: codeOf(secret, instance.clock.now) })
      assert.match(after.url, /\/sign-in\?/, happening)
    }
  })

  test('cannot bring a factor of its own where there is one: a stolen password is not enough', async () => {
    const instance = await testInstance()
    await withApp(instance)
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.open(`${instance.origin}/sign-in/enrol`)
    assert.equal(page.url, `${instance.origin}/sign-in/second-factor`)
    // The form of somebody who may enrol, sent by somebody who may not.
    const bob = await testInstance({ requireSecondFactor: true })
    const { page: form } = await typePassword(bob, bob.people.bob)
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    const sealed = /name="secret" value="([^"]*)"/.exec(form.html)?.[1] ?? ''
    const sent = await browser.send({ ...form, url: page.url }, { csrf, secret: sealed, code: '000000' })
    assert.equal(sent.url, `${instance.origin}/sign-in/second-factor`)
  })

  test('does not let a session be planted: a finished one has a secret of its own', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    instance.clock.now += MINUTE
    const browser = instance.browser()
    browser.cookies.set('portico-session-8000', 'A'.repeat(43))
    browser.cookies.set('portico-visit-8000', 'A'.repeat(43))
    const { page } = await typePassword(instance, instance.people.alice, browser)
    await browser.send(page, { code: codeOf(secret, instance.clock.now) })
    const session = browser.cookies.get('portico-session-8000')
    assert.match(session ?? '', /^[\w-]{43}$/)
    assert.notEqual(session, 'A'.repeat(43))
    assert.equal(
      [...browser.cookies.keys()].some((name) => name.includes('pending')),
      false,
    )
  })
})

suite('a second factor', () => {
  test('is set up at the next sign-in where the instance requires one', async () => {
    const instance = await testInstance({ requireSecondFactor: true })
    const { browser, page } = await typePassword(instance, instance.people.bob)
    assert.equal(page.url, `${instance.origin}/sign-in/enrol`)
    assert.equal(browser.cookies.has('portico-session-8000'), false)
    const wrong = await browser.send(page, { code: '000000' })
    assert.equal(wrong.status, 400)
    assert.equal(secretOn(wrong), secretOn(page), 'the same secret is shown again')
    const done = await browser.send(wrong, { code: codeOf(secretOn(wrong), instance.clock.now) })
    assert.match(done.url, /\/account\/recovery-codes\?.*return=%2Fstart$/)
    assert.match(done.html, /The app was set up\./)
    assert.equal((await browser.open(`${instance.origin}/start`)).status, 200)
    const next = await typePassword(instance, instance.people.bob)
    assert.equal(next.page.url, `${instance.origin}/sign-in/second-factor`)
  })

  test('is required of the members of a group, and of nobody else', async () => {
    const instance = await testInstance()
    await requireOf(instance, { group: 'Engineers' })
    assert.match((await typePassword(instance, instance.people.bob)).page.url, /\/sign-in\/enrol$/)
    const other = await testInstance()
    assert.equal((await typePassword(other, other.people.bob)).page.url, `${other.origin}/start`)
  })

  test('is asked for when a device is approved, where a role that it would reach needs one', async () => {
    const instance = await testInstance()
    await requireOf(instance, { permissionSet: 'AdministratorAccess' })
    const { grant, poll } = await startDevice(instance)
    const { browser } = await typePassword(instance, instance.people.alice)
    const before = browser.cookies.get('portico-session-8000')
    const enrol = await browser.open(grant.verificationUriComplete ?? '')
    assert.equal(enrol.url, `${instance.origin}/sign-in/enrol`)
    const codes = await browser.send(enrol, { code: codeOf(secretOn(enrol), instance.clock.now) })
    assert.notEqual(browser.cookies.get('portico-session-8000'), before, 'a step up makes a new secret')
    assert.match(codes.html, /href="\/device\?user_code=/)
    const ask = await browser.open(grant.verificationUriComplete ?? '')
    await browser.send(ask, { decision: 'approve' })
    const { accessToken } = await poll()
    const role = { accountId: '111111111111', roleName: 'AdministratorAccess' }
    assert.match(
      (await instance.portal.getRoleCredentials({ accessToken, ...role })).roleCredentials.accessKeyId,
      /^ASIA/,
    )
  })

  test('is asked for by the approval itself, not by the page before it', async () => {
    const instance = await testInstance()
    const { grant, poll } = await startDevice(instance)
    const { browser } = await typePassword(instance, instance.people.alice)
    const ask = await browser.open(grant.verificationUriComplete ?? '')
    await requireOf(instance, { permissionSet: 'AdministratorAccess' })
    const page = await browser.send(ask, { decision: 'approve' })
    assert.equal(page.url, `${instance.origin}/sign-in/enrol`)
    await assert.rejects(poll(), refused('authorization_pending'))
    await browser.send(ask, { decision: 'deny' })
    instance.clock.now += 10_000
    await assert.rejects(poll(), refused('access_denied'), 'a denial needs nothing')
  })

  test('that a role needs is needed by sessions from before as well', async () => {
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance)
    const role = { accountId: '111111111111', roleName: 'AdministratorAccess' }
    await instance.portal.getRoleCredentials({ accessToken, ...role })
    await requireOf(instance, { permissionSet: 'AdministratorAccess' })
    await assert.rejects(instance.portal.getRoleCredentials({ accessToken, ...role }), /needs a second factor/)
    await instance.portal.getRoleCredentials({ accessToken, accountId: '111111111111', roleName: 'ReadOnlyAccess' })
  })

  test('that a role needs is asked for before the portal shows its credentials', async () => {
    const instance = await testInstance()
    await requireOf(instance, { permissionSet: 'AdministratorAccess' })
    const { browser } = await typePassword(instance, instance.people.alice)
    const role = 'account_id=111111111111&role_name=AdministratorAccess'
    const page = await browser.open(`${instance.origin}/start/credentials?${role}`)
    assert.equal(page.url, `${instance.origin}/sign-in/enrol`)
    assert.doesNotMatch(page.html, /ASIA/)
  })

  test('that a role needs is not set up by whoever sits down at a browser that was left signed in', async () => {
    const instance = await testInstance({ signInIdleDuration: 8 * 60 * MINUTE })
    await requireOf(instance, { permissionSet: 'AdministratorAccess' })
    const { browser } = await typePassword(instance, instance.people.alice)
    instance.clock.now += 2 * 60 * MINUTE
    const credentials = `${instance.origin}/start/credentials?account_id=111111111111&role_name=AdministratorAccess`
    const page = await browser.open(credentials)
    assert.match(page.url, /\/sign-in\?.*again=long-ago/)
    // The password comes first, and then leads on to where the factor is set up.
    const { username, password } = instance.people.alice
    assert.equal((await browser.send(page, { username, password })).url, `${instance.origin}/sign-in/enrol`)
  })

  test('that is required from now on is missed by what is open: it may be ended, and nothing else', async () => {
    const instance = await testInstance()
    const { client, accessToken, refreshToken = '', refresh } = await signInDevice(instance, instance.people.bob)
    await requireOf(instance, { group: 'Engineers' })
    const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }
    for (const asked of [
      instance.portal.getRoleCredentials({ accessToken, ...role }),
      instance.portal.listAccounts({ accessToken }),
      instance.portal.listAccountRoles({ accessToken, accountId: role.accountId }),
    ])
      await assert.rejects(asked, (error) => {
        // Forbidden and not unauthorized: AWS's tools show its sentence, and signing in again is what it asks for.
        return refused('ForbiddenException')(error) && /Sign in again and use one/.test(String(error))
      })
    await assert.rejects(refresh(), /A second factor is required here now/)
    for (const token of [accessToken, refreshToken]) {
      const form = { client_id: client.clientId, client_secret: client.clientSecret, token }
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { body } = await ask(instance, introspect.path, { body: new URLSearchParams(form).toString(), headers })
      assert.deepEqual(body, { active: false })
    }
    await instance.portal.logout({ accessToken })
  })

  test('that is required from now on is missed by role credentials that were given before, until it is required no more', async () => {
    const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }
    const requirements: Parameters<typeof requireOf>[1][] = [{ group: 'Engineers' }, { permissionSet: role.roleName }]
    for (const requirement of requirements) {
      const instance = await testInstance()
      const { accessToken } = await signInDevice(instance, instance.people.bob)
      const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
      assert.equal(await whoIs(instance, roleCredentials), 200)
      await requireOf(instance, requirement)
      assert.equal(await whoIs(instance, roleCredentials), 403)
    }
    const instance = await testInstance()
    const { accessToken } = await signInDevice(instance, instance.people.bob)
    const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
    for (const [requireSecondFactor, status] of [
      [true, 403],
      [false, 200],
    ] as const) {
      instance.deps.settings.requireSecondFactor = requireSecondFactor
      assert.equal(await whoIs(instance, roleCredentials), status)
    }
  })

  test('that is required from now on leaves sessions alone that began with one', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    const { grant, poll } = await startDevice(instance)
    const { browser } = await signInWithApp(instance, secret)
    await browser.send(await browser.open(grant.verificationUriComplete ?? ''), { decision: 'approve' })
    const { accessToken } = await poll()
    const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }
    const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
    instance.deps.settings.requireSecondFactor = true
    await instance.portal.listAccounts({ accessToken })
    assert.equal(await whoIs(instance, roleCredentials), 200)
    assert.equal((await browser.open(`${instance.origin}/start`)).url, `${instance.origin}/start`)
  })

  test('that is required from now on is asked for at the next page, which then comes', async () => {
    const instance = await testInstance()
    const { browser } = await typePassword(instance, instance.people.alice)
    instance.deps.settings.requireSecondFactor = true
    const wanted = `${instance.origin}/start?q=prod`
    const enrol = await browser.open(wanted)
    assert.equal(enrol.url, `${instance.origin}/sign-in/enrol`)
    const codes = await browser.send(enrol, { code: codeOf(secretOn(enrol), instance.clock.now) })
    assert.match(codes.html, /href="\/start\?q=prod"/)
    assert.equal((await browser.open(wanted)).url, wanted)
  })

  test('that is required from now on is needed to approve, and not to deny', async () => {
    const instance = await testInstance()
    const { browser } = await typePassword(instance, instance.people.alice)
    const [device, program] = [await startDevice(instance), await startBrowser(instance)]
    const pages = [await browser.open(device.grant.verificationUriComplete ?? ''), await browser.open(program.url())]
    instance.deps.settings.requireSecondFactor = true
    for (const page of pages)
      assert.equal((await browser.send(page, { decision: 'approve' })).url, `${instance.origin}/sign-in/enrol`)
    for (const page of pages) await browser.send(page, { decision: 'deny' })
    await assert.rejects(device.poll(), refused('access_denied'))
  })

  test('that is required from now on is proved where the person has one, and set up with a fresh proof only', async () => {
    const instance = await testInstance({ signInIdleDuration: 8 * 60 * MINUTE })
    const alice = await typePassword(instance, instance.people.alice)
    const bob = await typePassword(instance, instance.people.bob)
    // Alice sets her app up in another browser.
    await withApp(instance)
    instance.deps.settings.requireSecondFactor = true
    instance.clock.now += 2 * 60 * MINUTE
    assert.equal(
      (await alice.browser.open(`${instance.origin}/account`)).url,
      `${instance.origin}/sign-in/second-factor`,
    )
    assert.match((await bob.browser.open(`${instance.origin}/account`)).url, /\/sign-in\?.*again=long-ago/)
    assert.equal((await bob.browser.open(`${instance.origin}/sign-out`)).url, `${instance.origin}/sign-out`)
  })

  test('is remembered by the session that it let in', async () => {
    const instance = await testInstance()
    const { secret } = await withApp(instance)
    const { grant, poll } = await startDevice(instance)
    const { browser } = await signInWithApp(instance, secret)
    await browser.send(await browser.open(grant.verificationUriComplete ?? ''), { decision: 'approve' })
    await poll()
    const { id } = await userOf(instance, instance.people.alice)
    const [session] = await instance.storage.listSessions({ userId: id, now: instance.clock.now })
    assert.deepEqual(session?.amr, ['password', 'totp'])
  })

  test('is not asked of people who have none where nobody requires one', async () => {
    const instance = await testInstance()
    assert.equal((await typePassword(instance, instance.people.alice)).page.url, `${instance.origin}/start`)
  })
})

suite('recovery codes', () => {
  test('are shown once, stand in for the app after the password, and each works once', async () => {
    const instance = await testInstance()
    const { codes } = await makeCodes(instance)
    assert.equal(codes.length, 10)
    const [first = ''] = codes
    const { browser: alice, page } = await typePassword(instance, instance.people.alice)
    const used = await alice.send(page, { recovery_code: first.toUpperCase().replaceAll('-', ' ') })
    assert.equal(used.url, `${instance.origin}/start`)
    const again = await typePassword(instance, instance.people.alice)
    assert.equal((await again.browser.send(again.page, { recovery_code: first })).status, 400)
    assert.match((await alice.open(`${instance.origin}/account`)).html, /You have 9 left/)
  })

  test('that were made anew void the ones before', async () => {
    const instance = await testInstance()
    const { codes, browser } = await makeCodes(instance)
    await browser.send(await browser.open(`${instance.origin}/account/recovery-codes`), { return: '/account' })
    const { browser: other, page } = await typePassword(instance, instance.people.alice)
    assert.equal((await other.send(page, { recovery_code: codes[1] ?? '' })).status, 400)
  })

  test('can be guessed at five times in ten minutes', async () => {
    const instance = await testInstance()
    const { codes } = await makeCodes(instance)
    const { browser, page } = await typePassword(instance, instance.people.alice)
    for (let i = 0; i < 5; i++)
      assert.equal((await browser.send(page, { recovery_code: `0000-0000-0000-000${i}` })).status, 400)
    assert.equal((await browser.send(page, { recovery_code: codes[2] ?? '' })).status, 429)
  })

  test('are kept as MACs: no copy of the database shows one', async () => {
    const instance = await testInstance()
    const { codes } = await makeCodes(instance)
    const lines = JSON.stringify(await instance.storage.readAudit({ limit: 100 }))
    for (const code of codes) assert.ok(!lines.includes(code))
  })
})

async function signInWithCode(instance: Awaited<ReturnType<typeof testInstance>>, code: string) {
  const { browser, page } = await typePassword(instance, instance.people.alice)
  return browser.send(page, { code })
}

/** Recovery codes of alice, made by the browser in which she set up her app. */
async function makeCodes(instance: Awaited<ReturnType<typeof testInstance>>) {
  const { browser } = await withApp(instance)
  const page = await browser.send(await browser.open(`${instance.origin}/account/recovery-codes`), {
    return: '/account',
  })
  return { browser, codes: [...page.html.matchAll(/[0-9a-z]{4}(?:-[0-9a-z]{4}){3}/g)].map(([code]) => code) }
}
