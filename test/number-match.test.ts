/** The number that our own command line shows and the approval page asks for, among three. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { FetchedPage } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { ask, refused, registerDevice, startDevice } from './support/programs.ts'

suite('a device that shows a number', () => {
  test('is signed in by whoever chooses that number, among three', async () => {
    const { instance, grant, poll, page, browser } = await shown()
    assert.match(grant.matchNumber ?? '', /^\d\d$/)
    assert.equal(numbersOn(page).length, 3)
    assert.ok(numbersOn(page).includes(grant.matchNumber ?? ''))
    const done = await browser.send(page, { decision: 'approve', number: grant.matchNumber ?? '' })
    assert.equal(done.url, `${instance.origin}/device/approved`)
    assert.ok((await poll()).accessToken)
  })

  test('is denied for good by a wrong choice, which the audit log tells from another denial', async () => {
    const { instance, grant, poll, page, browser } = await shown()
    const wrong = numbersOn(page).find((number) => number !== grant.matchNumber) ?? ''
    const done = await browser.send(page, { decision: 'approve', number: wrong })
    assert.match(done.html, /The terminal shows another number/)
    await assert.rejects(poll(), refused('AccessDeniedException'))
    const again = await browser.send(page, { decision: 'approve', number: grant.matchNumber ?? '' })
    assert.equal(again.status, 409)
    await assert.rejects(poll(), refused('AccessDeniedException'))
    const lines = await instance.storage.readAudit({ limit: 10 })
    const denial = lines.find(({ eventName }) => eventName === 'DenyDevice')
    assert.equal(denial?.detail.reason, 'wrong-number')
    assert.ok(!lines.some(({ eventName }) => eventName === 'ApproveDevice'))
  })

  test('waits on when nobody has chosen yet, and is denied without a choice', async () => {
    const { grant, poll, page, browser } = await shown()
    for (const number of ['', '7', 'x', ` ${grant.matchNumber}`]) {
      const asked = await browser.send(page, { decision: 'approve', number })
      assert.equal(asked.status, 400)
      assert.match(asked.html, /Choose the number that your terminal shows/)
      assert.equal(numbersOn(asked).length, 3)
    }
    await assert.rejects(poll(), refused('AuthorizationPendingException'))
    assert.match((await browser.send(page, { decision: 'deny' })).html, /Nothing was signed in/)
    await assert.rejects(poll(), refused('AccessDeniedException'))
  })

  test('has the same three on every page, so that looking twice says nothing', async () => {
    const { instance, grant, page, browser } = await shown()
    for (const other of [browser, browser, await signedIn(instance)])
      assert.deepEqual(numbersOn(await other.open(grant.verificationUriComplete)), numbersOn(page))
  })

  test('lets nobody guess for long', async () => {
    const instance = await testInstance()
    const browser = await signedIn(instance)
    for (let tries = 1; tries <= 6; tries++) {
      const { grant, poll } = await start(instance)
      const page = await browser.open(grant.verificationUriComplete)
      const wrong = numbersOn(page).find((number) => number !== grant.matchNumber) ?? ''
      const { status } = await browser.send(page, {
        decision: 'approve',
        number: tries < 6 ? wrong : (grant.matchNumber ?? ''),
      })
      assert.equal(status, tries < 6 ? 200 : 429)
      await assert.rejects(poll(), refused(tries < 6 ? 'AccessDeniedException' : 'AuthorizationPendingException'))
    }
  })

  test('counts no right choice', async () => {
    const instance = await testInstance()
    const browser = await signedIn(instance)
    for (let times = 1; times <= 6; times++) {
      const { grant, poll } = await start(instance)
      const page = await browser.open(grant.verificationUriComplete)
      await browser.send(page, { decision: 'approve', number: grant.matchNumber ?? '' })
      assert.ok((await poll()).accessToken)
    }
  })
})

test('programs that do not ask for a number get none, and neither do their people', async () => {
  const instance = await testInstance()
  const client = await registerDevice(instance)
  const body = { ...client, startUrl: `${instance.origin}/start` }
  const answer = await ask(instance, '/device_authorization', { body })
  assert.equal(answer.status, 200)
  assert.ok(!('matchNumber' in answer.body), 'not even as null')
  const { grant, poll } = await startDevice(instance)
  const browser = await signedIn(instance)
  const page = await browser.open(grant.verificationUriComplete)
  assert.deepEqual(numbersOn(page), [])
  await browser.send(page, { decision: 'approve' })
  assert.ok((await poll()).accessToken)
})

async function start(instance: TestInstance) {
  const client = await registerDevice(instance)
  const grant = await instance.oidc.startDeviceAuthorization({
    ...{ ...client, startUrl: `${instance.origin}/start`, numberMatch: 'show' },
  })
  const poll = () =>
    instance.oidc.createToken({
      ...{ ...client, grantType: 'urn:ietf:params:oauth:grant-type:device_code', deviceCode: grant.deviceCode },
    })
  return { grant, poll }
}

async function signedIn(instance: TestInstance) {
  const browser = instance.browser()
  const { username, password } = instance.people.alice
  await browser.send(await browser.open(`${instance.origin}/sign-in`), { username, password })
  return browser
}

/** A device that shows a number, and its page in the browser of somebody who is signed in. */
async function shown() {
  const instance = await testInstance()
  const browser = await signedIn(instance)
  const { grant, poll } = await start(instance)
  return { instance, browser, grant, poll, page: await browser.open(grant.verificationUriComplete) }
}

function numbersOn({ html }: FetchedPage): string[] {
  return [...html.matchAll(/name="number" value="(\d+)"/g)].map(([, number = '']) => number)
}
