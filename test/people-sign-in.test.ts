/** People at the pages: signing in and out, what their cookies and forms must be, and where nobody can be sent. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createSetupLink } from '../packages/portico/src/core/people/people.ts'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import { browserAt } from './support/elsewhere.ts'
import type { FetchedPage } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import { refused, signInDevice, startDevice } from './support/programs.ts'
import { workOf } from './support/work.ts'

const MINUTE = 60_000

suite('a sign-in', () => {
  test('with a wrong password and one with an unknown name get the same answer', async () => {
    const instance = await testInstance()
    const [wrong, unknown] = [
      await signIn(instance, { username: 'alice', password: 'not the password' }),
      await signIn(instance, { username: 'nobody', password: 'not the password' }),
    ]
    assert.equal(wrong.status, 400)
    assert.equal(unknown.status, 400)
    const same = (page: FetchedPage) => page.html.replace(/value="[^"]*"/g, '')
    assert.equal(same(unknown), same(wrong))
    assert.match(wrong.html, /User name or password is wrong/)
  })

  test('with an unknown name costs the same work, so that the time it takes tells nothing', async () => {
    const instance = await testInstance()
    const least = async (username: string) => {
      const works = []
      for (let i = 0; i < 5; i++) works.push(await workOf(() => signIn(instance, { username, password: 'wrong' })))
      return Math.min(...works)
    }
    const [wrong, unknown] = [await least('alice'), await least('nobody')]
    assert.ok(unknown > wrong / 2, `${unknown} ms and ${wrong} ms`)
  })

  test('takes any spelling of the user name, and blanks around it', async () => {
    const instance = await testInstance()
    for (const username of ['Alice', ' alice ', 'ALICE']) {
      const page = await signIn(instance, { ...instance.people.alice, username })
      assert.equal(page.url, `${instance.origin}/start`)
    }
  })

  test('can be tried ten times in ten minutes for one person, in whatever spelling', async () => {
    const instance = await testInstance()
    for (let i = 0; i < 10; i++) {
      const username = ['alice', 'ALICE', 'Alice'][i % 3] ?? ''
      assert.equal((await signIn(instance, { username, password: 'wrong' })).status, 400)
    }
    assert.equal((await signIn(instance, instance.people.alice)).status, 429)
    assert.equal((await signIn(instance, instance.people.bob)).status, 200)
    instance.clock.now += 10 * MINUTE
    assert.equal((await signIn(instance, instance.people.alice)).status, 200)
  })

  test('with a name that nobody has is counted as if somebody had it', async () => {
    const instance = await testInstance()
    for (let i = 0; i < 10; i++)
      assert.equal((await signIn(instance, { username: 'nobody', password: 'wrong' })).status, 400)
    assert.equal((await signIn(instance, { username: 'NOBODY', password: 'wrong' })).status, 429)
  })

  test('with a name that nobody has is counted in every spelling, as if it were somebody’s', async () => {
    const instance = await testInstance()
    for (const name of ['alice', 'nobod']) {
      const wide = String.fromCharCode(name.charCodeAt(0) + 0xfee0) + name.slice(1)
      for (let i = 0; i < 10; i++) await signIn(instance, { username: name, password: 'wrong' })
      assert.equal((await signIn(instance, { username: wide, password: 'wrong' })).status, 429, name)
    }
  })

  test('from a network that has used up its tries counts for nobody, and locks nobody out', async () => {
    const instance = await testInstance()
    const elsewhere = browserAt(instance)
    const form = await elsewhere.open(`${instance.origin}/sign-in`)
    const guess = (username: string) => elsewhere.send(form, { username, password: 'wrong' })
    for (let i = 0; i < 100; i++) assert.equal((await guess(`name-${i}`)).status, 400)
    for (let i = 0; i < 10; i++) assert.equal((await guess('alice')).status, 429)
    assert.equal((await signIn(instance, instance.people.alice)).status, 200)
  })

  test('that succeeds gives its own try back, and not those before it', async () => {
    const instance = await testInstance()
    for (let i = 0; i < 9; i++) await signIn(instance, { username: 'alice', password: 'wrong' })
    for (let i = 0; i < 3; i++) assert.equal((await signIn(instance, instance.people.alice)).status, 200)
    assert.equal((await signIn(instance, { username: 'alice', password: 'wrong' })).status, 400)
    assert.equal((await signIn(instance, instance.people.alice)).status, 429)
  })

  test('makes a new secret, so a cookie that was planted before is worth nothing after', async () => {
    const instance = await testInstance()
    const planted = 'A'.repeat(43)
    const form = await get(instance, '/sign-in', { 'portico-session-8000': planted, 'portico-visit-8000': planted })
    const answer = await post(instance, '/sign-in', form, {
      username: 'alice',
      password: instance.people.alice.password,
    })
    assert.equal(answer.status, 303)
    const secret = answer.cookies.get('portico-session-8000')
    assert.match(secret ?? '', /^[\w-]{43}$/)
    assert.notEqual(secret, planted)
    const before = await get(instance, '/start', { 'portico-session-8000': planted })
    assert.equal(before.status, 303)
    const after = await get(instance, '/start', { 'portico-session-8000': secret ?? '' })
    assert.equal(after.status, 200)
  })

  test('that is made again replaces the one before', async () => {
    const instance = await testInstance()
    const browser = instance.browser()
    const { username, password } = instance.people.alice
    await browser.send(await browser.open(`${instance.origin}/sign-in`), { username, password })
    await browser.send(await browser.open(`${instance.origin}/sign-in?again=long-ago`), { username, password })
    const lines = await instance.storage.readAudit({ limit: 10 })
    const names = lines.map(({ eventName }) => eventName)
    assert.equal(names.filter((name) => name === 'SignIn').length, 2)
    assert.equal(names.filter((name) => name === 'SignOut').length, 1)
    assert.equal((await browser.open(`${instance.origin}/start`)).status, 200)
  })

  test('with a password that is changed at that very moment does not stand', async () => {
    const store = await openSqlite({ path: ':memory:' })
    let beforeSignIn = async () => {}
    const beginSignIn: typeof store.beginSignIn = async (input) => {
      await beforeSignIn()
      await store.beginSignIn(input)
    }
    const instance = await testInstance({}, { ...store, beginSignIn })
    beforeSignIn = async () => {
      await store.setPassword({
        userName: 'alice',
        passwordHash: 'another',
        endSessions: true,
        revokedUntil: instance.clock.now,
        now: instance.clock.now - 1,
        audit: { at: 0, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} },
      })
    }
    assert.equal((await signIn(instance, instance.people.alice)).status, 400)
  })

  test('ends after the session duration, whether or not the browser forgets its cookie', async () => {
    const instance = await testInstance({ sessionDuration: 15 * MINUTE })
    const { cookies } = await signedIn(instance)
    instance.clock.now += 15 * MINUTE - 1
    assert.equal((await get(instance, '/start', cookies)).status, 200)
    instance.clock.now += 1
    assert.equal((await get(instance, '/start', cookies)).status, 303)
  })

  test('is over after signing out, also for whoever kept the cookie; programs stay signed in', async () => {
    const instance = await testInstance()
    const program = await signInDevice(instance)
    const { cookies } = await signedIn(instance)
    const page = await get(instance, '/start', cookies)
    const answer = await post(instance, '/sign-out', page, {})
    assert.equal(answer.status, 303)
    assert.equal(answer.cookies.get('portico-session-8000'), '')
    assert.equal((await get(instance, '/start', cookies)).status, 303)
    await instance.portal.listAccounts(program)
    const opened = await get(instance, '/sign-out', cookies)
    assert.equal(opened.status, 200)
  })

  test('is not ended by a link', async () => {
    const instance = await testInstance()
    const { cookies } = await signedIn(instance)
    await get(instance, '/sign-out', cookies)
    assert.equal((await get(instance, '/start', cookies)).status, 200)
  })
})

suite('cookies', () => {
  test('on plain http carry the port in their names, and no script sees them', async () => {
    const instance = await testInstance()
    const { setCookies } = await get(instance, '/sign-in')
    assert.deepEqual(setCookies, [
      `portico-visit-8000=${/=([\w-]{43});/.exec(setCookies[0] ?? '')?.[1]}; Path=/; HttpOnly; SameSite=Lax`,
    ])
    const answer = (await signedIn(instance)).setCookies
    assert.match(answer[0] ?? '', /^portico-session-8000=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  test('on https are bound to the host and sent over TLS only', async () => {
    const instance = await testInstance({ origin: 'https://sso.example.com' })
    const { setCookies, headers } = await get(instance, '/sign-in')
    assert.match(setCookies[0] ?? '', /^__Host-portico-visit=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    assert.match(headers.get('strict-transport-security') ?? '', /max-age=\d{7,}/)
    const answer = (await signedIn(instance)).setCookies
    assert.match(
      answer[0] ?? '',
      /^__Host-portico-session=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  test('are forgotten by the server’s word only: storage holds their hash', async () => {
    const instance = await testInstance()
    const { cookies } = await signedIn(instance)
    const secret = cookies['portico-session-8000'] ?? ''
    assert.equal(await instance.storage.findSignIn({ id: secret, now: instance.clock.now }), undefined)
  })
})

suite('a form', () => {
  test('is taken only with the token of its own browser’s page', async () => {
    const instance = await testInstance()
    const { grant, poll } = await startDevice(instance)
    const alice = await signedIn(instance)
    const bob = await signedIn(instance, 'bob')
    const page = await get(instance, '/device?user_code=BCDFGHJK', alice.cookies)
    const bobs = await get(instance, '/start', bob.cookies)
    const before = await get(instance, '/sign-in')
    for (const csrf of [undefined, '', 'x', csrfOf(bobs.html), csrfOf(before.html)]) {
      const fields = { user_code: grant.userCode ?? '', decision: 'approve' }
      const answer = await post(instance, '/device', { ...page, csrf }, fields)
      assert.equal(answer.status, 403, String(csrf))
    }
    await assert.rejects(poll(), refused('authorization_pending'))
    const right = { user_code: grant.userCode ?? '', decision: 'approve' }
    assert.equal((await post(instance, '/device', page, right)).status, 303)
    await poll()
  })

  test('of a page from before the sign-in is not taken after it', async () => {
    const instance = await testInstance()
    const form = await get(instance, '/sign-in')
    const { username, password } = instance.people.alice
    const first = await post(instance, '/sign-in', form, { username, password })
    const cookies = { ...form.cookies, ...Object.fromEntries(first.cookies) }
    assert.equal((await post(instance, '/sign-out', { ...form, cookies }, {})).status, 403)
  })

  test('from another origin is refused, whatever it carries', async () => {
    const instance = await testInstance()
    const form = await get(instance, '/sign-in')
    const { username, password } = instance.people.alice
    for (const origin of [
      'https://evil.example',
      'null',
      'http://127.0.0.1:8001',
      'http://127.0.0.1:8000.evil.example',
    ]) {
      const answer = await post(instance, '/sign-in', form, { username, password }, { origin })
      assert.equal(answer.status, 403, origin)
    }
    assert.equal((await post(instance, '/sign-in', form, { username, password }, { origin: '' })).status, 303)
  })

  test('is a form: JSON, text and a field given twice are refused', async () => {
    const instance = await testInstance()
    const form = await get(instance, '/sign-in')
    const { username, password } = instance.people.alice
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', '']) {
      const answer = await post(instance, '/sign-in', form, { username, password }, { 'content-type': type })
      assert.equal(answer.status, 403, type)
    }
    const twice = await post(instance, '/sign-in', form, { username, password }, {}, '&username=bob')
    assert.equal(twice.status, 403)
  })

  test('is accepted by real browsers, which send no origin from pages that forbid referrers', async () => {
    const instance = await testInstance()
    const { headers } = await get(instance, '/sign-in')
    assert.equal(headers.get('referrer-policy'), 'same-origin')
  })
})

suite('nobody is sent', () => {
  for (const path of [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    'http:evil.example',
    'http://127.0.0.1:8000@evil.example/',
    'http://127.0.0.1:8001/start',
    'evil',
    '',
  ]) {
    test(`to ${JSON.stringify(path)} after signing in`, async () => {
      const instance = await testInstance()
      const query = new URLSearchParams({ return: path })
      const form = await get(instance, `/sign-in?${query}`)
      const { username, password } = instance.people.alice
      for (const back of [path, /name="return"[^>]*value="([^"]*)"/.exec(form.html)?.[1] ?? '']) {
        const { headers } = await post(instance, '/sign-in', form, { username, password, return: back })
        assert.equal(headers.get('location'), '/start')
      }
      const { cookies } = await signedIn(instance)
      assert.equal((await get(instance, `/sign-in?${query}`, cookies)).headers.get('location'), '/start')
    })
  }

  test('but where they wanted to go, on this origin', async () => {
    const instance = await testInstance()
    const browser = instance.browser()
    const wanted = '/start/cli?account_id=111111111111&role_name=ReadOnlyAccess'
    const { username, password } = instance.people.alice
    const page = await browser.send(await browser.open(instance.origin + wanted), { username, password })
    assert.equal(page.url, instance.origin + wanted)
    assert.equal(page.status, 200)
  })
})

suite('the pages', () => {
  test('send whoever came by another name of this machine to the configured one, before there is a form', async () => {
    const instance = await testInstance()
    for (const host of ['localhost:8000', 'LOCALHOST:8000', '[::1]:8000', '127.0.0.1:9000']) {
      const { status, headers, setCookies } = await get(instance, '/device?user_code=X', {}, { host })
      assert.deepEqual([status, headers.get('location')], [302, `${instance.origin}/device?user_code=X`], host)
      assert.deepEqual(setCookies, [])
    }
  })

  test('behind a proxy that calls this machine by a loopback name do not send browsers in circles', async () => {
    const instance = await testInstance({ origin: 'https://sso.example.com' })
    assert.equal((await get(instance, '/sign-in', {}, { host: '127.0.0.1:8000' })).status, 200)
  })

  test('say that there is nothing at an unknown address, to people in HTML and to programs in JSON', async () => {
    const instance = await testInstance()
    const page = await get(instance, '/nothing', {}, { accept: 'text/html' })
    assert.equal(page.status, 404)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
    const answer = await get(instance, '/nothing')
    assert.equal(answer.status, 404)
    assert.equal(answer.headers.get('x-amzn-errortype'), 'UnknownOperationException')
    assert.equal(JSON.parse(answer.html).error, 'invalid_request')
  })

  test('may not be framed, cached or scripted from elsewhere', async () => {
    const instance = await testInstance()
    const { cookies } = await signedIn(instance)
    const role = 'account_id=111111111111&role_name=ReadOnlyAccess'
    for (const path of [
      '/sign-in?again=long-ago',
      '/start',
      '/device',
      `/start/credentials?${role}`,
      '/sign-out',
      '/authorize',
    ]) {
      const { headers } = await get(instance, path, cookies)
      const policy = headers.get('content-security-policy') ?? ''
      for (const directive of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"])
        assert.ok(policy.includes(directive), `${path}: ${policy}`)
      assert.doesNotMatch(policy, /unsafe/)
      assert.equal(headers.get('cache-control'), 'no-store', path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.equal(headers.get('access-control-allow-origin'), null, path)
    }
  })

  test('give a role’s credentials to whoever has the role, and tell others nothing about it', async () => {
    const instance = await testInstance()
    const { cookies } = await signedIn(instance, 'bob')
    const credentials = (accountId: string, roleName: string) =>
      get(instance, `/start/credentials?account_id=${accountId}&role_name=${roleName}`, cookies)
    assert.match((await credentials('111111111111', 'ReadOnlyAccess')).html, /ASIA/)
    const [unassigned, unknown] = [
      await credentials('111111111111', 'AdministratorAccess'),
      await credentials('999999999999', 'AdministratorAccess'),
    ]
    assert.deepEqual([unassigned.status, unknown.status], [403, 403])
    assert.doesNotMatch(unassigned.html, /ASIA|Production/)
    assert.equal(stable(unassigned.html), stable(unknown.html))
  })

  test('answer 500 with a reference and nothing else when something breaks', async () => {
    const store = await openSqlite({ path: ':memory:' })
    const broken = { findSignIn: false, readEntitlements: false }
    const instance = await testInstance(
      {},
      {
        ...store,
        findSignIn: async (input) => {
          if (broken.findSignIn) throw new Error('SELECT secret FROM disk')
          return store.findSignIn(input)
        },
      },
    )
    const { cookies } = await signedIn(instance)
    broken.findSignIn = true
    const { status, html, headers } = await get(instance, '/start', cookies)
    assert.equal(status, 500)
    assert.doesNotMatch(html, /SELECT/)
    assert.ok(headers.get('x-amzn-requestid'))
    assert.ok(instance.log.some(({ level }) => level === 'error'))
  })
})

suite('a set-up link', () => {
  const form = {
    username: 'root',
    display_name: 'Root',
    email: '',
    password: 'a long enough pass phrase',
    password_again: 'a long enough pass phrase',
  }

  test('makes one administrator, who is then signed in', async () => {
    const instance = await testInstance()
    const link = await createSetupLink(instance.deps, 'portico user', instance.clock.now)
    const browser = instance.browser()
    const page = await browser.open(link)
    const done = await browser.send(page, form)
    assert.equal(done.url, `${instance.origin}/start`)
    assert.equal((await instance.storage.findUserByName({ userName: 'root' }))?.administrator, true)
    assert.equal((await instance.browser().open(link)).status, 410)
    const again = await instance
      .browser()
      .send(page, form)
      .catch(() => undefined)
    assert.notEqual(again?.status, 200)
  })

  test('works for one of two who use it at once', async () => {
    const instance = await testInstance()
    const link = await createSetupLink(instance.deps, 'portico user', instance.clock.now)
    const [one, two] = [instance.browser(), instance.browser()]
    const pages = [await one.open(link), await two.open(link)] as const
    const done = await Promise.all([one.send(pages[0], form), two.send(pages[1], { ...form, username: 'other' })])
    assert.deepEqual(done.map(({ status }) => status).sort(), [200, 410])
  })

  test('lives a day, and a newer one ends it', async () => {
    const instance = await testInstance()
    const first = await createSetupLink(instance.deps, 'portico user', instance.clock.now)
    const second = await createSetupLink(instance.deps, 'portico user', instance.clock.now)
    assert.equal((await instance.browser().open(first)).status, 410)
    instance.clock.now += 86_400_000 - 1
    assert.equal((await instance.browser().open(second)).status, 200)
    instance.clock.now += 1
    assert.equal((await instance.browser().open(second)).status, 410)
  })

  test('is not used up by a form that was not filled in well', async () => {
    const instance = await testInstance()
    const link = await createSetupLink(instance.deps, 'portico user', instance.clock.now)
    const browser = instance.browser()
    for (const wrong of [
      { username: '' },
      { username: 'a b' },
      { username: 'ALICE' },
      { email: 'nobody' },
      { password: 'short', password_again: 'short' },
      { password_again: 'something else entirely' },
    ]) {
      const page = await browser.send(await browser.open(link), { ...form, ...wrong })
      assert.equal(page.status, 400, JSON.stringify(wrong))
      assert.doesNotMatch(page.html, /a long enough pass phrase/)
    }
    assert.equal((await browser.send(await browser.open(link), form)).url, `${instance.origin}/start`)
  })
})

type Got = {
  status: number
  html: string
  headers: Headers
  setCookies: string[]
  cookies: Record<string, string>
  csrf?: string | undefined
}

async function get(
  instance: TestInstance,
  path: string,
  cookies: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Got> {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const response = await instance.fetch(new Request(instance.origin + path, { headers: { cookie, ...headers } }))
  const html = await response.text()
  const setCookies = response.headers.getSetCookie()
  const kept = { ...cookies, ...Object.fromEntries(cookiePairs(setCookies)) }
  return { status: response.status, html, headers: response.headers, setCookies, cookies: kept, csrf: csrfOf(html) }
}

/** Sends a form with the cookies and the token of a page. An empty header is left out. */
async function post(
  instance: TestInstance,
  path: string,
  page: Pick<Got, 'cookies' | 'csrf'>,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  more = '',
) {
  const all = page.csrf === undefined ? fields : { ...fields, csrf: page.csrf }
  const cookie = Object.entries(page.cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const type = 'application/x-www-form-urlencoded'
  const sent = { cookie, origin: instance.origin, 'content-type': type, ...headers }
  const response = await instance.fetch(
    new Request(instance.origin + path, {
      method: 'POST',
      body: new TextEncoder().encode(new URLSearchParams(all) + more),
      headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== '')),
    }),
  )
  const setCookies = response.headers.getSetCookie()
  return { status: response.status, headers: response.headers, setCookies, cookies: new Map(cookiePairs(setCookies)) }
}

function cookiePairs(setCookies: readonly string[]): [string, string][] {
  return setCookies.map((text) => {
    const [pair = ''] = text.split(';')
    const at = pair.indexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1)]
  })
}

function csrfOf(html: string): string | undefined {
  return /name="csrf"[^>]*value="([^"]*)"/.exec(html)?.[1]
}

async function signIn(instance: TestInstance, { username, password }: { username: string; password: string }) {
  const browser = instance.browser()
  return browser.send(await browser.open(`${instance.origin}/sign-in`), { username, password })
}

async function signedIn(instance: TestInstance, who: 'alice' | 'bob' = 'alice') {
  const form = await get(instance, '/sign-in')
  const { username, password } = instance.people[who]
  const answer = await post(instance, '/sign-in', form, { username, password })
  assert.equal(answer.status, 303)
  return { setCookies: answer.setCookies, cookies: { ...form.cookies, ...Object.fromEntries(answer.cookies) } }
}

/** A page without what differs from one request to the next. */
function stable(html: string): string {
  return html.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '').replace(/value="[^"]*"/g, '')
}
