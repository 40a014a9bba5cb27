/**
 * The whole way of a person, in a real browser with authenticators of its own, on a phone and at a desk: an invitation, a way to
 * sign in, the approval of a device with everything that it takes, and the end of that device's session on the account page.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { invite } from '../../packages/portico/src/core/people/person-links.ts'
import { createSmtpMailer } from '../../packages/portico/src/mail/smtp.ts'
import { listen } from '../../packages/portico/src/server/node.ts'
import { codeOf, requireOf, userOf } from '../support/factors.ts'
import { type TestInstance, testInstance } from '../support/instance.ts'
import { linkIn, openMailbox } from '../support/mailbox.ts'
import { refused, startDevice } from '../support/programs.ts'
import { launchChromium } from './chromium.ts'

const PASSWORD = 'umbrella gravel tulip nine'
const widths = [
  { name: 'on a phone', width: 390, height: 844 },
  { name: 'at a desk', width: 1280, height: 800 },
] as const

let chromium: Browser

before(async () => {
  chromium = await launchChromium()
})

after(() => chromium?.close())

for (const { name, ...viewport } of widths) {
  suite(name, () => {
    test('invitation, password, passkey, approval with step-up, account page, end', async () => {
      await using place = await open(viewport)
      const { page, instance } = place
      await requireOf(instance, { permissionSet: 'AdministratorAccess' })
      await place.addAuthenticator('internal')
      await page.goto(await place.invitation())
      await choosePassword(page)
      assert.equal(new URL(page.url()).pathname, '/start')

      const { poll } = await place.device()
      assert.equal(new URL(page.url()).pathname, '/sign-in/enrol', 'a role needs a second factor')
      await page.fill('input[name=name]', 'Phone')
      await press(page, 'Make a passkey')
      await press(page, 'Make recovery codes')
      await press(page, 'I have them, go on')
      await place.approve()
      await endOnAccountPage(place, await poll(), /a password and a passkey/)
      await page.locator('bdi', { hasText: 'Phone' }).waitFor()
    })

    test('invitation, password, one-time codes, approval with step-up, account page, end', async () => {
      await using place = await open(viewport)
      const { page, instance } = place
      await requireOf(instance, { group: 'Engineers' })
      await page.goto(await place.invitation())
      await choosePassword(page, 'gravel 9')
      assert.equal(new URL(page.url()).pathname, '/sign-in/enrol', 'a group needs a second factor')
      const secret = await typeFirstCode(place)
      await press(page, 'Make recovery codes')
      const codes = ((await page.locator('#codes').textContent()) ?? '').split('\n')
      await press(page, 'I have them, go on')
      assert.equal(new URL(page.url()).pathname, '/start')

      // An hour later the proof is too old to let a program in: all of it is asked for again.
      instance.clock.now += 3_600_000
      const { poll, url } = await place.device()
      assert.equal(new URL(page.url()).pathname, '/sign-in')
      await typePassword(page, 'gravel 9')
      await page.fill('input[name=code]', codeOf(secret, instance.clock.now))
      await press(page, 'Go on')
      assert.equal(page.url(), url)
      await place.approve()
      await endOnAccountPage(place, await poll(), /a password and a one-time code/)

      // The phone with the app is gone: a code from paper does.
      await press(page, 'Sign out')
      await page.goto(`${instance.origin}/sign-in`)
      await typePassword(page, 'gravel 9')
      await page.getByText('Use a recovery code').click()
      await page.fill('input[name=recovery_code]', codes[3] ?? '')
      await press(page, 'Go on with it')
      const again = await place.device()
      await place.approve()
      await endOnAccountPage(place, await again.poll(), /a password and a recovery code/)
      await page.getByText('You have 9 left').waitFor()
    })

    test('invitation, passkey and nothing else, approval, account page, end', async () => {
      await using place = await open(viewport)
      const { page, instance } = place
      await requireOf(instance, { permissionSet: 'AdministratorAccess' })
      await place.addAuthenticator('internal')
      await page.goto(await place.invitation())
      await press(page, 'Make a passkey')
      await press(page, 'Not now')
      const { poll } = await place.device()
      await place.approve()
      await endOnAccountPage(place, await poll(), /a passkey/)

      await press(page, 'Sign out')
      await page.goto(`${instance.origin}/sign-in`)
      await press(page, 'Sign in with a passkey')
      assert.equal(new URL(page.url()).pathname, '/start')
      assert.equal((await userOf(instance, { username: 'alice' })).passwordHash, '')
    })

    test('several passkeys, a security key among them, each with its name', async () => {
      await using place = await open(viewport)
      const { page, instance } = place
      const device = await place.addAuthenticator('internal')
      await page.goto(await place.invitation())
      await choosePassword(page)
      await page.goto(`${instance.origin}/account`)
      await page.fill('input[name=name]', 'This computer')
      await press(page, 'Add a passkey')
      await device.remove()
      const usb = await place.addAuthenticator('usb')
      await page.goto(`${instance.origin}/account`)
      await page.getByText('Add a passkey', { exact: true }).first().click()
      await page.fill('input[name=name]', 'Key on the ring')
      await press(page, 'Add a passkey')
      await page.getByText('The passkey was added.').waitFor()
      for (const own of ['This computer', 'Key on the ring']) await page.locator('bdi', { hasText: own }).waitFor()

      await press(page, 'Sign out')
      await page.goto(`${instance.origin}/sign-in`)
      await typePassword(page, PASSWORD)
      await press(page, 'Use a passkey')
      assert.equal(new URL(page.url()).pathname, '/start', 'the security key did for a second factor')

      // Whose key does not know them gets a sentence, and stays where they are.
      await press(page, 'Sign out')
      await page.goto(`${instance.origin}/sign-in`)
      await typePassword(page, PASSWORD)
      await usb.clear()
      await page.getByRole('button', { name: 'Use a passkey' }).click()
      await page.getByText(/cancelled, or it took too long/).waitFor()
    })
  })
}

test('without the script a page with passkeys says so, and the rest of it works', async () => {
  await using place = await open({ width: 390, height: 844 }, { javaScriptEnabled: false })
  await place.page.goto(await place.invitation())
  assert.equal(await place.page.getByRole('button', { name: 'Make a passkey' }).isVisible(), false)
  assert.equal(await place.page.getByText('Passkeys need a browser with JavaScript.').isVisible(), true)
  await choosePassword(place.page)
  assert.equal(new URL(place.page.url()).pathname, '/start')
})

test('a link by mail, through a real mail server, opens the way in', async () => {
  await using mailbox = await openMailbox()
  await using place = await open({ width: 1280, height: 800 }, {}, mailbox.url)
  const { page, instance } = place
  await page.goto(`${instance.origin}/sign-in`)
  await press(page, 'Forgot your password?')
  await page.fill('input[name=username]', 'Alice')
  await press(page, 'Send me a link')
  await page.getByText('Look at your mail').first().waitFor()
  await page.goto(linkIn((await mailbox.letter(0)).text))
  await choosePassword(page)
  assert.equal(new URL(page.url()).pathname, '/start')
  assert.match((await mailbox.letter(1)).text, /Your password was changed/)
})

type Place = Awaited<ReturnType<typeof open>>

/** A server on this machine under a name that passkeys can belong to, and a browser profile with no authenticator yet. */
async function open(
  viewport: { width: number; height: number },
  options: { javaScriptEnabled?: boolean } = {},
  smtp?: string,
) {
  let instance: TestInstance | undefined
  const listening = await listen(
    {
      fetch: async (request, bindings) => instance?.app.fetch(request, bindings) ?? new Response(null, { status: 503 }),
    },
    { host: '127.0.0.1', port: 0 },
  )
  const from = 'Portico <portico@example.com>'
  const mailer = smtp === undefined ? null : createSmtpMailer({ url: smtp, from, onFailure: assert.fail })
  const origin = `http://localhost:${listening.port}`
  instance = await testInstance({ origin, signInIdleDuration: 8 * 3_600_000 }, undefined, mailer)
  const opened = instance
  await forgetPassword(opened)
  const context = await chromium.newContext({ viewport, ...options })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  return {
    instance: opened,
    page,
    /** A link for alice, who has no way in yet. */
    async invitation(): Promise<string> {
      const by = { userId: null, address: null, userAgent: 'a test' }
      const alice = await userOf(opened, { username: 'alice' })
      return (await invite(opened.deps, alice, 'invitation', by, opened.clock.now))?.link ?? ''
    },
    addAuthenticator: (transport: 'internal' | 'usb') => addAuthenticator(cdp, transport),
    /** A terminal that asks, and its address opened in the browser. */
    async device() {
      const { grant, client, poll } = await startDevice(opened)
      const url = grant.verificationUriComplete ?? ''
      await page.goto(url)
      const refresh = (refreshToken = '') =>
        opened.oidc.createToken({ ...client, grantType: 'refresh_token', refreshToken })
      return { url, poll: async () => ({ ...(await poll()), refresh }) }
    },
    async approve() {
      await press(page, 'Approve')
      await page.getByText('Your terminal signs in within a few seconds.').waitFor()
    },
    async [Symbol.asyncDispose]() {
      await context.close()
      await listening.close(0)
      await mailer?.close()
      await opened.storage.close()
    },
  }
}

