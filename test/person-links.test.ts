/** Invitations and links for a new password: what they open, once, and what they do not. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { invite, LINK_LIFE } from '../packages/portico/src/core/people/person-links.ts'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import type { Storage } from '../packages/portico/src/storage/storage.ts'
import { createAuthenticator } from './support/authenticator.ts'
import { codeOf, passkeyOptionsOn, typePassword, userOf, withApp } from './support/factors.ts'
import { formBrowser } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { keepingMailer, linkIn } from './support/mailbox.ts'
import { refused, signInDevice } from './support/programs.ts'

const MINUTE = 60_000
const PASSWORD = 'umbrella gravel tulip nine'
const BY = { userId: null, address: null, userAgent: 'a test' }

suite('an invitation', () => {
  test('lets its person choose a password, and signs them in', async () => {
    const { instance, link } = await invited()
    const browser = instance.browser()
    const page = await browser.open(link)
    assert.match(page.html, /Welcome, Bob Berg/)
    const done = await browser.send(page, { password: PASSWORD, password_again: PASSWORD })
    assert.equal(done.url, `${instance.origin}/start`)
    const next = await typePassword(instance, { username: 'bob', password: PASSWORD })
    assert.equal(next.page.url, `${instance.origin}/start`)
  })

  test('works once: of two who use it, one comes in', async () => {
    const { instance, link } = await invited()
    const [one, two] = [instance.browser(), instance.browser()]
    const pages = [await one.open(link), await two.open(link)] as const
    const form = { password: PASSWORD, password_again: PASSWORD }
    const done = await Promise.all([one.send(pages[0], form), two.send(pages[1], form)])
    assert.deepEqual(done.map(({ status }) => status).sort(), [200, 410])
    assert.equal((await instance.browser().open(link)).status, 410)
  })

  test('lives three days, and a newer one ends it', async () => {
    const { instance, link } = await invited()
    instance.clock.now += LINK_LIFE.invitation - 1
    const browser = instance.browser()
    const page = await browser.open(link)
    assert.equal(page.status, 200)
    instance.clock.now += 1
    assert.equal((await instance.browser().open(link)).status, 410)
    const late = await browser.send(page, { password: PASSWORD, password_again: PASSWORD })
    assert.equal(late.status, 410)
    const { link: second } = await again(instance)
    const { link: third } = await again(instance)
    assert.equal((await instance.browser().open(second)).status, 410)
    assert.equal((await instance.browser().open(third)).status, 200)
  })

  test('is not used up by whoever looks at it, such as a program that checks mail', async () => {
    const { instance, link } = await invited()
    for (let i = 0; i < 3; i++) assert.equal((await instance.browser().open(link)).status, 200)
  })

  test('is not used up by a password that will not do', async () => {
    const { instance, link } = await invited()
    const browser = instance.browser()
    const page = await browser.open(link)
    for (const [password, again, said] of [
      ['short', 'short', /at least 15 characters/],
      [PASSWORD, `${PASSWORD}x`, /two passwords differ/],
      ['bob bob bob bob bob', 'bob bob bob bob bob', /guessed first|user name/],
    ] as const) {
      const answer = await browser.send(page, { password, password_again: again })
      assert.equal(answer.status, 400)
      assert.match(answer.html, said)
    }
    assert.equal((await browser.send(page, { password: PASSWORD, password_again: PASSWORD })).status, 200)
  })

  test('takes a shorter password where a second factor comes with it, which is then set up at once', async () => {
    const { instance, link } = await invited(await testInstance({ requireSecondFactor: true }))
    const browser = instance.browser()
    const page = await browser.open(link)
    assert.match(page.html, /At least 8 characters/)
    const password = 'gravel 9'
    const done = await browser.send(page, { password, password_again: password })
    assert.equal(done.url, `${instance.origin}/sign-in/enrol`)
    instance.deps.settings.requireSecondFactor = false
    const later = await typePassword(instance, { username: 'bob', password })
    assert.equal(later.page.url, `${instance.origin}/sign-in/enrol`, 'a password that is short never stands alone')
  })

  test('may be answered with a passkey and no password at all', async () => {
    const origin = 'https://sso.example.com'
    const instance = await testInstance({ origin })
    const { id: userId } = await userOf(instance, { username: 'bob' })
    const audit = { at: 0, eventName: 'Test', ...BY, detail: {} }
    await instance.storage.setPassword({
      userName: 'bob',
      passwordHash: '',
      endSessions: false,
      revokedUntil: 0,
      now: 0,
      audit,
    })
    const { link } = await invited(instance)
    const browser = instance.browser()
    const page = await browser.open(link)
    const key = createAuthenticator(origin)
    const ceremony = /name="ceremony" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
    const unverified = await browser.send(page, {
      ...{ ceremony, name: 'Key', credential: key.create(passkeyOptionsOn(page), { userVerified: false }) },
    })
    assert.equal(unverified.status, 400, 'a passkey that stands alone has to be unlocked')
    const credential = key.create(passkeyOptionsOn(unverified))
    const fresh = /name="ceremony" value="([^"]*)"/.exec(unverified.html)?.[1] ?? ''
    const done = await browser.send(unverified, { ceremony: fresh, name: 'Key', credential })
    assert.match(done.url, /\/account\/recovery-codes/)
    assert.match(done.html, /The passkey was added\./)
    assert.equal((await instance.storage.readFactors({ userId })).passkeys[0]?.name, 'Key')
    instance.clock.now += 1
    const next = instance.browser()
    const signIn = await next.open(`${origin}/sign-in`)
    const again = /name="ceremony" value="([^"]*)"/.exec(signIn.html)?.[1] ?? ''
    const entered = await next.send(signIn, { ceremony: again, credential: key.get(passkeyOptionsOn(signIn)) })
    assert.equal(entered.url, `${origin}/start`)
  })

  test('is a letter where there is a mail server, and otherwise a link to hand over', async () => {
    const mailer = keepingMailer()
    const instance = await testInstance({}, undefined, mailer)
    const alice = await userOf(instance, { username: 'alice' })
    const mailed = await invite(instance.deps, alice, 'invitation', BY, instance.clock.now)
    assert.equal(mailed?.sent, true)
    const [letter] = mailer.letters
    assert.equal(letter?.to, 'alice@example.com')
    assert.equal(linkIn(letter?.text ?? ''), mailed?.link)
    const bob = await userOf(instance, { username: 'bob' })
    assert.equal((await invite(instance.deps, bob, 'invitation', BY, instance.clock.now))?.sent, false)
    assert.equal(mailer.letters.length, 1)
  })
})

suite('a link for a new password', () => {
  test('ends what was open, and lives an hour', async () => {
    const instance = await testInstance()
    const program = await signInDevice(instance, instance.people.bob)
    const old = await typePassword(instance, instance.people.bob)
    instance.clock.now += 1
    const { link } = await again(instance, 'reset')
    const browser = instance.browser()
    const page = await browser.open(link)
    assert.match(page.html, /Choose a new password/)
    const done = await browser.send(page, { password: PASSWORD, password_again: PASSWORD })
    assert.equal(done.url, `${instance.origin}/start`)
    assert.equal((await browser.open(`${instance.origin}/start`)).status, 200)
    await assert.rejects(instance.portal.listAccounts(program), refused('UnauthorizedException'))
    await assert.rejects(program.refresh(), refused('invalid_grant'))
    assert.match((await old.browser.open(`${instance.origin}/start`)).url, /\/sign-in\?/)
    const { link: late } = await again(instance, 'reset')
    instance.clock.now += LINK_LIFE.reset
    assert.equal((await instance.browser().open(late)).status, 410)
  })

  test('is void once its person has changed the password: whoever reads their mail comes too late', async () => {
    const instance = await testInstance()
    const { link } = await again(instance, 'reset')
    const thief = instance.browser()
    const page = await thief.open(link)
    const bob = await typePassword(instance, instance.people.bob)
    const form = await bob.browser.open(`${instance.origin}/account/password`)
    const current = instance.people.bob.password
    const changed = await bob.browser.send(form, { current, password: PASSWORD, password_again: PASSWORD })
    assert.match(changed.html, /Your password was changed/)
    const stolen = 'another gravel umbrella ten'
    assert.equal((await thief.send(page, { password: stolen, password_again: stolen })).status, 410)
    const next = await typePassword(instance, { username: 'bob', password: PASSWORD })
    assert.equal(next.page.url, `${instance.origin}/start`)
  })

  test('is no second factor: who has one still presents it, and no passkey comes in its place', async () => {
    const instance = await testInstance({ origin: 'https://sso.example.com' })
    const { secret } = await withApp(instance, instance.people.bob)
    const { link } = await again(instance, 'reset')
    const browser = instance.browser()
    const page = await browser.open(link)
    assert.doesNotMatch(page.html, /data-passkey/)
    const forged = await browser.send(page, { password: '', password_again: '' })
    assert.equal(forged.status, 400)
    instance.clock.now += MINUTE
    const done = await browser.send(page, { password: PASSWORD, password_again: PASSWORD })
    assert.equal(done.url, `${instance.origin}/sign-in/second-factor`)
    const entered = await browser.send(done, { code: codeOf(secret, instance.clock.now) })
    assert.equal(entered.url, `${instance.origin}/start`)
  })

  test('is asked for on a page that answers everybody alike', async () => {
    const mailer = keepingMailer()
    const instance = await testInstance({}, undefined, mailer)
    const ask = async (username: string) => {
      const browser = instance.browser()
      const form = await browser.open(`${instance.origin}/sign-in/forgot`)
      return browser.send(form, { username })
    }
    const answers = [await ask('alice'), await ask('nobody'), await ask('bob')]
    const same = answers.map(({ html, status }) => [status, html.replaceAll(/value="[^"]*"/g, '')])
    assert.deepEqual(same[1], same[0])
    assert.deepEqual(same[2], same[0])
    await instance.deps.errands.done()
    assert.deepEqual(
      mailer.letters.map(({ to }) => to),
      ['alice@example.com'],
    )
    const browser = instance.browser()
    const page = await browser.open(linkIn(mailer.letters[0]?.text ?? ''))
    await browser.send(page, { password: PASSWORD, password_again: PASSWORD })
    assert.match(mailer.letters[1]?.text ?? '', /^Hello Alice Anders,\n\nYour password was changed\./)
  })

  test('is asked for with the same work for everybody, until it is answered', async () => {
    const store = await openSqlite({ path: ':memory:' })
    const done: string[] = []
    // Whatever is asked of storage is noted.
    const storage = new Proxy(store, {
      get(target, name: keyof Storage) {
        const member = target[name]
        if (name === 'onChange' || name === 'close') return member
        return (input: never) => {
          done.push(name)
          return (member as (input: never) => unknown)(input)
        }
      },
    })
    const mailer = keepingMailer()
    const instance = await testInstance({}, storage, mailer)
    const work: string[][] = []
    for (const username of ['alice', 'nobody', 'bob', 'ALICE']) {
      const browser = formBrowser(async (request) => {
        const response = await instance.fetch(request)
        if (request.method === 'POST') work.push(done.splice(0))
        return response
      })
      const form = await browser.open(`${instance.origin}/sign-in/forgot`)
      await instance.deps.errands.done()
      done.length = 0
      assert.match((await browser.send(form, { username })).html, /Look at your mail/)
    }
    assert.equal(work.length, 4)
    for (const each of work) assert.deepEqual(each, work[0])
    assert.ok(!work.flat().includes('createPersonLink'), 'everybody is answered before there is a link')
    await instance.deps.errands.done()
    assert.equal(mailer.letters.length, 2)
  })

  test('is sent three times in ten minutes at most', async () => {
    const mailer = keepingMailer()
    const instance = await testInstance({}, undefined, mailer)
    for (let i = 0; i < 5; i++) {
      const browser = instance.browser()
      await browser.send(await browser.open(`${instance.origin}/sign-in/forgot`), { username: 'alice' })
    }
    await instance.deps.errands.done()
    assert.equal(mailer.letters.length, 3)
  })

  test('is not offered where no letter can be sent', async () => {
    const instance = await testInstance()
    assert.doesNotMatch((await instance.browser().open(`${instance.origin}/sign-in`)).html, /Forgot/)
    assert.equal((await instance.browser().open(`${instance.origin}/sign-in/forgot`)).url, `${instance.origin}/sign-in`)
  })

  test('is in no log, and storage keeps its hash only', async () => {
    const instance = await testInstance()
    const { link } = await again(instance, 'reset')
    const secret = new URL(link).searchParams.get('link') ?? ''
    const browser = instance.browser()
    await browser.send(await browser.open(link), { password: PASSWORD, password_again: PASSWORD })
    const said = JSON.stringify([instance.log, await instance.storage.readAudit({ limit: 50 })])
    assert.ok(!said.includes(secret))
    assert.equal(await instance.storage.findPersonLink({ hash: secret, now: 0 }), undefined)
  })
})

/** Bob, invited. */
async function invited(given?: TestInstance) {
  const instance = given ?? (await testInstance())
  return { instance, ...(await again(instance)) }
}

async function again(instance: TestInstance, purpose: 'invitation' | 'reset' = 'invitation') {
  const bob = await userOf(instance, { username: 'bob' })
  const made = await invite(instance.deps, bob, purpose, BY, instance.clock.now)
  assert.ok(made)
  return made
}
