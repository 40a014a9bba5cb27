import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { ORGANIZATION, PASSWORD, workplace } from '../../../../test/support/workplace.ts'
import { exitCodes } from './failure.ts'
import { version } from './version.ts'

describe('portico', () => {
  test('says its version', async () => {
    await using place = workplace()
    assert.deepEqual(place.run(['--version']), { code: 0, out: `${version()}\n`, err: '' })
  })

  test('says what it did not understand, and exits with 2', async () => {
    await using place = workplace()
    for (const args of [['serve', '--prot', '1'], ['srve'], ['apply'], ['user', 'password']]) {
      const { code, out, err } = place.run(args)
      assert.deepEqual([code, out], [exitCodes.usage, ''])
      assert.match(err, /^error: .+/)
    }
  })

  test('shows every setting and where it came from', async () => {
    await using place = workplace()
    place.write('portico.yaml', '# ours\nregion: eu-central-1\n')
    const { code, out } = place.run(['settings', '--port', '9000'], { PORTICO_LOG_LEVEL: 'debug' })
    assert.equal(code, 0)
    assert.match(out, /^region +eu-central-1 +portico\.yaml:2$/m)
    assert.match(out, /^port +9000 +--port$/m)
    assert.match(out, /^logLevel +debug +PORTICO_LOG_LEVEL$/m)
  })

  test('shows beside the settings which variables look like misspelt ones', async () => {
    await using place = workplace()
    const { code, err } = place.run(['settings'], { PORTICO_PROT: '9000' })
    assert.deepEqual([code, err], [0, 'PORTICO_PROT is not a setting. Did you mean PORTICO_PORT?\n'])
  })
})

describe('portico apply', () => {
  test('shows what changes and changes it, and the second time there is nothing to change', async () => {
    await using place = workplace()
    place.write('organization.yaml', ORGANIZATION)
    const dry = place.run(['apply', 'organization.yaml', '--dry-run'])
    assert.match(dry.out, /^\+ user carol: administrator "true"$/m)
    assert.equal(existsSync(place.path('portico-data')), false)

    const first = place.run(['apply', 'organization.yaml'])
    assert.deepEqual([first.code, first.err], [0, ''])
    assert.equal(first.out, `${dry.out}Applied.\n`)
    assert.deepEqual(place.run(['apply', 'organization.yaml']), { code: 0, out: 'Nothing to change.\n', err: '' })
  })

  test('takes away what the file no longer lists, and says what it left alone', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    const next = 'groups: [{ displayName: Staff }]\naccounts: [{ id: 333333333333, name: Store }]\n'
    const { out } = place.run(['apply', '-'], { input: next })
    assert.equal(
      out,
      `~ account 333333333333: name "Shop" → "Store"
- assignment Reader in 333333333333 for group Staff

0 to add, 1 to change, 1 to take away.
Not in the file, and left as they are: user carol, permission set Reader. --prune removes them.
Applied.
`,
    )
  })

  test('with --prune removes what the file does not name, and shows it first', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    const input = 'users: [{ userName: dan }]\naccounts: [{ id: 333333333333, name: Shop }]\n'
    const difference = `- user carol
- group Staff
- permission set Reader
+ user dan

1 to add, 0 to change, 3 to take away.
`
    const dry = place.run(['apply', '-', '--prune', '--dry-run'], { input })
    assert.deepEqual(dry, { code: 0, out: difference, err: '' })
    assert.match(place.run(['user', 'list']).out, /^carol/)
    assert.deepEqual(place.run(['apply', '-', '--prune'], { input }), {
      code: 0,
      out: `${difference}Applied.\n`,
      err: '',
    })
    assert.equal(place.run(['user', 'list']).out, 'dan  dan (no password yet)\n')
    assert.equal(place.run(['apply', '-', '--prune'], { input }).out, 'Nothing to change.\n')
    const events = place
      .run(['audit', '--json'])
      .out.trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      events.map(({ eventName }) => eventName),
      ['ApplyOrganization', 'DeleteUser', 'ApplyOrganization'],
    )
    assert.deepEqual(events[1].requestParameters, { userName: 'carol' })
  })

  test('shuts nobody who administers out, unless --yes is said', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    place.run(['user', 'password', 'carol'], { input: PASSWORD })
    const input = 'users: [{ userName: dan, administrator: true }]\n'
    for (const more of [['--dry-run'], []]) {
      const { code, err } = place.run(['apply', '-', '--prune', ...more], { input })
      assert.equal(code, exitCodes.configuration)
      assert.match(err, /^portico: Nothing was changed, because nobody could sign in any more\. .*--yes/)
    }
    const demoted = ORGANIZATION.replace(', administrator: true', '')
    for (const more of [['--dry-run'], ['--prune'], []]) {
      const { code, err } = place.run(['apply', '-', ...more], { input: demoted })
      assert.equal(code, exitCodes.configuration)
      assert.match(err, /because nobody who administers could sign in any more/)
    }
    assert.equal(place.run(['user', 'list']).out, 'carol  carol (administrator)\n')
    assert.equal(place.run(['apply', '-', '--yes'], { input: demoted }).code, 0)
    assert.equal(place.run(['user', 'list']).out, 'carol  carol\n')
    assert.equal(place.run(['apply', '-', '--prune', '--yes'], { input }).code, 0)
    assert.equal(place.run(['user', 'list']).out, 'dan  dan (administrator, no password yet)\n')
  })

  test('names every fault with its line, and changes nothing', async () => {
    await using place = workplace()
    place.write('organization.yaml', `${ORGANIZATION}colour: blue\nsettings: { sessionDuration: PT1M }\n`)
    const { code, out, err } = place.run(['apply', 'organization.yaml'])
    assert.deepEqual([code, out], [exitCodes.configuration, ''])
    assert.match(err, /^portico: Nothing was changed/)
    assert.match(err, /^organization\.yaml:12:1: `colour` is not a known key\./m)
    assert.match(err, /^organization\.yaml:13:13: `PT1M` is not a duration from PT15M to P90D\./m)
    assert.equal(existsSync(place.path('portico-data')), false)
  })

  test('takes a file without a word for a mistake, and not for an organization without settings', async () => {
    await using place = workplace()
    for (const input of ['', '\n']) {
      const { code, out, err } = place.run(['apply', '-'], { input })
      assert.deepEqual([code, out], [exitCodes.configuration, ''])
      assert.equal(err, 'portico: Nothing was changed, because standard input is empty.\n')
    }
  })
})

