/** Passkeys, and what becomes of keys that lie. Honest ones sign people in in a real browser: see `browser/`. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createAuthenticator, type Lies } from './support/authenticator.ts'
import { passkeyOptionsOn, typePassword, userOf } from './support/factors.ts'
import type { FetchedPage, FormBrowser } from './support/form-browser.ts'
import { type TestInstance, testInstance } from './support/instance.ts'

const ORIGIN = 'https://sso.example.com'
const MINUTE = 60_000

suite('a passkey', () => {
  test('is made on the account page, and is the whole sign-in from then on', async () => {
    const { instance, key } = await withPasskey()
    instance.clock.now += 1
    const browser = instance.browser()
    const page = await browser.open(`${ORIGIN}/sign-in`)
    const done = await present(browser, page, key.get(passkeyOptionsOn(page)))
    assert.equal(done.url, `${ORIGIN}/start`)
    const { id } = await userOf(instance, instance.people.alice)
    const [signIn] = await instance.storage.listSignIns({ userId: id, now: instance.clock.now })
    assert.deepEqual(signIn?.amr, ['passkey'])
  })

  test('is asked for after a password, and need not be unlocked there', async () => {
    const { instance, key } = await withPasskey()
    const { browser, page } = await typePassword(instance, instance.people.alice)
    assert.equal(page.url, `${ORIGIN}/sign-in/second-factor`)
    const answer = key.get(passkeyOptionsOn(page), { userVerified: false })
    assert.equal((await present(browser, page, answer)).url, `${ORIGIN}/start`)
  })

  test('that was not unlocked is not a whole sign-in', async () => {
    await refusedAlone({ userVerified: false })
  })

  test('that nobody touched is refused', async () => {
    await refusedAlone({ userPresent: false })
  })

  test('that signed for another origin is refused, as from a page that looks like ours', async () => {
    for (const origin of [
      'https://sso.example.com.evil.example',
      'https://sso.example.com:8443',
      'http://sso.example.com',
    ])
      await refusedAlone({ origin })
  })

  test('of another relying party is refused', async () => {
    await refusedAlone({ rpId: 'example.com' })
  })

  test('that signed another challenge is refused', async () => {
    await refusedAlone({ challenge: Buffer.from('a challenge of somebody else').toString('base64url') })
  })

  test('whose answer to another kind of question is sent is refused', async () => {
    await refusedAlone({ type: 'webauthn.create' })
  })

  test('that claims to be another person’s is refused', async () => {
    await refusedAlone({ userHandle: Buffer.from('somebody else').toString('base64url') })
    await refusedAlone({ userHandle: '' })
  })

  test('that nobody registered is refused', async () => {
    const { instance } = await withPasskey()
    const stranger = createAuthenticator(ORIGIN)
    const browser = instance.browser()
    const page = await browser.open(`${ORIGIN}/sign-in`)
    assert.equal((await present(browser, page, stranger.get(passkeyOptionsOn(page)))).status, 400)
  })

  test('cannot sign under the id of another', async () => {
    const { instance, key } = await withPasskey()
    const thief = createAuthenticator(ORIGIN)
    const browser = instance.browser()
    const page = await browser.open(`${ORIGIN}/sign-in`)
    const { id } = await userOf(instance, instance.people.alice)
    const answer = thief.get(passkeyOptionsOn(page), {
      id: key.id,
      userHandle: Buffer.from(id).toString('base64url'),
    })
    assert.equal((await present(browser, page, answer)).status, 400)
  })

  test('whose answer is sent a second time is refused, on every node', async () => {
    const { instance, key } = await withPasskey()
    const browser = instance.browser()
    const page = await browser.open(`${ORIGIN}/sign-in`)
    const answer = key.get(passkeyOptionsOn(page))
    assert.equal((await present(browser, page, answer)).url, `${ORIGIN}/start`)
    const node = await instance.node()
    const replay = node.browser()
    const [name, visit] = [...browser.cookies].find(([cookie]) => cookie.includes('visit')) ?? ['', '']
    replay.cookies.set(name, visit)
    assert.equal((await present(replay, page, answer)).status, 400)
  })

  test('whose answer is sent by another browser is refused', async () => {
    const { instance, key } = await withPasskey()
    const page = await instance.browser().open(`${ORIGIN}/sign-in`)
    const thief = instance.browser()
    const own = await thief.open(`${ORIGIN}/sign-in`)
    const answer = key.get(passkeyOptionsOn(page))
    assert.equal((await present(thief, own, answer, ceremonyOn(page))).status, 400)
  })

  test('has five minutes to answer', async () => {
    const { instance, key } = await withPasskey()
    for (const [wait, status] of [
      [5 * MINUTE - 1, 200],
      [5 * MINUTE, 400],
    ] as const) {
      const browser = instance.browser()
      const page = await browser.open(`${ORIGIN}/sign-in`)
      instance.clock.now += wait
      assert.equal((await present(browser, page, key.get(passkeyOptionsOn(page)))).status, status, String(wait))
    }
  })

  test('whose counter went back is refused, and that is written down: there may be a copy of it', async () => {
    const { instance, key } = await withPasskey()
    const signIn = async (counter: number) => {
      const browser = instance.browser()
      const page = await browser.open(`${ORIGIN}/sign-in`)
      return (await present(browser, page, key.get(passkeyOptionsOn(page), { counter }))).status
    }
    assert.deepEqual(
      [await signIn(7), await signIn(8), await signIn(8), await signIn(3), await signIn(0)],
      [200, 200, 400, 400, 400],
    )
    const lines = await instance.storage.readAudit({ limit: 20 })
    const noticed = lines.filter(({ eventName }) => eventName === 'PasskeyCounterWentBack')
    assert.deepEqual(
      noticed.map(({ detail }) => detail.counter),
      [0, 3, 8],
    )
    assert.equal(await signIn(9), 200)
  })

  test('is refused once its person has removed it', async () => {
    const { instance, key, browser: owner } = await withPasskey()
    const account = await owner.open(`${ORIGIN}/account`)
    const removed = await owner.send(account, { do: 'remove' })
    assert.match(removed.url, /said=removed/)
    const browser = instance.browser()
    const again = await browser.open(`${ORIGIN}/sign-in`)
    assert.equal((await present(browser, again, key.get(passkeyOptionsOn(again)))).status, 400)
  })

  test('of one person is no second factor of another', async () => {
    const { instance, key } = await withPasskey()
    const bobs = createAuthenticator(ORIGIN)
    await addPasskey(instance, instance.people.bob, bobs)
    const { browser, page } = await typePassword(instance, instance.people.bob)
    assert.equal((await present(browser, page, key.get(passkeyOptionsOn(page)))).status, 400)
    const right = bobs.get(passkeyOptionsOn(page))
    assert.equal((await present(browser, page, right)).status, 400, 'the challenge was used up')
    const fresh = await browser.open(`${ORIGIN}/sign-in/second-factor`)
    assert.equal((await present(browser, fresh, bobs.get(passkeyOptionsOn(fresh)))).url, `${ORIGIN}/start`)
  })

  test('is not made from an answer that lies', async () => {
    const lies: readonly Lies[] = [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { challenge: Buffer.from('x').toString('base64url') },
      { type: 'webauthn.get' },
      { userPresent: false },
    ]
    for (const lie of lies) {
      const { page, instance } = await addPasskey(await testInstance({ origin: ORIGIN }), undefined, undefined, lie)
      assert.match(page.url, /said=passkey-not-made/, JSON.stringify(lie))
      const { id } = await userOf(instance, instance.people.alice)
      assert.deepEqual((await instance.storage.readFactors({ userId: id })).passkeys, [])
    }
  })

  test('is not taken for what is no JSON of a credential', async () => {
    const { instance } = await withPasskey()
    for (const credential of [
      '{',
      '[]',
      'null',
      '"x"',
      '{"id":"x"}',
      '{"id":1,"rawId":1,"type":"public-key","response":{}}',
    ]) {
      const browser = instance.browser()
      const page = await browser.open(`${ORIGIN}/sign-in`)
      assert.equal((await present(browser, page, credential)).status, 400, credential)
    }
  })

  test('has a name that its person gives and changes, made harmless', async () => {
    const { browser } = await withPasskey()
    const account = await browser.open(`${ORIGIN}/account`)
    assert.match(account.html, /Blue key/)
    const renamed = await browser.send(account, { rename: 'Red‮ <b>key</b>', do: 'rename' })
    assert.match(renamed.html, /Red &lt;b&gt;key&lt;\/b&gt;/)
  })

  test('that is the last factor stays where one is required', async () => {
    const { instance, browser } = await withPasskey()
    instance.deps.settings.requireSecondFactor = true
    const kept = await browser.send(await browser.open(`${ORIGIN}/account`), { do: 'remove' })
    assert.match(kept.url, /said=last-factor/)
    assert.match(kept.html, /Set another one up first/)
  })

  test('is not offered where it cannot work: under an address, or without TLS', async () => {
    for (const [origin, offered] of [
      ['http://127.0.0.1:8000', false],
      ['http://localhost:8000', true],
      ['https://192.0.2.7', false],
      ['https://[2001:db8::7]', false],
      ['https://sso.example.com', true],
    ] as const) {
      const instance = await testInstance({ origin })
      const page = await instance.browser().open(`${origin}/sign-in`)
      assert.equal(page.html.includes('data-passkey'), offered, origin)
    }
  })

  test('may be one of twenty, and no more', async () => {
    const { instance, browser } = await withPasskey()
    for (let i = 1; i < 20; i++) {
      const page = await browser.open(`${ORIGIN}/account`)
      const key = createAuthenticator(ORIGIN)
      await present(browser, page, key.create(passkeyOptionsOn(page)), undefined, { name: `Key ${i}` })
    }
    const { id } = await userOf(instance, instance.people.alice)
    assert.equal((await instance.storage.readFactors({ userId: id })).passkeys.length, 20)
    assert.equal(passkeyOptionsOn(await browser.open(`${ORIGIN}/account`)), '')
  })
})

/** An instance in which alice has a passkey, and the browser in which she made it. */
async function withPasskey() {
  const key = createAuthenticator(ORIGIN)
  const added = await addPasskey(await testInstance({ origin: ORIGIN }), undefined, key)
  assert.match(added.page.url, /\/account\/recovery-codes/)
  assert.match(added.page.html, /The passkey was added\./)
  return { ...added, key }
}

