/** The files that the AWS tools share: their names, their text, and what may lie there instead. */
import assert from 'node:assert/strict'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { fileStore, formatToken, parseToken } from 'ssooidc/sign-in'
import { credentialsFileName, tokenFileName } from '../../packages/ssooidc/src/sign-in/cache/node-names.ts'
import { makeHome } from './home.ts'

const session = { name: 'work', startUrl: 'https://d-1234567890.awsapps.com/start', region: 'us-east-1' }
const written = {
  startUrl: session.startUrl,
  region: 'us-east-1',
  accessToken: 'at',
  expiresAt: '2026-11-24T13:00:00Z',
  clientId: 'ci',
  clientSecret: 'cs',
  registrationExpiresAt: '2027-02-22T12:00:00Z',
  refreshToken: 'rt',
}

describe('names', () => {
  // Taken from the AWS CLI itself.
  const known: [name: string | undefined, startUrl: string, file: string][] = [
    ['my-sso', '', '0ad374308c5a4e22f723adf10145eafad7c4031c.json'],
    ['my', '', '3ece1471f44f63177cbc35ba0b904e0c096b6783.json'],
    [undefined, 'https://my-sso-portal.awsapps.com/start', 'c7aaaf71fcc8777ae2475525ed049d39fe16c484.json'],
    [undefined, 'https://d-1234567890.awsapps.com/start', '7487b5b67d5fa1132cf33fa93ae51ef38cc37752.json'],
  ]
  for (const [name, startUrl, file] of known) {
    test(`the token of ${name ?? startUrl} is where the AWS CLI has it`, () => {
      assert.equal(tokenFileName({ name, startUrl, region: 'us-east-1' }), file)
    })
  }

  test('the credentials of a role are where the AWS CLI has them', () => {
    const my = { name: 'my', startUrl: '', region: '' }
    assert.equal(credentialsFileName(my, '111111111111', 'Admin'), 'dc646cfdcd8e32420c3e6fe5a429ac3e449cb7b2.json')
  })
})

describe('a token file', () => {
  test('reads and writes as the AWS CLI has it, member for member', () => {
    const parsed = parseToken(JSON.stringify(written))
    assert.ok('token' in parsed)
    assert.equal(parsed.token.expiresAt, Date.UTC(2026, 10, 24, 13))
    assert.equal(formatToken(parsed.token), JSON.stringify(written))
  })

  test('keeps what other tools wrote into it', () => {
    const parsed = parseToken(JSON.stringify({ ...written, receivedAt: 'then' }))
    assert.ok('token' in parsed)
    assert.equal(JSON.parse(formatToken(parsed.token)).receivedAt, 'then')
  })

  for (const expiresAt of ['2026-11-24T13:00:00.123Z', '2026-11-24T13:00:00UTC', '2026-11-24T13:00:00+00:00']) {
    test(`may say its end as ${expiresAt}`, () => {
      const parsed = parseToken(JSON.stringify({ ...written, expiresAt }))
      assert.ok('token' in parsed)
      assert.equal(JSON.parse(formatToken(parsed.token)).expiresAt, written.expiresAt)
    })
  }

  for (const [what, text] of [
    ['half a file', JSON.stringify(written).slice(0, 50)],
    ['two stray bytes', `${JSON.stringify(written)}"}`],
    ['nothing', ''],
    ['a list', '[]'],
    ['a registration', JSON.stringify({ clientId: 'ci', clientSecret: 'cs', expiresAt: written.expiresAt })],
    ['a token without an end', JSON.stringify({ ...written, expiresAt: undefined })],
    ['a token with an end that is none', JSON.stringify({ ...written, expiresAt: 'tomorrow' })],
  ] as const) {
    test(`that is ${what} counts as none, with a reason`, async () => {
      await using home = await makeHome()
      const path = join(home.folder, '.aws/sso/cache', tokenFileName(session))
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
      const reading = await fileStore({ env: home.env }).read(session)
      assert.ok(reading.outcome === 'unreadable')
      assert.match(reading.problem, /damaged or not a token: it /)
    })
  }

  test('that was half written is read again', async () => {
    await using home = await makeHome()
    const path = join(home.folder, '.aws/sso/cache', tokenFileName(session))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, '{"accessToken":')
    const reading = fileStore({ env: home.env }).read(session)
    await writeFile(path, JSON.stringify(written))
    assert.equal((await reading).outcome, 'found')
  })

  test('is the person’s alone, and its folder as well', async () => {
    await using home = await makeHome()
    const store = fileStore({ env: home.env })
    const parsed = parseToken(JSON.stringify(written))
    assert.ok('token' in parsed)
    await store.write(session, parsed.token)
    const folder = join(home.folder, '.aws/sso/cache')
    assert.equal((await stat(join(folder, tokenFileName(session)))).mode & 0o777, 0o600)
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.deepEqual(await readdir(folder), [tokenFileName(session)])
    await store.remove(session)
    await store.remove(session)
    assert.deepEqual(await store.read(session), { outcome: 'absent' })
  })
})
