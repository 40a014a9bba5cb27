import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { linkIn, openMailbox } from '../../../../../test/support/mailbox.ts'
import { ORGANIZATION, workplace } from '../../../../../test/support/workplace.ts'
import { exitCodes } from '../failure.ts'

const WITH_ADDRESS = ORGANIZATION.replace('userName: carol,', 'userName: carol, email: carol@example.com,')

describe('portico user invite and reset-link', () => {
  test('print a link under the public origin, and each one voids the one before', async () => {
    await using place = workplace()
    place.write('organization.yaml', ORGANIZATION)
    place.run(['apply', 'organization.yaml'])
    const args = ['carol', '--public-url', 'https://sso.example.com']
    const links = [place.run(['user', 'invite', ...args]), place.run(['user', 'reset-link', ...args])]
    for (const { code, out } of links) {
      assert.equal(code, 0)
      assert.match(out, /^https:\/\/sso\.example\.com\/setup\/link\?link=[\w-]{32}\n$/)
    }
    assert.notEqual(links[0]?.out, links[1]?.out)
    assert.deepEqual(
      links.map(({ err }) => err),
      ['It works once, within 3 days.\n', 'It works once, within 1 h.\n'],
    )
  })

  test('with --mail send it in place of printing it', async () => {
    await using place = workplace()
    place.write('organization.yaml', WITH_ADDRESS)
    place.run(['apply', 'organization.yaml'])
    await using mailbox = await openMailbox()
    const sender = { PORTICO_SMTP_URL: mailbox.url, PORTICO_MAIL_FROM: 'Portico <sso@example.com>' }
    // The command waits for the mail server, which lives in this process: it must not be run to its end in one go.
    const { out, code } = await place.runBeside(['user', 'invite', 'carol', '--mail'], sender)
    assert.deepEqual([code, out], [0, 'A link is on its way to carol@example.com.\n'])
    const letter = await mailbox.letter(0)
    assert.deepEqual(letter.to, ['carol@example.com'])
    assert.match(linkIn(letter.text), /^http:\/\/127\.0\.0\.1:8000\/setup\/link/)
  })

  test('say so when the mail server does not take the letter', async () => {
    await using place = workplace()
    place.write('organization.yaml', WITH_ADDRESS)
    place.run(['apply', 'organization.yaml'])
    await using mailbox = await openMailbox('127.0.0.1', {
      onRcptTo: (_address, _session, done) => done(new Error('no such mailbox')),
    })
    const sender = { PORTICO_SMTP_URL: mailbox.url, PORTICO_MAIL_FROM: 'Portico <sso@example.com>' }
    const { out, code, err } = await place.runBeside(['user', 'invite', 'carol', '--mail'], sender)
    assert.deepEqual([code, out], [exitCodes.network, ''])
    assert.match(err, /could not be sent: .*no such mailbox/)
  })

  test('are for nobody who is disabled', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    place.run(['user', 'disable', 'carol'])
    for (const command of ['invite', 'reset-link']) {
      const { code, out, err } = place.run(['user', command, 'carol'])
      assert.deepEqual([code, out], [exitCodes.error, ''])
      assert.match(err, /carol is disabled, and no link lets them in\. `portico user enable carol` comes first/)
    }
  })

  test('say what is missing: a person, an address, a mail server, a sender', async () => {
    await using place = workplace()
    place.write('organization.yaml', ORGANIZATION)
    place.run(['apply', 'organization.yaml'])
    const invite = (name: string, env = {}) => place.run(['user', 'invite', name, '--mail'], env)
    const server = { PORTICO_SMTP_URL: 'smtp://127.0.0.1:9' }
    const full = { ...server, PORTICO_MAIL_FROM: 'sso@example.com' }
    for (const [said, code, err] of [
      [invite('carlo', full), exitCodes.error, /There is no user carlo\. Did you mean carol\?/],
      [invite('carol'), exitCodes.configuration, /No mail server is set/],
      [invite('carol', server), exitCodes.configuration, /Set `mailFrom` as well/],
      [invite('carol', full), exitCodes.error, /carol has no e-mail address/],
    ] as const) {
      assert.equal(said.code, code)
      assert.match(said.err, err)
      assert.equal(said.out, '')
    }
  })
})

describe('portico user reset-factors', () => {
  test('says what it did and how the person comes to know', async () => {
    await using place = workplace()
    place.write('organization.yaml', ORGANIZATION)
    place.run(['apply', 'organization.yaml'])
    const { code, out } = place.run(['user', 'reset-factors', 'CAROL'])
    assert.equal(code, 0)
    assert.match(out, /^carol has no passkey, no app and no recovery codes any more, and is signed out everywhere\./)
    assert.match(out, /`portico user reset-link carol` makes them a way in/)
  })
})
