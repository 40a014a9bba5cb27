/** What may reach the listener beside the browser that it waits for. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, test } from 'node:test'
import { type Loopback, listenForCallback } from 'ssooidc/sign-in'

const state = 'the-state-of-this-sign-in'

async function listening(work: (loopback: Loopback, port: number) => Promise<void>): Promise<void> {
  const loopback = await listenForCallback({ state })
  await work(loopback, Number(new URL(loopback.redirectUri).port)).finally(() =>
    loopback.close({ ok: false, message: 'The test is over.' }),
  )
}

/** The status of an answer; fetch would not let us choose the host. */
function ask(port: number, path: string, { method = 'GET', host = `127.0.0.1:${port}` } = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, method, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

const stray: [what: string, path: string, status: number, options?: { method?: string; host?: string }][] = [
  ['another path', `/?code=c&state=${state}`, 404],
  ['what browsers ask for by themselves', '/favicon.ico', 404],
  ['a host that somebody made point here', `/oauth/callback?code=c&state=${state}`, 404, { host: 'evil.example' }],
  ['another method', `/oauth/callback?code=c&state=${state}`, 405, { method: 'POST' }],
  ['no state', '/oauth/callback?code=c', 400],
  ['another state', '/oauth/callback?code=c&state=guess', 400],
  ['an error without state', '/oauth/callback?error=access_denied&error_description=x', 400],
  ['two states', `/oauth/callback?code=c&state=guess&state=${state}`, 400],
  ['a state and nothing else', `/oauth/callback?state=${state}`, 400],
]

describe('the listener', () => {
  for (const [what, path, status, options] of stray) {
    test(`is not taken in by ${what}, and goes on waiting`, () =>
      listening(async (loopback, port) => {
        assert.equal(await ask(port, path, options), status)
        const answer = ask(port, `/oauth/callback?code=right&state=${state}`)
        assert.deepEqual(await loopback.callback, { outcome: 'code', code: 'right' })
        await loopback.close({ ok: true, message: '' })
        assert.equal(await answer, 200)
      }))
  }

  test('believes the first callback only', () =>
    listening(async (loopback, port) => {
      const first = ask(port, `/oauth/callback?code=first&state=${state}`)
      assert.deepEqual(await loopback.callback, { outcome: 'code', code: 'first' })
      assert.equal(await ask(port, `/oauth/callback?error=access_denied&state=${state}`), 400)
      await loopback.close({ ok: true, message: '' })
      assert.equal(await first, 200)
    }))

  test('shows what a server says as text', async () => {
    const loopback = await listenForCallback({ state })
    const error = encodeURIComponent('<script>alert(1)</script>')
    const page = fetch(`${loopback.redirectUri}?error=access_denied&error_description=${error}&state=${state}`)
    const callback = await loopback.callback
    assert.ok(callback.outcome === 'refused')
    await loopback.close({ ok: false, message: callback.description ?? '' })
    const answer = await page
    assert.match(await answer.text(), /&lt;script&gt;alert/)
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  })

  test('is on this machine only, on the address that the browser is sent to', () =>
    listening(async ({ redirectUri }) => {
      assert.match(redirectUri, /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/)
    }))

  test('ends with the reason of its signal', async () => {
    const stop = new AbortController()
    const loopback = await listenForCallback({ state, signal: stop.signal })
    const reason = new Error('Ctrl-C')
    stop.abort(reason)
    await assert.rejects(loopback.callback, reason)
    await assert.rejects(fetch(loopback.redirectUri))
  })
})
