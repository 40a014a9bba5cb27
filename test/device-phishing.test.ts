/**
 * Device-code phishing: somebody else begins a sign-in and sends a person its link. What an instance and its roles make of a
 * device that is not where its person is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.4
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { proximityOf } from '../packages/portico/src/core/grants/device-policy.ts'
import type { DeviceFlow } from '../packages/portico/src/storage/storage.ts'
import { browserAt, ELSEWHERE } from './support/elsewhere.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { refused, registerDevice, startDevice } from './support/programs.ts'

const MINUTE = 60_000
const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }

const tokensOf = async (instance: TestInstance, address = ELSEWHERE) => {
  const device = await startDevice(instance)
  const { verificationUriComplete, userCode } = device.grant
  await browserAt(instance, address).decide(verificationUriComplete, instance.people.alice, 'approve', userCode)
  return device.poll()
}

suite('a device in another network than its person', () => {
  test('is shown with a warning that names both places, and only once the person has typed its code', async () => {
    const instance = await testInstance()
    const { grant } = await startDevice(instance)
    const browser = browserAt(instance, ELSEWHERE)
    const { username, password } = instance.people.alice
    const signIn = await browser.open(grant.verificationUriComplete)
    const opened = await browser.send(signIn, { username, password })
    assert.doesNotMatch(opened.html, new RegExp(grant.userCode))
    assert.doesNotMatch(opened.html, /name="decision"/)
    const typed = await browser.send(opened, { user_code: grant.userCode })
    assert.match(typed.html, /another network than yours/)
    assert.match(typed.html, /127\.0\.0\.1/)
    assert.match(typed.html, /198\.51\.100\.7/)
    const stranger = browserAt(instance, ELSEWHERE)
    const again = await stranger.send(await stranger.open(typed.url), { username, password })
    assert.doesNotMatch(again.html, /name="decision"/, 'what one browser typed, no link gives to another')
  })

  test('gets a session of an hour without a refresh token', async () => {
    const instance = await testInstance()
    const { accessToken, refreshToken, expiresIn } = await tokensOf(instance)
    assert.deepEqual([refreshToken, expiresIn], [undefined, 3_600])
    await instance.portal.getRoleCredentials({ accessToken, ...role })
    const [session] = await instance.storage.findSessions({
      ...{ userId: null, clientHash: null, now: instance.clock.now, limit: 1 },
    })
    assert.deepEqual([session?.proximity, session?.expiresAt], ['other', instance.clock.now + 60 * MINUTE])
    const [line] = (await instance.storage.readAudit({ limit: 20 })).filter(
      ({ eventName }) => eventName === 'ApproveDevice',
    )
    assert.deepEqual(
      [line?.address, line?.detail.startedFrom, line?.detail.proximity],
      [ELSEWHERE, '127.0.0.1', 'other'],
    )
  })

  test('is approved only by somebody who proved a moment ago who they are', async () => {
    const instance = await testInstance()
    const browser = browserAt(instance, ELSEWHERE)
    const first = await startDevice(instance)
    await browser.decide(first.grant.verificationUriComplete, instance.people.alice, 'approve', first.grant.userCode)
    instance.clock.now += 5 * MINUTE
    const { grant, poll } = await startDevice(instance)
    const page = await browser.open(grant.verificationUriComplete)
    assert.match(page.html, /name="password"/)
    await browser.decide(grant.verificationUriComplete, instance.people.alice, 'approve', grant.userCode)
    assert.ok((await poll()).accessToken)
  })

  test('is signed in like any other where the instance does not mind', async () => {
    const instance = await testInstance({ deviceFlow: 'on' })
    assert.ok((await tokensOf(instance)).refreshToken)
  })

  test('is refused where only the same network will do, and so is one of which nobody can tell', async () => {
    const instance = await testInstance({ deviceFlow: 'same-network' })
    for (const address of [ELSEWHERE, '2001:db8::7']) {
      const { grant } = await startDevice(instance)
      const browser = browserAt(instance, address)
      const { username, password } = instance.people.alice
      const page = await browser.send(await browser.open(grant.verificationUriComplete), { username, password })
      assert.equal(page.status, 403)
      assert.match(page.html, /another network/)
    }
  })
})

suite('an instance without the device grant', () => {
  test('begins no sign-in by device code, and finishes none', async () => {
    const instance = await testInstance()
    const { grant, poll } = await startDevice(instance)
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice)
    instance.deps.settings.deviceFlow = 'off'
    await assert.rejects(poll(), refused('AccessDeniedException'))
    const client = await registerDevice(instance)
    const started = instance.oidc.startDeviceAuthorization({ ...client, startUrl: `${instance.origin}/start` })
    await assert.rejects(started, refused('UnauthorizedClientException'))
  })
})

suite('a role', () => {
  const takes: [DeviceFlow, address: string, boolean][] = [
    ['off', '127.0.0.1', false],
    ['same-network', '127.0.0.1', false],
    ['same-network', ELSEWHERE, false],
    ['step-up', '127.0.0.1', true],
    ['step-up', ELSEWHERE, false],
    ['on', ELSEWHERE, true],
  ]
  for (const [deviceFlow, address, taken] of takes) {
    const from = address === ELSEWHERE ? 'another network' : 'this machine'
    test(`that says ${deviceFlow} ${taken ? 'takes' : 'refuses'} a device that was approved from ${from}`, async () => {
      const instance = await testInstance()
      const { storage, clock } = instance
      const organization = await storage.readOrganization({})
      const permissionSets = organization.permissionSets.map((set) => ({ ...set, deviceFlow }))
      const audit = { at: clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
      await storage.applyOrganization({ organization: { ...organization, permissionSets }, now: clock.now, audit })
      assert.deepEqual((await storage.readOrganization({})).permissionSets, permissionSets)
      const { accessToken } = await tokensOf(instance, address)
      const asked = instance.portal.getRoleCredentials({ accessToken, ...role })
      await (taken ? asked : assert.rejects(asked, refused('ForbiddenException')))
    })
  }
})

suite('a device of which nobody can tell whether it is in the network of its person', () => {
  const NEWER = '2001:db8::1'

  test('is shown with a sentence that says so and names both places, once the person has typed its code', async () => {
    const instance = await testInstance({ origin: 'https://portico.example.com' })
    const { grant } = await startDevice(instance)
    const browser = browserAt(instance, NEWER)
    const { username, password } = instance.people.alice
    const signIn = await browser.open(grant.verificationUriComplete)
    const opened = await browser.send(signIn, { username, password })
    assert.doesNotMatch(opened.html, /name="decision"/)
    const { html } = await browser.send(opened, { user_code: grant.userCode })
    assert.match(html, /cannot tell whether this request comes from your network[\s\S]*127\.0\.0\.1[\s\S]*2001:db8::1/)
    assert.doesNotMatch(html, /another network than yours/)
  })

  test('is nothing to speak of where the instance is reached from its own machine only', async () => {
    const instance = await testInstance()
    const { grant } = await startDevice(instance)
    const browser = browserAt(instance, '127.0.0.1')
    const { username, password } = instance.people.alice
    const signIn = await browser.open(grant.verificationUriComplete)
    const { html } = await browser.send(signIn, { username, password })
    assert.match(html, /name="decision"/)
    assert.doesNotMatch(html, /cannot tell/)
  })
})

suite('two addresses', () => {
  const pairs: [string, string, string][] = [
    ['192.0.2.1', '192.0.2.200', 'same'],
    ['::ffff:192.0.2.1', '192.0.2.200', 'same'],
    ['192.0.2.1', '198.51.100.7', 'other'],
    ['2001:db8:0:1::1', '2001:db8:0:2::1', 'same'],
    ['2001:db8::1', '2001:db9::1', 'other'],
    ['192.0.2.1', '2001:db8::1', 'unknown'],
    ['127.0.0.1', '127.0.0.1', 'unknown'],
    ['::1', '::1', 'unknown'],
    ['127.0.0.1', '192.0.2.1', 'other'],
    ['', '', 'unknown'],
  ]
  for (const [one, other, proximity] of pairs)
    test(`${one || 'nothing'} and ${other || 'nothing'} are: ${proximity}`, () => {
      assert.equal(proximityOf(one, other), proximity)
      assert.equal(proximityOf(other, one), proximity)
    })
})
