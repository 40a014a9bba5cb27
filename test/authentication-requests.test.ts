/**
 * What a relying party may ask of the sign-in behind an authorization request: `prompt`, `max_age`, `login_hint` and
 * `id_token_hint`.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { decodeJwt } from 'jose'
import type { FetchedPage, FormBrowser } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import type { DemoPerson } from './support/portico.ts'
import { answerIn, ask, CALLBACK, startBrowser } from './support/programs.ts'

const MINUTE = 60_000

/** A relying party: what it asks for with, and what it learns of a person. */
async function relyingParty(instance: TestInstance, scope = 'openid') {
  const { body: client } = await ask(instance, '/oauth2/register', {
    headers: { 'content-type': 'application/json' },
    body: { client_name: 'Wiki', redirect_uris: [CALLBACK], scope },
  })
  const { url, codeVerifier } = await startBrowser(instance, {
    clientId: String(client.client_id),
    clientSecret: String(client.client_secret),
  })
  const ownUrl = (changes: Record<string, string | undefined> = {}) => url({ scopes: undefined, scope, ...changes })
  const redeem = async (location: string | null) => {
    const form = {
      grant_type: 'authorization_code',
      client_id: String(client.client_id),
      client_secret: String(client.client_secret),
      code: answerIn(location).code ?? '',
      redirect_uri: CALLBACK,
      code_verifier: codeVerifier,
    }
    const { body } = await ask(instance, '/oauth2/token', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    })
    return String(body.id_token)
  }
  const idTokenOf = async (person: DemoPerson) => redeem((await instance.browser().decide(ownUrl(), person)).location)
  return { url: ownUrl, redeem, idTokenOf }
}

/** A browser that somebody signed in at just now. */
async function signedIn(instance: TestInstance, person: DemoPerson): Promise<FormBrowser> {
  const browser = instance.browser()
  const page = await browser.open(`${instance.origin}/sign-in`)
  await signInAt(browser, page, person)
  return browser
}

/** Sends the sign-in form of a page. */
const signInAt = (browser: FormBrowser, page: FetchedPage, { username, password }: DemoPerson) =>
  browser.send(page, { username, password })

const asksToSignIn = ({ url, html }: FetchedPage) => /\/sign-in\?/.test(url) && html.includes('name="password"')
const asksToConsent = ({ html }: FetchedPage) => html.includes('name="decision"')
const errorIn = ({ location }: FetchedPage) => answerIn(location).error

suite('prompt=none', () => {
  test('asks nobody: who is not signed in would have to sign in', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const page = await instance.browser().open(url({ prompt: 'none' }))
    const { error, error_description, state, iss } = answerIn(page.location)
    assert.deepEqual([error, state, iss], ['login_required', 'a state', instance.origin])
    assert.match(error_description ?? '', /prompt=none/)
  })

  test('asks nobody: who is signed in would have to consent, as always', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const browser = await signedIn(instance, instance.people.alice)
    assert.equal(errorIn(await browser.open(url({ prompt: 'none' }))), 'consent_required')
  })

  test('asks nobody: who signed in too long ago would have to sign in', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const browser = await signedIn(instance, instance.people.alice)
    instance.clock.now += 10 * MINUTE
    assert.equal(errorIn(await browser.open(url({ prompt: 'none', max_age: '599' }))), 'login_required')
    assert.equal(errorIn(await browser.open(url({ prompt: 'none', max_age: '600' }))), 'consent_required')
    instance.clock.now += 50 * MINUTE
    assert.equal(errorIn(await browser.open(url({ prompt: 'none' }))), 'login_required')
  })

  test('asks nobody: who lacks a second factor that is needed would have to prove it', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const browser = await signedIn(instance, instance.people.alice)
    instance.deps.settings.requireSecondFactor = true
    assert.equal(errorIn(await browser.open(url({ prompt: 'none' }))), 'interaction_required')
  })
})

