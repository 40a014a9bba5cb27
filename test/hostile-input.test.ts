/**
 * Properties of the whole edge: whatever comes in a cookie, a form, a header, a token or a paging token, the answer is a
 * refusal in the service's form and never a failure of ours; and nothing that was altered is taken for what it was.
 */
import assert from 'node:assert/strict'
import { before, suite, test } from 'node:test'
import fc from 'fast-check'
import cookies from './corpora/cookies.json' with { type: 'json' }
import forms from './corpora/forms.json' with { type: 'json' }
import { type TestInstance, testInstance } from './support/instance.ts'
import { signInDevice } from './support/programs.ts'

let instance: TestInstance
let accessToken: string
before(async () => {
  instance = await testInstance()
  accessToken = (await signInDevice(instance)).accessToken
})

const headerValue = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
const RUNS = { numRuns: 150 }

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await instance.fetch(new Request(instance.origin + path, { redirect: 'manual', ...init }))
  assert.ok(response.status < 500, `${path} was answered ${response.status}: ${await response.clone().text()}`)
  return response
}

/** One character of a text exchanged for another. */
const altered = (text: string) =>
  fc
    .tuple(fc.nat(text.length - 1), fc.constantFrom(...'ABCDwxyz0189-_'))
    .map(([at, put]) => text.slice(0, at) + put + text.slice(at + 1))
    .filter((other) => other !== text)

suite('whatever comes', () => {
  test('in a cookie, a page answers', async () => {
    const named = fc.tuple(fc.constantFrom('portico_session_8000', 'portico_visit_8000', 'a'), headerValue)
    const header = fc.oneof(
      headerValue,
      named.map(([name, value]) => `${name}=${value}`),
      fc.constantFrom(...cookies),
    )
    await fc.assert(
      fc.asyncProperty(header, fc.constantFrom('/start', '/device', '/sign-in', '/account'), async (cookie, path) => {
        const { status } = await ask(path, { headers: { cookie } })
        assert.ok([200, 302, 303].includes(status), `${status}`)
      }),
      RUNS,
    )
  })

  test('in a form, the standard endpoints answer in OAuth’s form', async () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(...forms).map((form) => new TextEncoder().encode(form)),
      fc
        .dictionary(fc.constantFrom('grant_type', 'client_id', 'code', 'token', 'scope'), fc.string())
        .map((all) => new TextEncoder().encode(new URLSearchParams(all).toString())),
    )
    const paths = ['/oauth2/token', '/oauth2/device_authorization', '/oauth2/revoke', '/oauth2/introspect']
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...paths), async (bytes, path) => {
        const response = await ask(path, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> })
        const { error, error_description } = await response.json()
        assert.match(error, /^invalid_(?:request|client)$|^unsupported_grant_type$/)
        assert.match(error_description, /^[\x20-\x7e]+$/)
      }),
      RUNS,
    )
  })

  test('in `Authorization`, a client is refused, or it is the one that wrote it', async () => {
    const basic = fc
      .tuple(fc.string(), fc.string())
      .map((pair) => `Basic ${btoa(pair.map(encodeURIComponent).join(':'))}`)
    await fc.assert(
      fc.asyncProperty(fc.oneof(headerValue, basic), async (authorization) => {
        const response = await ask('/oauth2/token', {
          method: 'POST',
          body: 'grant_type=refresh_token&refresh_token=a',
          headers: { authorization },
        })
        assert.ok([400, 401].includes(response.status))
      }),
      RUNS,
    )
  })

  test('in JSON, the AWS wire answers in AWS’s form', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.json(), fc.string()),
        fc.constantFrom('/token', '/client/register'),
        async (body, path) => {
          const response = await ask(path, { method: 'POST', body })
          assert.match(
            response.headers.get('x-amzn-errortype') ?? '',
            /^Invalid\w+Exception$|^UnsupportedGrantTypeException$/,
          )
        },
      ),
      RUNS,
    )
  })
})

suite('what was altered by one character', () => {
  const listAccounts = (token: string, query = '') =>
    ask(`/assignment/accounts${query}`, { headers: { 'x-amz-sso_bearer_token': token } })

  test('is no access token', async () => {
    assert.equal((await listAccounts(accessToken)).status, 200)
    await fc.assert(
      fc.asyncProperty(altered(accessToken), async (token) => {
        assert.equal((await listAccounts(token)).status, 401)
      }),
      RUNS,
    )
  })

  test('is no paging token, and neither is anything else', async () => {
    const { nextToken } = await (await listAccounts(accessToken, '?max_result=1')).json()
    assert.equal((await listAccounts(accessToken, `?next_token=${nextToken}`)).status, 200)
    await fc.assert(
      fc.asyncProperty(fc.oneof(altered(nextToken), fc.string({ minLength: 1 })), async (token) => {
        const response = await listAccounts(accessToken, `?next_token=${encodeURIComponent(token)}`)
        assert.equal(response.headers.get('x-amzn-errortype'), 'InvalidRequestException')
      }),
      RUNS,
    )
  })
})
