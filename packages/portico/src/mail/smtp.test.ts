import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { openMailbox } from '../../../../test/support/mailbox.ts'
import { createSmtpMailer } from './smtp.ts'

const from = 'Portico <portico@example.com>'
const letter = { to: 'alice@example.com', subject: 'Grüße', text: 'Hello Alice,\n\nhttps://sso.example.com/x?y=z\n' }

test('a letter arrives as it was written, from whom the settings say, and asks for no automatic answer', async () => {
  await using mailbox = await openMailbox()
  const mailer = createSmtpMailer({ url: mailbox.url, from, onFailure: assert.fail })
  mailer.post(letter)
  const arrived = await mailbox.letter(0)
  assert.deepEqual(arrived.to, ['alice@example.com'])
  assert.equal(arrived.from, 'portico@example.com')
  assert.match(arrived.headers, /^From: Portico <portico@example\.com>$/m)
  assert.match(arrived.headers, /^Subject: =\?UTF-8\?/m)
  assert.match(arrived.headers, /^Auto-Submitted: auto-generated$/m)
  assert.match(arrived.text.replaceAll('\r\n', '\n'), /^Hello Alice,\n\nhttps:\/\/sso\.example\.com\/x\?y=z\n/)
  await mailer.close()
})

test('a line break in an address or a subject makes no header', async () => {
  await using mailbox = await openMailbox()
  const failures: string[] = []
  const mailer = createSmtpMailer({
    url: mailbox.url,
    from,
    retries: [],
    onFailure: (subject) => failures.push(subject),
  })
  mailer.post({ ...letter, subject: 'Hello\r\nBcc: mallory@example.com' })
  const arrived = await mailbox.letter(0)
  assert.deepEqual(arrived.to, ['alice@example.com'])
  assert.doesNotMatch(arrived.headers, /^Bcc:/m)
  await mailer.close()
})

test('what the server refuses for the moment is tried again', async () => {
  let refusals = 2
  await using mailbox = await openMailbox('127.0.0.1', {
    onRcptTo(_address, _session, done) {
      refusals -= 1
      done(refusals >= 0 ? Object.assign(new Error('come back later'), { responseCode: 451 }) : null)
    },
  })
  const mailer = createSmtpMailer({ url: mailbox.url, from, retries: [1, 1], onFailure: assert.fail })
  mailer.post(letter)
  assert.deepEqual((await mailbox.letter(0)).to, ['alice@example.com'])
  await mailer.close()
})

test('a letter that cannot be handed over is told of by its subject, and nobody waits for it', async () => {
  const { url } = await (async () => {
    await using gone = await openMailbox()
    return gone
  })()
  const told = Promise.withResolvers<string>()
  const mailer = createSmtpMailer({ url, from, retries: [], onFailure: (subject) => told.resolve(subject) })
  mailer.post(letter)
  assert.equal(await told.promise, letter.subject)
  await mailer.close()
})

test('outside of this machine nothing is sent without encryption', async () => {
  // Also this machine, but under an address that is not known to be.
  await using mailbox = await openMailbox('127.0.0.2')
  const told = Promise.withResolvers<string>()
  const onFailure = (_subject: string, error: unknown) => told.resolve(String(error))
  const mailer = createSmtpMailer({ url: mailbox.url, from, retries: [], onFailure })
  mailer.post(letter)
  assert.match(await told.promise, /STARTTLS|TLS/)
  assert.deepEqual(mailbox.received, [])
  await mailer.close()
})

test('closing waits for the letter in hand, drops those that wait for another try, and takes no more', async () => {
  await using mailbox = await openMailbox()
  const failures: string[] = []
  const onFailure = (subject: string) => failures.push(subject)
  const mailer = createSmtpMailer({ url: mailbox.url, from, onFailure })
  mailer.post(letter)
  await mailer.close()
  assert.equal(mailbox.received.length, 1)
  mailer.post({ ...letter, subject: 'too late' })
  assert.deepEqual(failures, ['too late'])

  const { url } = await (async () => {
    await using gone = await openMailbox()
    return gone
  })()
  const other = createSmtpMailer({ url, from, retries: [3_600_000], onFailure })
  other.post({ ...letter, subject: 'waits' })
  await new Promise((done) => setImmediate(done))
  await other.close()
  assert.deepEqual(failures, ['too late', 'waits'])
})

test('letters that wait for those before them have their own time when it is their turn', async () => {
  // Forty-six rounds of two: together longer than one letter may take, each far shorter than the server may be silent.
  await using mailbox = await openMailbox('127.0.0.1', {
    onRcptTo: (_address, _session, done) => void setTimeout(done, 100),
  })
  const mailer = createSmtpMailer({ url: mailbox.url, from, retries: [], patience: 1_500, onFailure: assert.fail })
  for (let count = 0; count < 92; count++) mailer.post(letter)
  await mailbox.letter(91)
  await mailer.close()
})

const silences: [name: string, talk: (socket: Socket) => unknown][] = [
  ['never says a word', () => {}],
  // Each line is a sign of life, and none is the last.
  ['never comes to an end', drip],
]
for (const [name, talk] of silences)
  test(`a mail server that ${name} holds neither letters nor the end of this one`, async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {}) // it is cut off
      talk(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // it listens on an address
    const failures: string[] = []
    const all = Promise.withResolvers<void>()
    const onFailure = (subject: string) => {
      failures.push(subject)
      if (failures.length === 4) all.resolve()
    }
    const mailer = createSmtpMailer({ url: `smtp://127.0.0.1:${port}`, from, retries: [], patience: 100, onFailure })
    const subjects = ['1', '2', '3', '4']
    for (const subject of subjects) mailer.post({ ...letter, subject })
    await all.promise
    assert.deepEqual(failures.sort(), subjects)
    mailer.post({ ...letter, subject: '5' })
    await mailer.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })

function drip(socket: Socket): void {
  socket.write('220 mail\r\n')
  const timer = setInterval(() => socket.write('250-and so on\r\n'), 20)
  socket.on('close', () => clearInterval(timer))
}
