/**
 * Signing out at a program's wish.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as openid from 'openid-client'
import type { FetchedPage, FormBrowser } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import type { DemoPerson } from './support/portico.ts'
import { ACCOUNT_ACCESS, CALLBACK, registerBrowser, sessionsOf } from './support/programs.ts'

const BYE = 'https://wiki.example.com/bye'
const SCOPE = `openid ${ACCOUNT_ACCESS}`

/** The libraries read the machine's clock, so the instance's is set to it. */
async function instanceOfNow(): Promise<TestInstance> {
  const instance = await testInstance()
  instance.clock.now = Date.now()
  return instance
}

/** A relying party that registered where it takes people back. */
async function wiki(instance: TestInstance, scope = SCOPE) {
  const config = await openid.dynamicClientRegistration(
    new URL(instance.origin),
    {
      client_name: 'Wiki',
      redirect_uris: [CALLBACK],
      post_logout_redirect_uris: [BYE, 'http://127.0.0.1/bye'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope,
    },
    openid.ClientSecretBasic(),
    {
      execute: [openid.allowInsecureRequests],
      [openid.customFetch]: (url, init) => instance.fetch(new Request(url, init as RequestInit)),
    },
  )
  /** Somebody signs in to it, at this browser. */
  const signIn = async (browser: FormBrowser, person: DemoPerson = instance.people.alice) => {
    const pkceCodeVerifier = openid.randomPKCECodeVerifier()
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const { location } = await browser.decide(url.href, person)
    return openid.authorizationCodeGrant(config, new URL(location ?? ''), { pkceCodeVerifier })
  }
  /** Where it sends people who sign out of it. */
  const endSessionUrl = (parameters: Record<string, string>) => openid.buildEndSessionUrl(config, parameters).href
  return { config, signIn, endSessionUrl, clientId: config.clientMetadata().client_id }
}

const asks = ({ html }: FetchedPage) => html.includes('name="request"')
const confirm = (browser: FormBrowser, page: FetchedPage) =>
  browser.send(page, { request: /name="request" value="([^"]*)"/.exec(page.html)?.[1] ?? '' })
const isSignedIn = async (instance: TestInstance, browser: FormBrowser) =>
  !(await browser.open(`${instance.origin}/start`)).url.includes('/sign-in')

suite('a program whose person signs out of it', () => {
  test('finds out where to send them, and gets them back with its state once they agreed', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl } = await wiki(instance)
    const browser = instance.browser()
    const { id_token = '' } = await signIn(browser)
    const page = await browser.open(
      endSessionUrl({ id_token_hint: id_token, post_logout_redirect_uri: BYE, state: 'a b&c' }),
    )
    assert.ok(asks(page))
    assert.match(page.html, /Wiki[\s\S]*Alice Anders[\s\S]*wiki\.example\.com/)
    assert.equal(await isSignedIn(instance, browser), true)
    const { location } = await confirm(browser, page)
    assert.equal(location, `${BYE}?state=a+b%26c`)
    assert.equal(await isSignedIn(instance, browser), false)
  })

  test('ends its own session too, unless that was approved for when nobody is there', async () => {
    const instance = await instanceOfNow()
    for (const [scope, left] of [
      [SCOPE, 0],
      [`${SCOPE} offline_access`, 1],
    ] as const) {
      const { signIn, endSessionUrl } = await wiki(instance, scope)
      const browser = instance.browser()
      const tokens = await signIn(browser)
      await confirm(browser, await browser.open(endSessionUrl({ id_token_hint: tokens.id_token ?? '' })))
      assert.equal((await sessionsOf(instance, instance.people.alice)).length, left)
      const listed = instance.portal.listAccounts({ accessToken: tokens.access_token })
      await (left === 0 ? assert.rejects(listed) : listed)
    }
  })

  test('that named no address leaves its person at our own page', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl } = await wiki(instance)
    const browser = instance.browser()
    const { id_token = '' } = await signIn(browser)
    const { url, html } = await confirm(browser, await browser.open(endSessionUrl({ id_token_hint: id_token })))
    assert.equal(url, `${instance.origin}/sign-out`)
    assert.match(html, /You are signed out/)
  })

  test('may use any port of its loopback address', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl, clientId } = await wiki(instance)
    const browser = instance.browser()
    await signIn(browser)
    const post_logout_redirect_uri = 'http://127.0.0.1:4321/bye'
    const page = await browser.open(endSessionUrl({ client_id: clientId, post_logout_redirect_uri }))
    assert.equal((await confirm(browser, page)).location, post_logout_redirect_uri)
  })

  test('may send them by a form, which another site’s page cannot give our cookies', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl } = await wiki(instance)
    const browser = instance.browser()
    const { id_token = '' } = await signIn(browser)
    const address = new URL(endSessionUrl({ id_token_hint: id_token, post_logout_redirect_uri: BYE }))
    const response = await instance.fetch(
      new Request(instance.origin + address.pathname, { method: 'POST', body: address.searchParams }),
    )
    assert.equal(response.status, 303)
    assert.ok(asks(await browser.open(instance.origin + response.headers.get('location'))))
  })

  test('gets them back at once when they are signed out already, if it runs on their machine and knows them', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl, clientId } = await wiki(instance)
    const { id_token = '' } = await signIn(instance.browser())
    instance.clock.now += 30 * 86_400_000
    const post_logout_redirect_uri = 'http://127.0.0.1:4321/bye'
    const known = endSessionUrl({ id_token_hint: id_token, post_logout_redirect_uri })
    assert.equal((await instance.browser().open(known)).location, post_logout_redirect_uri)
    const unknown = endSessionUrl({ client_id: clientId, post_logout_redirect_uri })
    const { location, html } = await instance.browser().open(unknown)
    assert.equal(location, null)
    assert.match(html, /You are signed out[\s\S]*href="http:\/\/127\.0\.0\.1:4321\/bye"/)
  })
})

