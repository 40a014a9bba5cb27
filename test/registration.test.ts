/** RegisterClient and StartDeviceAuthorization, which ask nobody who they are: what they accept, and how much. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { RegisterClientInput } from 'ssooidc/protocol/sso-oidc'
import type { Application } from '../packages/portico/src/server/node.ts'
import { openSqlite } from '../packages/portico/src/storage/sqlite/sqlite.ts'
import type { Storage } from '../packages/portico/src/storage/storage.ts'
import { testInstance } from './support/instance.ts'
import { ACCOUNT_ACCESS, ask, refused, registerDevice, startDevice } from './support/programs.ts'

const DAY = 86_400_000
const unlimited = { registrationsPerSecond: 0, deviceGrantsPerSecond: 0, pendingDeviceGrants: 0, mintsPerSecond: 0 }
const cli: RegisterClientInput = { clientName: 'cli', clientType: 'public', scopes: [ACCOUNT_ACCESS] }
const callback = 'http://127.0.0.1/oauth/callback'

suite('a registration', () => {
  test('lives ninety days, which it says in seconds', async () => {
    const instance = await testInstance()
    const { clientIdIssuedAt, clientSecretExpiresAt, ...client } = await instance.oidc.registerClient(cli)
    assert.equal(clientIdIssuedAt, instance.clock.now / 1000)
    assert.equal((clientSecretExpiresAt ?? 0) - (clientIdIssuedAt ?? 0), 90 * 86_400)
    const credentials = { clientId: client.clientId ?? '', clientSecret: client.clientSecret ?? '' }
    instance.clock.now += 90 * DAY - 1
    await startDevice(instance, credentials)
    instance.clock.now += 1
    await assert.rejects(startDevice(instance, credentials), refused('invalid_client'))
  })

  test('writes nothing: storage is not even asked', async () => {
    const store = await openSqlite({ path: ':memory:' })
    const asked: string[] = []
    const watched = Object.fromEntries(
      Object.entries(store).map(([name, call]) => [
        name,
        (...args: unknown[]) => {
          asked.push(name)
          return (call as (...args: unknown[]) => unknown)(...args) // each is one of storage's own functions
        },
      ]),
    ) as Storage // the same functions under the same names
    const instance = await testInstance({}, watched)
    asked.length = 0
    await instance.oidc.registerClient(cli)
    assert.deepEqual(asked, [])
  })

  for (const [what, members, type] of [
    ['of a confidential client', { clientType: 'confidential' }, 'InvalidClientMetadataException'],
    ['without a name', { clientName: '' }, 'InvalidClientMetadataException'],
    ['with a name that cannot be seen', { clientName: '\u202e\u200b ' }, 'InvalidClientMetadataException'],
    ['with a name of 65 characters', { clientName: 'x'.repeat(65) }, 'InvalidClientMetadataException'],
    [
      'for an application that is not here',
      { entitledApplicationArn: 'arn:aws:sso::1:application/x' },
      'InvalidClientMetadataException',
    ],
    ['with 21 scopes', { scopes: Array.from({ length: 21 }, (_, i) => `a:${i}`) }, 'InvalidScopeException'],
    ['with a scope that is none', { scopes: ['sso:account:access extra'] }, 'InvalidScopeException'],
    [
      'with 6 redirect URIs',
      { redirectUris: Array.from({ length: 6 }, (_, i) => `${callback}/${i}`) },
      'InvalidRedirectUriException',
    ],
    [
      'with a redirect URI in the clear',
      { redirectUris: ['http://example.com/callback'] },
      'InvalidRedirectUriException',
    ],
    [
      'with a redirect URI that runs a script',
      { redirectUris: ['javascript:alert(1)'] },
      'InvalidRedirectUriException',
    ],
    [
      'for the code grant without a redirect URI',
      { grantTypes: ['authorization_code'] },
      'InvalidRedirectUriException',
    ],
    ['for a grant that does not exist here', { grantTypes: ['password'] }, 'UnsupportedGrantTypeException'],
    [
      'that would not fit into an id',
      { issuerUrl: `https://example.com/${'x'.repeat(1_100)}` },
      'InvalidClientMetadataException',
    ],
  ] as const) {
    test(`${what} is refused`, async () => {
      const instance = await testInstance()
      const { status, type: found, body } = await ask(instance, '/client/register', { body: { ...cli, ...members } })
      assert.deepEqual([status, found], [400, type])
      assert.ok(body.error_description)
    })
  }

  test('at its greatest still fits into a URL', async () => {
    const instance = await testInstance()
    const { clientId = '' } = await instance.oidc.registerClient({
      ...cli,
      clientName: '名'.repeat(64),
      redirectUris: [callback],
      scopes: Array.from({ length: 20 }, (_, i) => `scope:number:${i}`),
    })
    assert.ok(clientId.length <= 1_600, String(clientId.length))
  })
})

suite('limits', () => {
  test('on registrations from one address answer 429, with when to come back; another address is not held up', async () => {
    const instance = await testInstance({ limits: { ...unlimited, registrationsPerSecond: 2 } })
    const register = (peerAddress: string) => bare(instance.app, '/client/register', cli, peerAddress)
    for (let i = 0; i < 4; i++) assert.equal((await register('192.0.2.1')).status, 200)
    const { status, headers } = await register('192.0.2.1')
    assert.equal(status, 429)
    assert.equal(headers.get('x-amzn-errortype'), 'TooManyRequestsException')
    assert.equal(headers.get('retry-after'), '1')
    assert.equal((await register('192.0.2.2')).status, 200)
    instance.clock.now += 1_000
    assert.equal((await register('192.0.2.1')).status, 200)
  })

  test('on sign-ins that begin come before the client is looked at', async () => {
    const instance = await testInstance({ limits: { ...unlimited, deviceGrantsPerSecond: 1 } })
    const body = { clientId: 'x', clientSecret: 'y', startUrl: 'z' }
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await bare(instance.app, '/device_authorization', body)).status)
    assert.deepEqual(statuses, [401, 401, 429])
  })

  test('on sign-ins that wait count those of one address that nobody decided yet', async () => {
    const instance = await testInstance({ limits: { ...unlimited, pendingDeviceGrants: 2 } })
    const client = await registerDevice(instance)
    const body = { ...client, startUrl: `${instance.origin}/start` }
    const { grant } = await startDevice(instance, client)
    await startDevice(instance, client)
    const { status, headers } = await bare(instance.app, '/device_authorization', body)
    assert.equal(status, 429)
    assert.ok(headers.get('retry-after'))
    assert.equal((await bare(instance.app, '/device_authorization', body, '192.0.2.9')).status, 200)
    await instance.browser().decide(grant.verificationUriComplete, instance.people.alice, 'deny')
    assert.equal((await bare(instance.app, '/device_authorization', body)).status, 200)
    instance.clock.now += 600_000
    assert.equal((await bare(instance.app, '/device_authorization', body)).status, 200)
  })

  test('on sign-ins that wait count a subscriber of IPv6 once, whose addresses are without number', async () => {
    const instance = await testInstance({ limits: { ...unlimited, pendingDeviceGrants: 2 } })
    const body = { ...(await registerDevice(instance)), startUrl: `${instance.origin}/start` }
    const statuses = []
    for (const address of [
      '2001:db8::1',
      '2001:db8::2',
      '2001:db8:0:ff::3',
      '2001:db8:0:100::1',
      '192.0.2.1',
      '192.0.2.2',
    ])
      statuses.push((await bare(instance.app, '/device_authorization', body, address)).status)
    assert.deepEqual(statuses, [200, 200, 429, 200, 200, 200])
  })
})

suite('a start URL', () => {
  test('names the instance in every form that people paste, and under its aliases', async () => {
    const instance = await testInstance({ startUrlAliases: ['https://d-0123456789.awsapps.com/start'] })
    const client = await registerDevice(instance)
    const { instanceId } = instance.deps.instance
    const known = [
      `${instance.origin}/start`,
      `https://${instanceId}.portico.invalid.awsapps.com/start`,
      'https://d-0123456789.awsapps.com/start',
    ]
    for (const url of known)
      for (const startUrl of [url, `${url}/`, `${url}#`, `${url}#/`, `${url}/#/?tab=accounts`, ` ${url} `])
        await instance.oidc.startDeviceAuthorization({ ...client, startUrl })
  })

  test('of another instance is refused, with the right one', async () => {
    const instance = await testInstance()
    const client = await registerDevice(instance)
    for (const startUrl of [
      '',
      'x',
      instance.origin,
      `${instance.origin}/start/other`,
      'https://127.0.0.1:8000/start',
      'http://127.0.0.1:8001/start',
      'https://d-9999999999.awsapps.com/start',
    ]) {
      const { status, type, body } = await ask(instance, '/device_authorization', { body: { ...client, startUrl } })
      assert.deepEqual([status, type], [400, 'InvalidRequestException'], startUrl)
      assert.ok(String(body.error_description).includes(`${instance.origin}/start`))
    }
  })

  test('answers HEAD with the alias that recent AWS CLIs insist on, and nothing else', async () => {
    const instance = await testInstance()
    for (const path of ['/start', '/start/']) {
      const response = await instance.fetch(new Request(instance.origin + path, { method: 'HEAD' }))
      assert.equal(response.status, 302)
      const { instanceId } = instance.deps.instance
      assert.equal(response.headers.get('location'), `https://${instanceId}.portico.invalid.awsapps.com/start`)
      assert.deepEqual(response.headers.getSetCookie(), [])
      assert.equal(await response.text(), '')
    }
  })
})

/** A request as it comes off a socket, from an address of the test's choice. */
async function bare(app: Application, path: string, input: object, peerAddress = '127.0.0.1'): Promise<Response> {
  const body = Buffer.from(JSON.stringify(input))
  const raw = { method: 'POST', target: path, headers: [['host', '127.0.0.1:8000'] as const], body, peerAddress }
  return app.fetch(new Request(`http://127.0.0.1:8000${path}`, { method: 'POST', body }), { raw })
}
