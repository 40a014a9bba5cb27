/**
 * Refresh: a session moves one generation in two minutes at most, so that stock clients, which race each other and lose
 * answers, stay signed in, and a stolen token is noticed.
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { refused, registerDevice, sessionsOf, signInDevice } from './support/programs.ts'

const WINDOW = 120_000
const HOUR = 3_600_000

suite('a refresh', () => {
  test('within two minutes of the last gives the same generation again', async () => {
    const instance = await testInstance()
    const { refresh } = await signInDevice(instance)
    for (const later of [0, 1_000, WINDOW - 1_001]) {
      instance.clock.now += later
      assert.ok((await refresh()).refreshToken)
      assert.equal(await generation(instance), 0)
    }
    instance.clock.now += 1
    await refresh()
    assert.equal(await generation(instance), 1)
  })

  test('always gives a refresh token and an access token that work', async () => {
    const instance = await testInstance()
    let { refresh, refreshToken, accessToken } = await signInDevice(instance)
    for (let hour = 0; hour < 7; hour++) {
      instance.clock.now += HOUR
      ;({ refreshToken, accessToken } = await refresh(refreshToken))
      assert.ok(refreshToken)
      await instance.portal.listAccounts({ accessToken })
    }
    assert.equal(await generation(instance), 7)
  })

  test('with the previous token gives the same successor, until the window closes', async () => {
    const instance = await testInstance()
    const { refresh, refreshToken } = await signInDevice(instance)
    instance.clock.now += HOUR
    await refresh(refreshToken)
    instance.clock.now += WINDOW
    const { refreshToken: successor } = await refresh(refreshToken)
    assert.equal(await generation(instance), 1)
    await refresh(successor)
  })

  test('with the previous token after the window ends the session', async () => {
    const instance = await testInstance()
    const { refresh, refreshToken } = await signInDevice(instance)
    instance.clock.now += HOUR
    const current = await refresh(refreshToken)
    instance.clock.now += WINDOW + 1
    await assert.rejects(refresh(refreshToken), refused('invalid_grant'))
    await assert.rejects(refresh(current.refreshToken), refused('invalid_grant'))
    await assert.rejects(instance.portal.listAccounts(current), refused('UnauthorizedException'))
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
    // Role credentials may live twelve hours, whatever is left of the session: until then it is not forgotten.
    const lastMoment = instance.clock.now + 12 * HOUR - 1
    assert.equal((await instance.storage.readRevocations({ after: 0, now: lastMoment })).length, 1)
  })

  test('with a token of two generations ago ends the session at once', async () => {
    const instance = await testInstance()
    const { refresh, refreshToken } = await signInDevice(instance)
    instance.clock.now += HOUR
    const first = await refresh(refreshToken)
    instance.clock.now += WINDOW
    const second = await refresh(first.refreshToken)
    await assert.rejects(refresh(refreshToken), refused('invalid_grant'))
    await assert.rejects(refresh(second.refreshToken), refused('invalid_grant'))
    await assert.rejects(instance.portal.listAccounts(second), refused('UnauthorizedException'))
  })

  test('by another client gives nothing, and ends nothing', async () => {
    const instance = await testInstance()
    const { refresh, refreshToken } = await signInDevice(instance)
    const other = await registerDevice(instance, { clientName: 'other' })
    await assert.rejects(refresh(refreshToken, other), refused('invalid_grant'))
    instance.clock.now += HOUR
    await refresh(refreshToken)
    instance.clock.now += HOUR
    await assert.rejects(refresh(refreshToken, other), refused('invalid_grant'))
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
    // Not even whether there is a session still.
    instance.clock.now += 8 * HOUR
    await assert.rejects(refresh(refreshToken), /reached its end/)
    await assert.rejects(refresh(refreshToken, other), /^InvalidGrantException: Invalid refresh token provided\.$/)
  })

  test('needs the client’s own secret', async () => {
    const instance = await testInstance()
    const { client, refresh, refreshToken } = await signInDevice(instance)
    const { clientSecret } = await registerDevice(instance, { clientName: 'other' })
    await assert.rejects(refresh(refreshToken, { ...client, clientSecret }), refused('InvalidClientException'))
  })

  test('is not for clients that have no scopes, since they never got a refresh token', async () => {
    const instance = await testInstance()
    const { refresh, refreshToken } = await signInDevice(instance)
    const old = await registerDevice(instance, { scopes: undefined })
    await assert.rejects(refresh(refreshToken, old), refused('unauthorized_client'))
  })

  test('ends with the session, eight hours after the sign-in unless the administrator says otherwise', async () => {
    for (const sessionDuration of [15 * 60_000, 8 * HOUR, 90 * 24 * HOUR]) {
      const instance = await testInstance({ sessionDuration })
      const { refresh } = await signInDevice(instance)
      const [session] = await sessionsOf(instance, instance.people.alice)
      assert.equal(session?.expiresAt, instance.clock.now + sessionDuration)
      instance.clock.now += sessionDuration - 1_000
      // The registration, which lives 90 days, may be over by then: what counts is the session.
      const { accessToken, expiresIn, refreshToken } = await refresh()
      assert.equal(expiresIn, 1)
      instance.clock.now += 999
      await instance.portal.listAccounts({ accessToken })
      instance.clock.now += 1
      await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
      const expected = sessionDuration === 90 * 24 * HOUR ? 'invalid_client' : 'invalid_grant'
      await assert.rejects(refresh(refreshToken), refused(expected))
    }
  })

  test('is refused once the registration has expired', async () => {
    const instance = await testInstance({ sessionDuration: 90 * 24 * HOUR })
    const client = await registerDevice(instance)
    instance.clock.now += 89 * 24 * HOUR
    const { refresh, refreshToken } = await signInDevice(instance)
    instance.clock.now += 24 * HOUR
    await assert.rejects(refresh(refreshToken, client), refused('invalid_client'))
  })

  test('is refused after logout', async () => {
    const instance = await testInstance()
    const { refresh, accessToken } = await signInDevice(instance)
    await instance.portal.logout({ accessToken })
    await assert.rejects(refresh(), refused('invalid_grant'))
  })

  test('is refused after the password was changed, and the sign-ins are over too', async () => {
    const instance = await testInstance()
    const browser = instance.browser()
    const { refresh, accessToken } = await signInDevice(instance)
    const { username, password } = instance.people.alice
    await browser.send(await browser.open(`${instance.origin}/sign-in`), { username, password })
    instance.clock.now += 1
    await instance.storage.setPassword({
      userName: 'alice',
      passwordHash: 'another',
      endSessions: true,
      revokedUntil: instance.clock.now + HOUR,
      now: instance.clock.now,
      audit: { at: 0, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} },
    })
    await assert.rejects(refresh(), refused('invalid_grant'))
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
    assert.match((await browser.open(`${instance.origin}/start`)).url, /\/sign-in/)
  })

  test('is refused while the person is disabled', async () => {
    const disabled = new Set<string>()
    const store = await openSqlite({ path: ':memory:' })
    const findUser: typeof store.findUser = async (input) => {
      const user = await store.findUser(input)
      return user && { ...user, enabled: !disabled.has(user.userName) }
    }
    const instance = await testInstance({}, { ...store, findUser })
    const { refresh, accessToken } = await signInDevice(instance)
    disabled.add('alice')
    instance.deps.access.forget()
    await assert.rejects(refresh(), refused('invalid_grant'))
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
  })
})

async function generation(instance: TestInstance): Promise<number | undefined> {
  const [session] = await sessionsOf(instance, instance.people.alice)
  return session?.generation
}