suite('nobody is signed out, or sent on,', () => {
  test('to a place that anybody can have registered, unless they choose to: the page names it', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl, clientId } = await wiki(instance)
    const { id_token = '' } = await signIn(instance.browser())
    // The id token proves no more than that somebody, the writer of the link perhaps, signed in to that program once.
    for (const known of [{ id_token_hint: id_token }, { client_id: clientId }]) {
      const url = endSessionUrl({ ...known, post_logout_redirect_uri: BYE, state: 'a' })
      const { status, location, html } = await instance.browser().open(url)
      assert.deepEqual([status, location], [200, null])
      assert.match(html, /You are signed out[\s\S]*wiki\.example\.com[\s\S]*anybody can have registered/)
      assert.match(html, /<a href="https:\/\/wiki\.example\.com\/bye\?state=a" rel="noreferrer">/)
    }
  })

  test('by a link alone', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl, clientId } = await wiki(instance)
    const browser = instance.browser()
    const { id_token = '' } = await signIn(browser)
    for (const parameters of [{}, { client_id: clientId }, { id_token_hint: id_token }]) {
      assert.ok(asks(await browser.open(endSessionUrl(parameters))))
      assert.equal(await isSignedIn(instance, browser), true)
    }
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
  })

  test('to an address that the program did not register', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl } = await wiki(instance)
    for (const post_logout_redirect_uri of [
      'https://evil.example/bye',
      `${BYE}/`,
      `${BYE}?x`,
      CALLBACK,
      'javascript:alert(1)',
      '//evil.example',
    ]) {
      const browser = instance.browser()
      const { id_token = '' } = await signIn(browser)
      const url = endSessionUrl({ id_token_hint: id_token, post_logout_redirect_uri })
      const page = await browser.open(url)
      assert.match(page.html, /not one that the program registered/)
      assert.equal(page.html.includes('evil.example'), false)
      assert.equal((await confirm(browser, page)).url, `${instance.origin}/sign-out`)
      const { location, html } = await browser.open(url)
      assert.equal(location, null)
      assert.equal(html.includes('evil.example'), false)
    }
  })

  test('by an id token that is none of ours, or another program’s', async () => {
    const instance = await instanceOfNow()
    const own = await wiki(instance)
    const other = await wiki(instance)
    const elsewhere = await instanceOfNow()
    const { id_token: foreign = '' } = await (await wiki(elsewhere)).signIn(elsewhere.browser())
    const { id_token: others = '' } = await other.signIn(instance.browser())
    for (const id_token_hint of [foreign, others, `${others.slice(0, -3)}AAA`, 'nonsense']) {
      const browser = instance.browser()
      const url = own.endSessionUrl({ id_token_hint, client_id: own.clientId, post_logout_redirect_uri: BYE })
      assert.equal((await browser.open(url)).location, null, id_token_hint)
      await own.signIn(browser)
      assert.equal((await confirm(browser, await browser.open(url))).location, null, id_token_hint)
    }
  })

  test('by the id token of somebody else: it ends nothing of theirs', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl } = await wiki(instance)
    const { id_token = '' } = await signIn(instance.browser(), instance.people.bob)
    const browser = instance.browser()
    await signIn(browser)
    const page = await browser.open(endSessionUrl({ id_token_hint: id_token, post_logout_redirect_uri: BYE }))
    assert.match(page.html, /Alice Anders/)
    assert.equal((await confirm(browser, page)).location, BYE)
    assert.equal((await sessionsOf(instance, instance.people.bob)).length, 1)
  })

  test('by a confirmation that was shown to an earlier sign-in, or too long ago', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl } = await wiki(instance)
    const { username, password } = instance.people.alice
    for (const meanwhile of ['signs in again', 'waits'] as const) {
      const browser = instance.browser()
      const { id_token = '' } = await signIn(browser)
      const parameters = { id_token_hint: id_token, post_logout_redirect_uri: BYE }
      const request = /name="request" value="([^"]*)"/.exec((await browser.open(endSessionUrl(parameters))).html)?.[1]
      if (meanwhile === 'waits') instance.clock.now += 600_000
      else await browser.send(await browser.open(`${instance.origin}/sign-in?again=long-ago`), { username, password })
      const current = await browser.open(endSessionUrl(parameters))
      assert.equal((await browser.send(current, { request: request ?? '' })).location, null, meanwhile)
    }
  })

  test('by a client that RegisterClient registered, which knows no address to return to', async () => {
    const instance = await instanceOfNow()
    const { clientId } = await registerBrowser(instance)
    const query = new URLSearchParams({ client_id: clientId, post_logout_redirect_uri: CALLBACK })
    const { location, status } = await instance.browser().open(`${instance.origin}/oauth2/logout?${query}`)
    assert.deepEqual([status, location], [200, null])
  })

  test('by parameters that come twice, or are too long', async () => {
    const instance = await instanceOfNow()
    const { signIn, endSessionUrl, clientId } = await wiki(instance)
    const browser = instance.browser()
    const { id_token = '' } = await signIn(browser)
    const url = endSessionUrl({ id_token_hint: id_token, post_logout_redirect_uri: BYE })
    const twice = await browser.open(`${url}&client_id=${encodeURIComponent(clientId)}`)
    assert.equal((await confirm(browser, twice)).location, null)
    assert.equal((await browser.open(`${url}&state=${'x'.repeat(12_000)}`)).status, 400)
  })
})

test('an address to return to is registered like any other', async () => {
  const instance = await testInstance()
  for (const uri of ['https://*.example.com/', 'http://wiki.example.com/bye', 'https://wiki.example.com/?state=x'])
    await assert.rejects(
      openid.dynamicClientRegistration(
        new URL(instance.origin),
        { redirect_uris: [CALLBACK], post_logout_redirect_uris: [uri] },
        openid.ClientSecretBasic(),
        {
          execute: [openid.allowInsecureRequests],
          [openid.customFetch]: (url, init) => instance.fetch(new Request(url, init as RequestInit)),
        },
      ),
      { error: 'invalid_redirect_uri' },
    )
})
