/** The two clocks of a session: one begins when its person signs in, the other each time that it is continued. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { followOrganization } from '../packages/portico/src/cli/housekeeping.ts'
import { diffOrganization } from '../packages/portico/src/core/organization/diff.ts'
import { parseOrganization } from '../packages/portico/src/core/organization/organization-file.ts'
import { isUnused } from '../packages/portico/src/core/people/people.ts'
import { typePassword, userOf } from './support/factors.ts'
import { testInstance } from './support/instance.ts'
import { signInDevice, startDevice } from './support/programs.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

suite('a session', () => {
  test('ends at its absolute limit however busy it is, and a refused refresh says so', async () => {
    const instance = await testInstance({ sessionDuration: 4 * HOUR, sessionIdleDuration: HOUR })
    let { refresh, refreshToken } = await signInDevice(instance)
    for (let halfHours = 1; halfHours < 8; halfHours++) {
      instance.clock.now += HOUR / 2
      ;({ refreshToken } = await refresh(refreshToken))
    }
    instance.clock.now += HOUR / 2
    await assert.rejects(refresh(refreshToken), /reached its end, counted from when its person signed in/)
  })

  test('that goes unused for longer than it may cannot be continued, and a refused refresh says so', async () => {
    const instance = await testInstance({ sessionDuration: 24 * HOUR, sessionIdleDuration: HOUR })
    const { refresh, refreshToken } = await signInDevice(instance)
    instance.clock.now += HOUR - 1
    const next = await refresh(refreshToken)
    instance.clock.now += HOUR
    await assert.rejects(refresh(next.refreshToken), /went unused for too long: it may for 60 minutes/)
  })

  test('without an idle limit may rest until its end', async () => {
    const instance = await testInstance({ sessionDuration: 24 * HOUR })
    const { refresh, refreshToken } = await signInDevice(instance)
    instance.clock.now += 23 * HOUR
    assert.ok((await refresh(refreshToken)).refreshToken)
  })

  test('gives no access token that outlives an idle limit, and a refresh comes in time', async () => {
    const instance = await testInstance({ sessionIdleDuration: HOUR })
    const { expiresIn = 0, refresh, refreshToken } = await signInDevice(instance)
    assert.equal(expiresIn, 1_800)
    instance.clock.now += expiresIn * 1_000
    await refresh(refreshToken)
    const old = await signInDevice(instance, instance.people.bob, { scopes: [] })
    assert.equal(old.expiresIn, 3_600)
  })

  test('has the limits that the organization file sets', () => {
    const read = (settings: string) => {
      const parsed = parseOrganization(`settings: {${settings}}`, { brokers: ['built-in'] })
      assert.ok(parsed.ok)
      return parsed.organization
    }
    const limited = read('sessionDuration: PT12H, sessionIdleDuration: PT30M')
    assert.deepEqual(limited.settings, { sessionDuration: 43_200, sessionIdleDuration: 1_800 })
    const [change] = diffOrganization(read('sessionDuration: PT12H'), limited)
    assert.deepEqual(change?.members, [{ name: 'value', from: null, to: 'PT30M' }])
    assert.equal(parseOrganization('settings: {sessionIdleDuration: PT1M}', { brokers: ['built-in'] }).ok, false)
  })
})

suite('a browser’s sign-in', () => {
  test('that goes unused for longer than it may is over, and does not come back', async () => {
    const instance = await testInstance({ signInIdleDuration: 30 * MINUTE })
    const { browser } = await typePassword(instance, instance.people.alice)
    instance.clock.now += 30 * MINUTE - 1
    assert.equal((await browser.open(`${instance.origin}/start`)).url, `${instance.origin}/start`)
    instance.clock.now += 30 * MINUTE
    for (const path of ['/start', '/account']) {
      const { url } = await browser.open(instance.origin + path)
      assert.equal(new URL(url).pathname, '/sign-in', path)
    }
    const { browser: other } = await typePassword(instance, instance.people.alice)
    const { html } = await other.open(`${instance.origin}/account`)
    assert.doesNotMatch(html, /Another browser/, 'the account page does not show what is over')
  })

  test('lasts until its end while it is used, and no longer', async () => {
    const instance = await testInstance({ signInIdleDuration: HOUR, sessionDuration: 4 * HOUR })
    const { browser } = await typePassword(instance, instance.people.alice)
    for (let halfHours = 1; halfHours < 8; halfHours++) {
      instance.clock.now += HOUR / 2
      assert.equal((await browser.open(`${instance.origin}/start`)).url, `${instance.origin}/start`)
    }
    instance.clock.now += HOUR / 2
    assert.match((await browser.open(`${instance.origin}/start`)).url, /\/sign-in/)
  })

  test('approves nothing after it went unused, not even from a page that was open all the while', async () => {
    const instance = await testInstance({ signInIdleDuration: 5 * MINUTE })
    const { browser } = await typePassword(instance, instance.people.alice)
    const { grant, poll } = await startDevice(instance)
    const page = await browser.open(grant.verificationUriComplete)
    instance.clock.now += 5 * MINUTE
    assert.equal((await browser.send(page, { decision: 'approve' })).status, 403)
    await assert.rejects(poll(), /pending/)
  })

  test('was used when another server of the instance saw it, once that has noted it', async () => {
    const instance = await testInstance({ signInIdleDuration: HOUR })
    const node = await instance.node()
    const { browser } = await typePassword(instance, instance.people.alice)
    const { id } = await userOf(instance, instance.people.alice)
    instance.clock.now += HOUR / 2
    await browser.open(`${instance.origin}/start`)
    const last = async () => (await node.storage.listSignIns({ userId: id, now: instance.clock.now }))[0]?.lastUsedAt
    assert.equal(await last(), instance.clock.now - HOUR / 2, 'a use costs no write of its own')
    await instance.deps.signInUses.flush()
    assert.equal(await last(), instance.clock.now)
    instance.clock.now += HOUR - 1
    const there = node.browser()
    for (const [name, value] of browser.cookies) there.cookies.set(name, value)
    assert.equal((await there.open(`${instance.origin}/start`)).url, `${instance.origin}/start`)
  })

  test('that an older server began beside this one, which wrote no use down, was used when it began', async () => {
    const instance = await testInstance({ signInIdleDuration: HOUR })
    await typePassword(instance, instance.people.alice)
    const { id } = await userOf(instance, instance.people.alice)
    const [signIn] = await instance.storage.listSignIns({ userId: id, now: instance.clock.now })
    assert(signIn)
    // What a new column says of rows that were written without it.
    const older = { ...signIn, id: 'older', lastUsedAt: 0 }
    assert.equal(isUnused(instance.deps, older, instance.clock.now + HOUR - 1), false)
    assert.equal(isUnused(instance.deps, older, instance.clock.now + HOUR), true)
  })

  test('is shown on the account page with its last use', async () => {
    const instance = await testInstance()
    const { browser: first } = await typePassword(instance, instance.people.alice)
    instance.clock.now += 10 * MINUTE
    await first.open(`${instance.origin}/start`)
    instance.clock.now += MINUTE
    const { browser } = await typePassword(instance, instance.people.alice)
    const { html } = await browser.open(`${instance.origin}/account`)
    const [, other = ''] = /<h3>Another browser<\/h3>(.*?)<\/li>/s.exec(html) ?? []
    assert.match(other, /Last used.*?2026-11-24T12:10:00\.000Z/s)
  })

  test('may rest for an hour unless the organization file says otherwise', async () => {
    const instance = await testInstance({ signInIdleDuration: 0 })
    const stop = await followOrganization(instance.deps)
    assert.equal(instance.deps.settings.signInIdleDuration, HOUR)
    const { storage, clock } = instance
    const organization = { ...(await storage.readOrganization({})), settings: { signInIdleDuration: 900 } }
    const audit = { at: clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
    await storage.applyOrganization({ organization, now: clock.now, audit })
    assert.equal(instance.deps.settings.signInIdleDuration, 15 * MINUTE)
    stop()
    const read = (text: string) =>
      parseOrganization(`settings: {signInIdleDuration: ${text}}`, { brokers: ['built-in'] })
    const parsed = read('PT15M')
    assert.deepEqual(parsed.ok && parsed.organization.settings, { signInIdleDuration: 900 })
    assert.equal(read('PT1M').ok, false)
  })
})