suite('prompt=login', () => {
  for (const prompt of ['login', 'select_account', 'login consent'])
    test(`asks who is signed in to sign in again, once (${prompt})`, async () => {
      const instance = await testInstance()
      const { url, redeem } = await relyingParty(instance)
      const browser = await signedIn(instance, instance.people.alice)
      instance.clock.now += MINUTE
      const again = await browser.open(url({ prompt }))
      assert.ok(asksToSignIn(again))
      assert.match(again.html, /asks that you sign in again/)
      instance.clock.now += MINUTE
      const consent = await signInAt(browser, again, instance.people.alice)
      assert.ok(asksToConsent(consent))
      const { location } = await browser.send(consent, { decision: 'approve' })
      assert.equal(decodeJwt(await redeem(location)).auth_time, instance.clock.now / 1000)
    })

  test('is not satisfied by coming back without having signed in', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const browser = await signedIn(instance, instance.people.alice)
    instance.clock.now += MINUTE
    const again = await browser.open(url({ prompt: 'login' }))
    const returnTo = new URL(again.url).searchParams.get('return') ?? ''
    assert.ok(asksToSignIn(await browser.open(instance.origin + returnTo)))
  })

  test('asks who is not signed in no more than once, either', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const browser = instance.browser()
    const page = await browser.open(url({ prompt: 'login' }))
    assert.ok(asksToConsent(await signInAt(browser, page, instance.people.alice)))
  })

  test('is begun again by whoever takes more than an hour over it', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const browser = instance.browser()
    const page = await browser.open(url({ prompt: 'login' }))
    instance.clock.now += 60 * MINUTE
    assert.equal(errorIn(await signInAt(browser, page, instance.people.alice)), 'invalid_request')
  })

  test('is not taken from what was sealed for anything else', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const other = instance.deps.sealer.seal('cookie', { signInId: 'x', query: '', expiresAt: instance.clock.now + 1 })
    for (const portico_demands of [other, 'nonsense', ''])
      assert.equal(errorIn(await instance.browser().open(url({ portico_demands }))), 'invalid_request')
  })
})

suite('max_age', () => {
  test('asks whoever signed in longer ago to sign in again, and then no more', async () => {
    const instance = await testInstance()
    const { url, redeem } = await relyingParty(instance)
    const browser = await signedIn(instance, instance.people.alice)
    instance.clock.now += MINUTE
    assert.ok(asksToConsent(await browser.open(url({ max_age: '60' }))))
    const again = await browser.open(url({ max_age: '59' }))
    assert.ok(asksToSignIn(again))
    const consent = await signInAt(browser, again, instance.people.alice)
    // What is asked of is the moment of the request: reading the page makes nobody's sign-in too old.
    instance.clock.now += 2 * MINUTE
    const { location } = await browser.send(consent, { decision: 'approve' })
    assert.equal(decodeJwt(await redeem(location)).auth_time, instance.clock.now / 1000 - 120)
  })

  test('of zero asks everybody to sign in, once', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const browser = await signedIn(instance, instance.people.alice)
    instance.clock.now += 1
    const again = await browser.open(url({ max_age: '0' }))
    assert.ok(asksToSignIn(again))
    instance.clock.now += MINUTE
    assert.ok(asksToConsent(await signInAt(browser, again, instance.people.alice)))
  })
})

