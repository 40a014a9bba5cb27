/** The authorization code grant with PKCE, through `/authorize`, consent and CreateToken. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { addApplication, REPORTS_CALLBACK } from './support/application.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import {
  ACCOUNT_ACCESS,
  answerIn,
  ask,
  CALLBACK,
  consent,
  refused,
  registerBrowser,
  registerDevice,
  sessionsOf,
  startBrowser,
} from './support/programs.ts'

suite('a program that sends a person to /authorize', () => {
  test('gets a code, its state and who answers, and then its tokens', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const { location, status } = await instance.browser().decide(program.url(), instance.people.alice)
    assert.equal(status, 303)
    assert.ok(location?.startsWith(`${CALLBACK}?`))
    const { code = '', ...rest } = answerIn(location)
    assert.match(code, /^ptc_ac_/)
    assert.deepEqual(rest, { state: 'a state', iss: instance.origin })
    const tokens = await instance.oidc.createToken(program.exchange(code))
    assert.equal(tokens.expiresIn, 3_600)
    assert.match(tokens.refreshToken ?? '', /^ptc_rt_/)
    const { accountList } = await instance.portal.listAccounts(tokens)
    assert.equal(accountList.length, 2)
  })

  test('gets no state back when it sent none, and no refresh token when it registered for none', async () => {
    const instance = await testInstance()
    const client = await registerBrowser(instance, { grantTypes: [GRANT_TYPES.authorizationCode] })
    const program = await startBrowser(instance, client)
    const { location } = await instance.browser().decide(program.url({ state: undefined }), instance.people.alice)
    const { code = '', ...rest } = answerIn(location)
    assert.deepEqual(rest, { iss: instance.origin })
    const tokens = await instance.oidc.createToken(program.exchange(code))
    assert.equal(tokens.refreshToken, undefined)
  })

  const pair = `${ACCOUNT_ACCESS} codewhisperer:completions`
  for (const [what, changes, expected] of [
    ['scopes by blanks', { scopes: pair }, pair.split(' ')],
    ['scopes by commas', { scopes: pair.replace(' ', ',') }, pair.split(' ')],
    ['the standard’s scope', { scopes: undefined, scope: pair }, pair.split(' ')],
    ['some of its scopes', { scopes: 'codewhisperer:completions' }, ['codewhisperer:completions']],
    ['no scopes, and so all of them', { scopes: undefined }, pair.split(' ')],
  ] as const) {
    test(`may name ${what}`, async () => {
      const instance = await testInstance()
      const client = await registerBrowser(instance, { scopes: pair.split(' ') })
      const program = await startBrowser(instance, client)
      await instance.oidc.createToken(program.exchange(await consent(instance, program.url(changes))))
      const [session] = await sessionsOf(instance, instance.people.alice)
      assert.deepEqual(session?.scopes, expected)
    })
  }

  for (const port of ['', ':1', ':8080', ':65535'])
    test(`may listen on the loopback port “${port}”`, async () => {
      const instance = await testInstance()
      const program = await startBrowser(instance)
      const redirectUri = `http://127.0.0.1${port}/oauth/callback`
      const code = await consent(instance, program.url({ redirect_uri: redirectUri }))
      await instance.oidc.createToken({ ...program.exchange(code), redirectUri })
    })
})

suite('before client and redirect URI are proven, a person sees a page and nothing is sent anywhere', () => {
  const somewhere = 'https://somewhere.example/'
  for (const [what, changes] of [
    ['no client', { client_id: undefined }],
    ['a client that never was', { client_id: 'ptc_ci_AAAA' }],
    ['no redirect URI', { redirect_uri: undefined }],
    ['another host', { redirect_uri: somewhere }],
    ['another path', { redirect_uri: 'http://127.0.0.1:39179/oauth/other' }],
    ['another scheme', { redirect_uri: 'https://127.0.0.1:39179/oauth/callback' }],
    ['localhost for 127.0.0.1', { redirect_uri: 'http://localhost:39179/oauth/callback' }],
    ['a query that was not registered', { redirect_uri: `${CALLBACK}?next=1` }],
    ['a user name in front of the host', { redirect_uri: 'http://127.0.0.1:1@somewhere.example/oauth/callback' }],
    ['a port that is none', { redirect_uri: 'http://127.0.0.1:99999/oauth/callback' }],
    ['a request too long to carry', { state: 'x'.repeat(5_000) }],
  ] as const) {
    test(what, async () => {
      const instance = await testInstance()
      const program = await startBrowser(instance)
      const page = await instance.browser().open(program.url(changes))
      assert.equal(page.status, 400)
      assert.equal(page.location, null)
      assert.match(page.html, /cannot go on/)
      assert.doesNotMatch(page.html, /somewhere\.example/)
    })
  }

  test('a parameter that is given twice', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const page = await instance.browser().open(`${program.url()}&redirect_uri=${encodeURIComponent(somewhere)}`)
    assert.deepEqual([page.status, page.location], [400, null])
  })

  test('a client whose registration has expired', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    instance.clock.now += 90 * 86_400_000
    const page = await instance.browser().open(program.url())
    assert.deepEqual([page.status, page.location], [400, null])
    assert.match(page.html, /expired/)
  })
})

suite('once they are proven, an error goes back to the program with its state', () => {
  for (const [what, changes, error] of [
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['the plain challenge method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no challenge method', { code_challenge_method: undefined }, 'invalid_request'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a challenge of the wrong length', { code_challenge: 'A'.repeat(42) }, 'invalid_request'],
    ['a challenge that no hash can be', { code_challenge: '='.repeat(43) }, 'invalid_request'],
    ['a scope that was not registered', { scopes: 'codecatalyst:read_write' }, 'invalid_scope'],
  ] as const) {
    test(what, async () => {
      const instance = await testInstance()
      const program = await startBrowser(instance)
      const page = await instance.browser().open(program.url(changes))
      assert.equal(page.status, 302)
      const { error_description, ...rest } = answerIn(page.location)
      assert.deepEqual(rest, { error, state: 'a state', iss: instance.origin })
      assert.ok(error_description)
    })
  }

  test('a client that registered for another grant', async () => {
    const instance = await testInstance()
    const client = await registerDevice(instance, {
      grantTypes: [GRANT_TYPES.deviceCode],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
    })
    const program = await startBrowser(instance, client)
    const page = await instance.browser().open(program.url())
    assert.equal(answerIn(page.location).error, 'unauthorized_client')
    await assert.rejects(instance.oidc.createToken(program.exchange('ptc_ac_AAAA')), refused('unauthorized_client'))
  })

  test('at another machine, a program that anybody can have registered is not told by itself: a page says where it leads', async () => {
    const instance = await testInstance()
    const redirectUris = ['https://app.example/callback', 'com.example.app:/callback']
    const program = await startBrowser(instance, await registerBrowser(instance, { redirectUris }))
    const signedIn = instance.browser()
    const { username, password } = instance.people.alice
    await signedIn.send(await signedIn.open(`${instance.origin}/sign-in`), { username, password })
    for (const redirect_uri of redirectUris)
      for (const wrong of [{ scopes: 'other:scope' }, { max_age: 'x' }, { prompt: 'none' }, { response_type: 'token' }])
        for (const browser of [instance.browser(), signedIn]) {
          const page = await browser.open(program.url({ redirect_uri, ...wrong }))
          assert.deepEqual([page.status, page.location], [400, null])
          const [, href = ''] = /<a href="([^"]*)" rel="noreferrer">Go back to/.exec(page.html) ?? []
          assert.ok(href.startsWith(`${redirect_uri}?`), href)
          const { error, state, iss } = answerIn(href.replaceAll('&amp;', '&'))
          assert.deepEqual([typeof error, state, iss], ['string', 'a state', instance.origin])
        }
    const { location } = await signedIn.decide(
      program.url({ redirect_uri: redirectUris[0] }),
      instance.people.alice,
      'deny',
    )
    assert.equal(answerIn(location).error, 'access_denied', 'whoever has seen the page and decided is sent back')
  })

  test('at another machine, an application is told once a person has signed in, who may know that they left', async () => {
    const instance = await testInstance()
    const clientId = await addApplication(instance)
    const program = await startBrowser(instance, { clientId, clientSecret: '' })
    const redirect_uri = REPORTS_CALLBACK
    const { username, password } = instance.people.alice
    for (const [url, error] of [
      [program.url({ redirect_uri, scopes: 'other:scope' }), 'invalid_scope'],
      [program.url({ redirect_uri, scopes: 'reports:read', max_age: 'x' }), 'invalid_request'],
    ] as const) {
      const browser = instance.browser()
      const page = await browser.open(url)
      assert.match(page.url, /\/sign-in\?/)
      assert.equal(answerIn((await browser.send(page, { username, password })).location).error, error)
    }
    // Who wants nobody asked is answered at once.
    const silent = await instance.browser().open(program.url({ redirect_uri, scopes: 'other:scope', prompt: 'none' }))
    assert.equal(answerIn(silent.location).error, 'invalid_scope')
  })

  test('a denial', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const { location } = await instance.browser().decide(program.url(), instance.people.alice, 'deny')
    const { error_description, ...rest } = answerIn(location)
    assert.deepEqual(rest, { error: 'access_denied', state: 'a state', iss: instance.origin })
    assert.ok(error_description)
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
  })
})

suite('an authorization code', () => {
  test('lives sixty seconds', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const [first, second] = [await consent(instance, program.url()), await consent(instance, program.url())]
    instance.clock.now += 59_999
    await instance.oidc.createToken(program.exchange(first))
    instance.clock.now += 1
    await assert.rejects(instance.oidc.createToken(program.exchange(second)), refused('expired_token'))
  })

  test('is bound to its client, redirect URI and challenge; a wrong guess does not use it up', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const code = await consent(instance, program.url())
    const other = await registerBrowser(instance, { clientName: 'other' })
    const right = program.exchange(code)
    for (const wrong of [
      { ...right, ...other },
      { ...right, redirectUri: 'http://127.0.0.1:39180/oauth/callback' },
      { ...right, redirectUri: 'http://127.0.0.1/oauth/callback' },
      { ...right, codeVerifier: 'A'.repeat(64) },
    ])
      await assert.rejects(instance.oidc.createToken(wrong), refused('invalid_grant'))
    for (const missing of ['code', 'redirectUri', 'codeVerifier']) {
      const { type } = await ask(instance, '/token', { body: { ...right, [missing]: undefined } })
      assert.equal(type, 'InvalidRequestException')
    }
    for (const codeVerifier of ['A'.repeat(42), 'A'.repeat(129), `${'A'.repeat(42)}+`])
      await assert.rejects(instance.oidc.createToken({ ...right, codeVerifier }), refused('invalid_request'))
    await instance.oidc.createToken(right)
  })

  test('used a second time ends the session that it made: both tokens are dead at once', async () => {
    const instance = await testInstance()
    const { exchange, tokens, redeem } = await redeemed(instance, { 'amz-sdk-invocation-id': 'one' })
    const again = await redeem({ 'amz-sdk-invocation-id': 'another' })
    assert.deepEqual([again.status, again.type], [400, 'InvalidGrantException'])
    await assert.rejects(instance.portal.listAccounts(tokens), refused('UnauthorizedException'))
    const { clientId, clientSecret } = exchange
    const { refreshToken = '' } = tokens
    const refresh = { clientId, clientSecret, grantType: GRANT_TYPES.refreshToken, refreshToken }
    await assert.rejects(instance.oidc.createToken(refresh), refused('invalid_grant'))
  })

  test('used a second time by a program that does not say it repeats itself ends the session, even at once', async () => {
    const instance = await testInstance()
    const { redeem } = await redeemed(instance, {})
    assert.equal((await redeem({})).type, 'InvalidGrantException')
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
  })

  test('gives the same session again to the very same call of an SDK, for sixty seconds', async () => {
    const instance = await testInstance()
    const call = { 'amz-sdk-invocation-id': '3f0c2b1e-0000-4000-8000-000000000000' }
    const { redeem } = await redeemed(instance, call)
    instance.clock.now += 60_000
    const again = await redeem(call)
    assert.equal(again.status, 200)
    await instance.portal.listAccounts({ accessToken: String(again.body.accessToken) })
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 1)
    instance.clock.now += 1
    assert.equal((await redeem(call)).type, 'InvalidGrantException')
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
  })

  test('is not repeated for a call whose body differs, though it carries the same id', async () => {
    const instance = await testInstance()
    const call = { 'amz-sdk-invocation-id': 'one' }
    const { exchange } = await redeemed(instance, call)
    const again = await ask(instance, '/token', { body: { ...exchange, scope: ['x'] }, headers: call })
    assert.equal(again.type, 'InvalidGrantException')
    assert.equal((await sessionsOf(instance, instance.people.alice)).length, 0)
  })

  test('presented by a stranger’s client ends nobody’s session', async () => {
    const instance = await testInstance()
    const { exchange, tokens } = await redeemed(instance, {})
    const other = await registerBrowser(instance, { clientName: 'other' })
    await assert.rejects(instance.oidc.createToken({ ...exchange, ...other }), refused('invalid_grant'))
    await instance.portal.listAccounts(tokens)
  })
})

suite('consent', () => {
  test('counts only from the browser that was asked', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const alice = await atConsent(instance, 'alice', program.url())
    const bob = await atConsent(instance, 'bob', program.url())
    const request = hidden(alice.page.html, 'request')
    const stolen = await bob.browser.send(bob.page, { decision: 'approve', request })
    assert.deepEqual([stolen.status, stolen.location], [400, null])
    const own = await bob.browser.send(bob.page, { decision: 'approve' })
    assert.equal(own.status, 303)
  })

  test('is not asked for ever: after ten minutes the page is too old', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const { browser, page } = await atConsent(instance, 'alice', program.url())
    instance.clock.now += 600_000
    const late = await browser.send(page, { decision: 'approve' })
    assert.deepEqual([late.status, late.location], [400, null])
  })

  test('approves what was shown and nothing else, whatever the form says', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const { browser, page } = await atConsent(instance, 'alice', program.url())
    for (const request of [
      '',
      'x',
      `${hidden(page.html, 'request').slice(0, -4)}AAAA`,
      program.url().split('?')[1] ?? '',
    ]) {
      const changed = await browser.send(page, { decision: 'approve', request })
      assert.deepEqual([changed.status, changed.location], [400, null])
    }
  })

  test('without a decision shows the page again', async () => {
    const instance = await testInstance()
    const program = await startBrowser(instance)
    const { browser, page } = await atConsent(instance, 'alice', program.url())
    const again = await browser.send(page, { decision: 'perhaps' })
    assert.equal(again.status, 200)
    assert.match(again.html, /value="approve"/)
  })

  test('asks people to prove again who they are when they did so more than an hour ago', async () => {
    // So that the browser is still signed in when the proof is too old.
    const instance = await testInstance({ signInIdleDuration: 8 * 3_600_000 })
    const program = await startBrowser(instance)
    const { browser } = await atConsent(instance, 'alice', program.url())
    instance.clock.now += 3_600_000 - 1
    assert.match((await browser.open(program.url())).html, /value="approve"/)
    instance.clock.now += 1
    const page = await browser.open(program.url())
    assert.match(page.url, /\/sign-in\?.*again=long-ago/)
    const { username, password } = instance.people.alice
    const consentPage = await browser.send(page, { username, password })
    assert.match(consentPage.html, /value="approve"/)
  })

  test('shows whatever a program calls itself as text, marked as unverified', async () => {
    const instance = await testInstance()
    const client = await registerBrowser(instance, { clientName: '<b>AWS CLI</b>' })
    const program = await startBrowser(instance, client)
    const { page } = await atConsent(instance, 'alice', program.url())
    assert.ok(page.html.includes('&lt;b&gt;AWS CLI&lt;/b&gt;'))
    assert.match(page.html, /unverified/)
  })
})

async function redeemed(instance: TestInstance, headers: Record<string, string>) {
  const program = await startBrowser(instance)
  const exchange = program.exchange(await consent(instance, program.url()))
  const redeem = (with_: Record<string, string>) => ask(instance, '/token', { body: exchange, headers: with_ })
  const { status, body } = await redeem(headers)
  assert.equal(status, 200)
  const tokens = { accessToken: String(body.accessToken), refreshToken: String(body.refreshToken) }
  return { exchange, redeem, tokens }
}

async function atConsent(instance: TestInstance, who: 'alice' | 'bob', url: string) {
  const browser = instance.browser()
  const { username, password } = instance.people[who]
  return { browser, page: await browser.send(await browser.open(url), { username, password }) }
}

function hidden(html: string, name: string): string {
  return new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(html)?.[1] ?? ''
}
