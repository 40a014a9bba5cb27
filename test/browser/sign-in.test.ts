/**
 * Both ways in, in a real browser over a real socket: what only a browser decides, such as what it calls its origin, whether
 * it keeps a cookie, and where a policy lets a form's answer lead.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { sso, ssooidc } from 'ssooidc'
import { type Application, type Listening, listen } from '../../packages/portico/src/server/node.ts'
import { decideInBrowser, signIn } from '../support/approve.ts'
import { type TestInstance, testInstance } from '../support/instance.ts'
import { refused, registerBrowser, registerDevice, startBrowser, startDevice } from '../support/programs.ts'
import { launchChromium } from './chromium.ts'

let chromium: Browser
let listening: Listening
let instance: TestInstance

before(async () => {
  // The address is known only once something listens, and the instance must know its address.
  let app: Application | undefined
  const late: Application = { fetch: (request, bindings) => app?.fetch(request, bindings) ?? Response.error() }
  listening = await listen(late, { host: '127.0.0.1', port: 0 })
  instance = await testInstance({ origin: listening.url })
  app = instance.app
  chromium = await launchChromium()
})
after(async () => {
  await chromium?.close()
  await listening?.close(0)
})

suite('in a real browser', () => {
  test('a person signs in and approves a device', async () => {
    const { grant, poll } = await startDevice(instance)
    const seen = await decideInBrowser(chromium, {
      url: grant.verificationUriComplete ?? '',
      person: instance.people.alice,
    })
    assert.match(seen, /Approved/)
    const { accountList } = await sso({ endpoint: listening.url }).listAccounts(await poll())
    assert.equal(accountList.length, 2)
  })

  for (const decision of ['approve', 'deny'] as const)
    test(`a device that shows a number is decided by keyboard, script or not: ${decision}`, async () => {
      const client = await registerDevice(instance)
      const { userCode, matchNumber, deviceCode } = await instance.oidc.startDeviceAuthorization({
        ...{ ...client, startUrl: `${listening.url}/start`, numberMatch: 'show' },
      })
      const context = await chromium.newContext({ javaScriptEnabled: decision === 'deny' })
      try {
        const page = await context.newPage()
        await page.goto(`${listening.url}/device?user_code=${userCode}`)
        await signIn(page, instance.people.alice)
        await page.getByRole('group', { name: 'Which number does your terminal show?' }).waitFor()
        // The browser itself asks for a choice before it sends an approval, and for none before a denial.
        await page.getByRole('button', { name: 'Approve' }).press('Enter')
        assert.equal(new URL(page.url()).pathname, '/device')
        assert.equal(await page.locator('input[name=number]:invalid').count(), 3)
        if (decision === 'approve') {
          await page.locator('input[name=number]').first().focus()
          const radio = page.getByRole('radio', { name: matchNumber ?? 'none' })
          for (let presses = 0; presses < 3 && !(await radio.isChecked()); presses++)
            await page.keyboard.press(presses === 0 ? 'Space' : 'ArrowRight')
        }
        const name = decision === 'approve' ? 'Approve' : 'Deny'
        await page.getByRole('button', { name }).press('Enter')
        await page.getByRole('heading', { name: decision === 'approve' ? 'Approved' : 'Denied' }).waitFor()
      } finally {
        await context.close()
      }
      const grantType = 'urn:ietf:params:oauth:grant-type:device_code'
      const tokens = instance.oidc.createToken({ ...client, grantType, deviceCode })
      if (decision === 'approve') assert.ok((await tokens).accessToken)
      else await assert.rejects(tokens, refused('AccessDeniedException'))
    })

  for (const decision of ['approve', 'deny'] as const)
    test(`a person sends a program its answer: ${decision}`, async () => {
      const arrived = Promise.withResolvers<URLSearchParams>()
      const callback = createServer((request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1')
        if (pathname === '/oauth/callback') arrived.resolve(searchParams)
        response.setHeader('Content-Type', 'text/html').end('<title>Done</title><p>You can close this page.')
      })
      await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve))
      try {
        const { port } = callback.address() as AddressInfo // it listens on TCP
        const redirectUri = `http://127.0.0.1:${port}/oauth/callback`
        const program = await startBrowser(instance, await registerBrowser(instance))
        const url = program.url({ redirect_uri: redirectUri })
        const seen = await decideInBrowser(chromium, { url, person: instance.people.bob, decision })
        assert.match(seen, /You can close this page/)
        const answer = await arrived.promise
        assert.equal(answer.get('state'), 'a state')
        if (decision === 'deny') return assert.equal(answer.get('error'), 'access_denied')
        const exchange = { ...program.exchange(answer.get('code') ?? ''), redirectUri }
        const tokens = await ssooidc({ endpoint: listening.url }).createToken(exchange)
        assert.ok(tokens.accessToken)
      } finally {
        callback.closeAllConnections()
        callback.close()
      }
    })
})
