/** The two clocks of a session: one begins when its person signs in, the other each time that it is continued. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { diffOrganization } from '../packages/portico/src/core/organization/diff.ts'
import { parseOrganization } from '../packages/portico/src/core/organization/organization-file.ts'
import { testInstance } from './support/instance.ts'
import { signInDevice } from './support/programs.ts'

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