suite('hints', () => {
  test('login_hint is typed in already, and is text', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const { html } = await instance.browser().open(url({ login_hint: 'bob"><script>' }))
    assert.match(html, /name="username"[^>]*value="bob&quot;&gt;&lt;script&gt;"/)
  })

  test('id_token_hint lets the person go on whom it names', async () => {
    const instance = await testInstance()
    const { url, idTokenOf } = await relyingParty(instance)
    const id_token_hint = await idTokenOf(instance.people.alice)
    const browser = await signedIn(instance, instance.people.alice)
    assert.ok(asksToConsent(await browser.open(url({ id_token_hint }))))
    assert.equal(errorIn(await browser.open(url({ id_token_hint, prompt: 'none' }))), 'consent_required')
  })

  test('id_token_hint asks anybody else to sign in, and tells the client when still somebody else came', async () => {
    const instance = await testInstance()
    const { alice, bob } = instance.people
    const { url, idTokenOf } = await relyingParty(instance)
    const id_token_hint = await idTokenOf(alice)
    const browser = await signedIn(instance, bob)
    assert.equal(errorIn(await browser.open(url({ id_token_hint, prompt: 'none' }))), 'login_required')
    const again = await browser.open(url({ id_token_hint }))
    assert.ok(asksToSignIn(again))
    assert.equal(errorIn(await signInAt(browser, again, bob)), 'login_required')
    assert.ok(asksToConsent(await signInAt(browser, await browser.open(url({ id_token_hint })), alice)))
  })

  test('id_token_hint that names nobody here, or was given to another client, is an error', async () => {
    const instance = await testInstance()
    const { url, idTokenOf } = await relyingParty(instance)
    const own = await idTokenOf(instance.people.alice)
    const others = await (await relyingParty(instance)).idTokenOf(instance.people.alice)
    const elsewhere = await (await relyingParty(await testInstance())).idTokenOf(instance.people.alice)
    const [header, , signature] = own.split('.')
    const forged = [header, btoa(JSON.stringify({ ...decodeJwt(own), sub: 'x' })).replaceAll('=', ''), signature]
    const unsigned = `${btoa('{"alg":"none"}')}.${own.split('.')[1]}.`
    for (const id_token_hint of [others, elsewhere, forged.join('.'), unsigned, 'nonsense'])
      assert.equal(errorIn(await instance.browser().open(url({ id_token_hint }))), 'invalid_request')
  })

  test('id_token_hint may be long over', async () => {
    const instance = await testInstance()
    const { url, idTokenOf } = await relyingParty(instance)
    const id_token_hint = await idTokenOf(instance.people.alice)
    instance.clock.now += 30 * 24 * 60 * MINUTE
    assert.ok(asksToSignIn(await instance.browser().open(url({ id_token_hint }))))
  })
})

suite('an authorization request', () => {
  for (const [what, changes, error] of [
    ['a prompt that is none', { prompt: 'login create' }, 'invalid_request'],
    ['a prompt that contradicts itself', { prompt: 'none login' }, 'invalid_request'],
    ['a max_age that is no number', { max_age: '-1' }, 'invalid_request'],
    ['another response mode', { response_mode: 'form_post' }, 'invalid_request'],
    ['a request object, whose parameters would count', { request: 'a.b.c' }, 'request_not_supported'],
    ['a request object elsewhere', { request_uri: 'https://rp.example/r' }, 'request_uri_not_supported'],
  ] as const)
    test(`with ${what}: ${error}`, async () => {
      const instance = await testInstance()
      const { url } = await relyingParty(instance)
      assert.equal(errorIn(await instance.browser().open(url(changes))), error)
    })

  test('may come as a form, and is answered as if it had been a link', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const address = new URL(url({ prompt: 'login', login_hint: 'bob' }))
    const response = await instance.fetch(
      new Request(instance.origin + address.pathname, {
        method: 'POST',
        body: address.searchParams,
        headers: { origin: 'https://rp.example' },
      }),
    )
    assert.equal(response.status, 303)
    const page = await instance.browser().open(new URL(response.headers.get('location') ?? '', instance.origin).href)
    assert.ok(asksToSignIn(page))
    assert.match(page.html, /name="username"[^>]*value="bob"/)
  })

  test('that is too long is not carried anywhere', async () => {
    const instance = await testInstance()
    const { url } = await relyingParty(instance)
    const page = await instance.browser().open(url({ login_hint: 'x'.repeat(9_000) }))
    assert.deepEqual([page.status, page.location], [400, null])
  })
})