describe('portico user', () => {
  test('sets a password from standard input, and shows who has one', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    assert.equal(place.run(['user', 'list']).out, 'carol  carol (administrator, no password yet)\n')
    const set = place.run(['user', 'password', 'CAROL'], { input: `${PASSWORD}\n` })
    assert.deepEqual(set, {
      ...{ code: 0, err: '' },
      out: 'The password of carol is set. Where they were signed in, they sign in again.\n',
    })
    assert.equal(place.run(['user', 'list']).out, 'carol  carol (administrator)\n')
    assert.equal(JSON.parse(place.run(['user', 'list', '--json']).out)[0].hasPassword, true)
  })

  test('takes no password as an argument', async () => {
    await using place = workplace()
    assert.equal(place.run(['user', 'password', 'carol', PASSWORD]).code, exitCodes.usage)
  })

  test('refuses a password that will not do, and a name that nobody has', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    for (const [name, input, reason] of [
      ['carol', 'short', /at least 15 characters/],
      ['carol', '', /holds no password/],
      ['carol', `${PASSWORD}\n${PASSWORD}\n`, /more than one line/],
      ['carlo', PASSWORD, /There is no user carlo\. Did you mean carol\?/],
    ] as const) {
      const { code, err } = place.run(['user', 'password', name], { input })
      assert.equal(code, exitCodes.error)
      assert.match(err, reason)
    }
    assert.match(place.run(['user', 'list']).out, /no password yet/)
  })

  test('says so when there is no database, and makes none', async () => {
    await using place = workplace()
    const { code, err } = place.run(['user', 'list', '--data', 'nowhere'])
    assert.equal(code, exitCodes.data)
    assert.match(err, /There is no database in nowhere/)
    assert.equal(existsSync(place.path('nowhere')), false)
  })
})