async function addPasskey(
  instance: TestInstance,
  person = instance.people.alice,
  key = createAuthenticator(ORIGIN),
  lies: Lies = {},
) {
  const { browser } = await typePassword(instance, person)
  const account = await browser.open(`${ORIGIN}/account`)
  const answer = key.create(passkeyOptionsOn(account), lies)
  return { instance, browser, page: await present(browser, account, answer, undefined, { name: 'Blue key' }) }
}

async function refusedAlone(lies: Lies): Promise<void> {
  const { instance, key } = await withPasskey()
  const browser = instance.browser()
  const page = await browser.open(`${ORIGIN}/sign-in`)
  const answer = await present(browser, page, key.get(passkeyOptionsOn(page), lies))
  assert.equal(answer.status, 400, JSON.stringify(lies))
  assert.match((await browser.open(`${ORIGIN}/start`)).url, /\/sign-in\?/)
}

function ceremonyOn(page: FetchedPage): string {
  return /name="ceremony" value="([^"]*)"/.exec(page.html)?.[1] ?? ''
}

/** Sends the page's passkey form, as the script would. */
function present(
  browser: FormBrowser,
  page: FetchedPage,
  credential: string,
  ceremony = ceremonyOn(page),
  fields: Readonly<Record<string, string>> = {},
): Promise<FetchedPage> {
  return browser.send(page, { ceremony, credential, ...fields })
}
