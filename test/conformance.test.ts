/** The conformance kit against our own server, which keeps everything, and against servers that break one thing each. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { promisify } from 'node:util'
import { type Result, runCheck } from '../packages/portico/src/cli/conformance/check.ts'
import { suites } from '../packages/portico/src/cli/conformance/suites.ts'
import { openTarget, type Person } from '../packages/portico/src/cli/conformance/target.ts'
import type { Bindings } from '../packages/portico/src/server/environment.ts'
import { type Application, listen } from '../packages/portico/src/server/node.ts'
import { formBrowser } from './support/form-browser.ts'
import { testInstance } from './support/instance.ts'
import { startPortico } from './support/portico.ts'

const checks = Object.values(suites).flat()

/** Our own server on a socket, its answers changed by `spoil`. Its clock is the machine's: the kit waits as clients do. */
async function startServer(spoil: (app: Application) => Application = (app) => app) {
  let app: Application | undefined
  const listening = await listen(
    { fetch: (request, bindings) => app?.fetch(request, bindings) ?? new Response() },
    { host: '127.0.0.1', port: 0 },
  )
  const instance = await testInstance({ origin: listening.url })
  Object.defineProperty(instance.clock, 'now', { get: () => Date.now() })
  app = spoil(instance.app)
  const person: Person = async (decision, url) => {
    await formBrowser().decide(url, instance.people.alice, decision)
  }
  const target = openTarget({ url: listening.url, startUrl: `${listening.url}/start`, person, client: undefined })
  return { target, [Symbol.asyncDispose]: () => listening.close(0) }
}

test('our own server keeps everything that the kit looks for', async () => {
  await using server = await startServer()
  const results: Result[] = []
  for (const check of checks) results.push(await runCheck(check, server.target))
  assert.deepEqual(
    results.filter(({ outcome }) => outcome !== 'passed'),
    [],
  )
})

test('every check has a name of its own, and says where its demand is written', () => {
  assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length)
  assert.deepEqual(
    checks.filter(({ see }) => !see.startsWith('https://')).map(({ id }) => id),
    [],
  )
})

/** A server that changes answers. */
const answers =
  (change: (response: Response, path: string) => Response | Promise<Response>) =>
  (app: Application): Application => ({
    fetch: async (request, bindings) => change(await app.fetch(request, bindings), new URL(request.url).pathname),
  })

/** A server that changes members of its JSON. */
const members = (path: string, change: (json: Record<string, unknown>) => Record<string, unknown>) =>
  answers(async (response, at) => {
    if (at !== path) return response
    const { status, headers } = response
    return new Response(JSON.stringify(change((await response.json()) as Record<string, unknown>)), { status, headers })
  })

const header = (name: string, change: (value: string) => string) =>
  answers((response) => {
    const value = response.headers.get(name)
    if (value !== null) response.headers.set(name, change(value))
    return response
  })

/** A proxy that drops names with an underscore, as nginx does unless told otherwise. */
const withoutUnderscores = (app: Application): Application => ({
  fetch: (request, bindings: Bindings = {}) => {
    const { raw } = bindings
    const headers = raw?.headers.filter(([name]) => !name.includes('_')) ?? []
    return app.fetch(request, raw ? { ...bindings, raw: { ...raw, headers } } : bindings)
  },
})

suite('a server that breaks one thing is found out', () => {
  for (const [what, id, spoil] of [
    [
      'says its error types with a namespace',
      'aws/pending',
      header('x-amzn-errortype', (type) => `com.example#${type}`),
    ],
    [
      'says what is pending with status 200',
      'aws/pending',
      answers(({ body, headers }) => new Response(body, { headers })),
    ],
    [
      'says its errors in HTML',
      'aws/malformed-json',
      answers((response) => (response.ok ? response : new Response('<h1>Bad request</h1>', response))),
    ],
    [
      'writes seconds as text',
      'aws/start-device-authorization',
      members('/device_authorization', (json) => ({ ...json, expiresIn: '600' })),
    ],
    [
      'counts registrations in milliseconds',
      'aws/register-client',
      members('/client/register', (json) => ({
        ...json,
        clientSecretExpiresAt: Number(json.clientSecretExpiresAt) * 1000,
      })),
    ],
    [
      'counts the life of credentials in seconds',
      'aws/role-credentials',
      members('/federation/credentials', ({ roleCredentials }) => {
        const credentials = roleCredentials as { expiration: number }
        return { roleCredentials: { ...credentials, expiration: Math.floor(credentials.expiration / 1000) } }
      }),
    ],
    ['gives no refresh token', 'aws/refresh', members('/token', ({ refreshToken: _, ...json }) => json)],
    ['stands behind a proxy that drops headers with an underscore', 'aws/accounts', withoutUnderscores],
    [
      'does not know the gate of newer CLIs',
      'aws/start-url-gate',
      answers((response, path) => (path === '/start' ? new Response('') : response)),
    ],
    [
      'gives every device the same code',
      'rfc8628/codes-differ',
      members('/oauth2/device_authorization', (json) => ({ ...json, user_code: 'AAAA-AAAA' })),
    ],
    [
      'calls itself by another name',
      'rfc8414/issuer',
      members('/.well-known/openid-configuration', (json) => ({ ...json, issuer: 'https://elsewhere.example' })),
    ],
    ['lets tokens be kept in caches', 'rfc8628/tokens', header('cache-control', () => 'public')],
  ] as const)
    test(`one that ${what}: ${id}`, async () => {
      await using server = await startServer(spoil)
      const check = checks.find((each) => each.id === id)
      assert.ok(check)
      const { outcome, detail } = await runCheck(check, server.target)
      assert.equal(outcome, 'failed', detail ?? what)
    })

  test('one that does not answer fails every check that it is asked about, and ends nothing', async () => {
    const target = openTarget({ url: 'http://127.0.0.1:9', startUrl: '', person: undefined, client: undefined })
    const [check] = suites.aws ?? []
    assert.ok(check)
    const { outcome, detail } = await runCheck(check, target)
    assert.deepEqual([outcome, /no answer/.test(detail ?? '')], ['failed', true])
  })
})

test('`portico conformance URL --json` prints what came of each check, and says by its exit code whether all held', async () => {
  await using portico = await startPortico()
  const main = join(import.meta.dirname, '..', 'packages', 'portico', 'src', 'cli', 'main.ts')
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [main, 'conformance', portico.url, '--json'])
  const said = JSON.parse(stdout) as { failed: number; skipped: number; results: Result[] }
  assert.equal(said.failed, 0)
  assert.equal(said.results.length, checks.length)
  assert.equal(said.skipped, checks.filter(({ needsPerson }) => needsPerson).length)
  await assert.rejects(run(process.execPath, [main, 'conformance', `${portico.url}/nowhere`, '--suite', 'aws']), {
    code: 4,
  })
  await assert.rejects(run(process.execPath, [main, 'conformance', 'ftp://a']), { code: 2 })
})