/** The people of a test instance have passwords; the invited one has none. */
async function forgetPassword({ storage, clock }: TestInstance): Promise<void> {
  const audit = { at: 0, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  const none = { passwordHash: '', endSessions: false, revokedUntil: 0, now: clock.now, audit }
  await storage.setPassword({ userName: 'alice', ...none })
}

/** @see https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/ */
async function addAuthenticator(cdp: CDPSession, transport: 'internal' | 'usb') {
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport, hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  })
  return {
    remove: () => cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
    /** Forgets everything that it holds. */
    clear: () => cdp.send('WebAuthn.clearCredentials', { authenticatorId }),
  }
}

async function endOnAccountPage(
  { page, instance }: Place,
  tokens: { accessToken: string; refreshToken?: string | undefined; refresh(token?: string): Promise<unknown> },
  proved: RegExp,
): Promise<void> {
  await instance.portal.listAccounts(tokens)
  await page.goto(`${instance.origin}/account`)
  const program = page.locator('.signed-in-item', { hasText: 'unverified' }).first()
  assert.match((await program.textContent()) ?? '', /by a code that you approved/)
  assert.match((await program.textContent()) ?? '', proved)
  await Promise.all([page.waitForEvent('load'), program.getByRole('button', { name: /End it/ }).click()])
  await page.getByText('It is signed out, from this moment on.').waitFor()
  const ended = (error: unknown) =>
    refused('UnauthorizedException')(error) && /The session was ended/.test(String(error))
  await assert.rejects(instance.portal.listAccounts(tokens), ended)
  await assert.rejects(tokens.refresh(tokens.refreshToken), /The session was ended\. Sign in again\./)
}

async function typeFirstCode({ page, instance }: Place): Promise<string> {
  await page.getByText('Or type the key').click()
  const secret = ((await page.locator('code.spelled').textContent()) ?? '').replaceAll(' ', '')
  await page.fill('input[name=code]', codeOf(secret, instance.clock.now))
  await press(page, 'Use this app')
  return secret
}

async function choosePassword(page: Page, password = PASSWORD): Promise<void> {
  await page.fill('input[name=password]', password)
  await page.fill('input[name=password_again]', password)
  await press(page, 'Use this password')
}

async function typePassword(page: Page, password: string): Promise<void> {
  await page.fill('input[name=username]', 'alice')
  await page.fill('input[name=password]', password)
  await press(page, 'Sign in')
}

async function press(page: Page, name: string): Promise<void> {
  await Promise.all([
    page.waitForEvent('load'),
    page
      .getByRole('button', { name, exact: true })
      .or(page.getByRole('link', { name, exact: true }))
      .click(),
  ])
}
