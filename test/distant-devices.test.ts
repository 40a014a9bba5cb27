/** What a person is told of whom they let in from another network, and how they take it back. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createSmtpMailer } from '../packages/portico/src/mail/smtp.ts'
import { whoIs } from './support/caller-identity.ts'
import { browserAt, ELSEWHERE } from './support/elsewhere.ts'
import { typePassword, userOf } from './support/factors.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { keepingMailer, openMailbox } from './support/mailbox.ts'
import { refused, registerDevice, signInDevice, startDevice } from './support/programs.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }

suite('a letter about a program in another network', () => {
  test('says what, where and when, and its link ends the access at once, role credentials too', async () => {
    await using mailbox = await openMailbox()
    const mailer = createSmtpMailer({ url: mailbox.url, from: 'portico@example.com', onFailure: assert.fail })
    const instance = await testInstance({}, undefined, mailer)
    const { accessToken, refresh, refreshToken } = await letIn(instance, { deviceFlow: 'on' })
    const { roleCredentials } = await instance.portal.getRoleCredentials({ accessToken, ...role })
    assert.equal(await whoIs(instance, roleCredentials), 200)

    const { text, to } = await mailbox.letter(0)
    await mailer.close()
    assert.deepEqual(to, ['alice@example.com'])
    for (const told of ['calls itself: cli', 'began at: 127.0.0.1', '24 November 2026 at 12:00 UTC'])
      assert.ok(text.includes(told), `${told}, in ${text}`)

    // Nobody is signed in here.
    const browser = instance.browser()
    const page = await browser.open(endingLinkIn(text))
    assert.equal(page.status, 200)
    await instance.portal.listAccounts({ accessToken })
    const ended = await browser.send(page, { link: new URL(page.url).searchParams.get('link') ?? '' })
    assert.match(ended.html, /Its access is over/)
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
    await assert.rejects(refresh(refreshToken), refused('InvalidGrantException'))
    assert.equal(await whoIs(instance, roleCredentials), 403)
    const [line] = await instance.storage.readAudit({ limit: 1 })
    const { id } = await userOf(instance, instance.people.alice)
    assert.deepEqual([line?.eventName, line?.userId, line?.detail.reason], ['EndSession', id, 'disowned'])
    assert.match((await browser.open(page.url)).html, /Its access is over/)
  })

  test('opens nothing but the one button, whoever looks at it first and however often', async () => {
    const { instance, link, accessToken } = await told()
    for (let i = 0; i < 3; i++) assert.match((await instance.browser().open(link)).html, /End this program’s access\?/)
    await instance.portal.listAccounts({ accessToken })
    const browser = instance.browser()
    await browser.open(link)
    assert.match((await browser.open(`${instance.origin}/account`)).url, /\/sign-in/)
  })

  test('is of no use without its own page’s form, nor when it is changed, nor for any other session', async () => {
    const { instance, link, accessToken } = await told()
    const secret = new URL(link).searchParams.get('link') ?? ''
    const bare = await instance.fetch(
      new Request(`${instance.origin}/account/disown`, {
        method: 'POST',
        headers: { origin: instance.origin },
        body: new URLSearchParams({ link: secret }),
      }),
    )
    assert.equal(bare.status, 403)
    await instance.portal.listAccounts({ accessToken })
    const another = instance.deps.sealer.seal('cookie', { sessionId: 'x', expiresAt: instance.clock.now + HOUR })
    const at = Math.floor(secret.length / 2)
    const changed = secret.slice(0, at) + (secret[at] === 'A' ? 'B' : 'A') + secret.slice(at + 1)
    for (const wrong of ['', 'x', another, changed])
      assert.equal(
        (await instance.browser().open(`${instance.origin}/account/disown?link=${wrong}`)).status,
        410,
        wrong,
      )
    const other = await signInDevice(instance)
    const browser = instance.browser()
    await browser.send(await browser.open(link), { link: secret })
    await instance.portal.listAccounts(other)
  })

  test('has a link that works for as long as the access could last, and no longer', async () => {
    const { instance, link } = await told()
    instance.clock.now += HOUR - 1
    const browser = instance.browser()
    const page = await browser.open(link)
    assert.equal(page.status, 200)
    instance.clock.now += 1
    assert.equal((await instance.browser().open(link)).status, 410)
    assert.equal((await browser.send(page, { link: new URL(link).searchParams.get('link') ?? '' })).status, 410)
  })

  test('is sent once, when the program has got its tokens, and only for one that was elsewhere', async () => {
    const mailer = keepingMailer()
    const instance = await testInstance({}, undefined, mailer)
    await signInDevice(instance)
    const { grant, poll } = await startDevice(instance)
    const { alice } = instance.people
    await browserAt(instance).decide(grant.verificationUriComplete, alice, 'approve', grant.userCode)
    assert.deepEqual(mailer.letters, [])
    const first = await poll()
    assert.equal((await poll()).accessToken === first.accessToken, false, 'the answer is given again')
    assert.equal(mailer.letters.length, 1)
  })

  test('repeats nothing of a stranger’s that looks like an address to go to', async () => {
    const { letter } = await told({ clientName: 'Verify at https://evil.example/x now' })
    assert.match(letter, /It calls itself: Verify at https evil example x now\n/)
    assert.doesNotMatch(letter, /evil\.example/)
  })

  test('is in no log, and neither is its link', async () => {
    const { instance, link } = await told()
    const secret = new URL(link).searchParams.get('link') ?? ''
    const browser = instance.browser()
    await browser.send(await browser.open(link), { link: secret })
    const said = JSON.stringify([instance.log, await instance.storage.readAudit({ limit: 50 })])
    assert.ok(!said.includes(secret))
  })
})

suite('the account page', () => {
  test('tells of a program in another network, and ends its access with one button', async () => {
    const instance = await testInstance()
    const { accessToken } = await letIn(instance)
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.open(`${instance.origin}/account`)
    assert.match(page.html, /A program in another network got access as you/)
    assert.match(page.html, /127\.0\.0\.1/)
    const [, session = ''] = /name="session" value="([^"]+)">\s*<button class="deny">/.exec(page.html) ?? []
    const ended = await browser.send(page, { session })
    assert.doesNotMatch(ended.html, /another network/)
    await assert.rejects(instance.portal.listAccounts({ accessToken }), refused('UnauthorizedException'))
  })

  test('goes on telling of it when its access is over, until the person knows of it or a month has passed', async () => {
    const instance = await testInstance()
    await letIn(instance)
    await letIn(instance)
    instance.clock.now += DAY
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.open(`${instance.origin}/account`)
    assert.equal(page.html.match(/Its access is over/g)?.length, 2)
    const [, known = ''] = /name="known" value="([^"]+)"/.exec(page.html) ?? []
    const bobs = (await typePassword(instance, instance.people.bob)).browser
    const theirs = await bobs.open(`${instance.origin}/account`)
    assert.doesNotMatch(theirs.html, /another network/)
    const { id } = await userOf(instance, instance.people.alice)
    const left = async () => (await instance.storage.listDistantDevices({ userId: id, now: instance.clock.now })).length
    assert.equal((await browser.send(page, { known })).html.match(/Its access is over/g)?.length, 1)
    assert.equal(await left(), 1)
    instance.clock.now += 29 * DAY
    assert.equal(await left(), 0)
  })

  test('leaves a program that the person knows of signed in', async () => {
    const instance = await testInstance()
    const { accessToken } = await letIn(instance)
    const { browser } = await typePassword(instance, instance.people.alice)
    const page = await browser.open(`${instance.origin}/account`)
    const [, known = ''] = /name="known" value="([^"]+)"/.exec(page.html) ?? []
    assert.doesNotMatch((await browser.send(page, { known })).html, /another network/)
    await instance.portal.listAccounts({ accessToken })
  })
})

/** A program at 127.0.0.1 that Alice lets in from elsewhere. */
async function letIn(
  instance: TestInstance,
  { deviceFlow = 'step-up', clientName = 'cli' }: { deviceFlow?: 'step-up' | 'on'; clientName?: string } = {},
) {
  instance.deps.settings.deviceFlow = deviceFlow
  const { grant, poll, client } = await startDevice(instance, await registerDevice(instance, { clientName }))
  const { alice } = instance.people
  await browserAt(instance, ELSEWHERE).decide(grant.verificationUriComplete, alice, 'approve', grant.userCode)
  const tokens = await poll()
  const refresh = (refreshToken = '') =>
    instance.oidc.createToken({ ...client, grantType: 'refresh_token', refreshToken })
  return { ...tokens, refresh }
}

/** The same, and the letter about it. */
async function told(options: { clientName?: string } = {}) {
  const mailer = keepingMailer()
  const instance = await testInstance({}, undefined, mailer)
  const { accessToken } = await letIn(instance, options)
  const letter = mailer.letters[0]?.text ?? ''
  return { instance, accessToken, letter, link: endingLinkIn(letter) }
}

function endingLinkIn(text: string): string {
  const [link] = /https?:\/\/\S+\/account\/disown\?link=[\w-]+/.exec(text) ?? []
  if (link === undefined) throw new Error(`there is no link in: ${text}`)
  return link
}
