/** A mail server on this machine that keeps what it is given: SMTP as it is spoken, through the npm package `smtp-server`. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Letter, Mailer } from '../../packages/portico/src/core/people/mail.ts'

/** A letter as it arrived. */
export type Received = { from: string; to: readonly string[]; headers: string; text: string }

/** A server that runs. `await using` ends it. */
export type Mailbox = {
  /** `smtp://127.0.0.1:port`. */
  url: string
  received: readonly Received[]
  /** Resolves with the letter of that number, counted from 0, once it has arrived. */
  letter(index: number): Promise<Received>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts one. Without certificate it offers no STARTTLS, unless options say otherwise. */
export async function openMailbox(host = '127.0.0.1', options: SMTPServerOptions = {}): Promise<Mailbox> {
  const received: Received[] = []
  const waiting: (() => void)[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const [headers = '', ...body] = Buffer.concat(parts).toString('utf8').split('\r\n\r\n')
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          headers: headers.replaceAll(/\r\n[ \t]+/g, ' '),
          text: decode(headers, body.join('\r\n\r\n')),
        })
        for (const wake of waiting.splice(0)) wake()
        done()
      })
    },
    ...options,
  })
  server.on('error', () => {})
  server.listen(0, host)
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://${host}:${port}`,
    received,
    async letter(index) {
      for (;;) {
        const letter = received[index]
        if (letter !== undefined) return letter
        await new Promise<void>((wake) => waiting.push(wake))
      }
    },
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())),
  }
}

/** A mailer that only keeps what it is given. */
export function keepingMailer(): Mailer & { letters: Letter[] } {
  const letters: Letter[] = []
  return { letters, post: (letter) => letters.push(letter) }
}

/** The one-time link in a letter, or on a page. */
export function linkIn(text: string): string {
  const [link] = /https?:\/\/\S+\/setup\/link\?link=[\w-]+/.exec(text) ?? []
  if (link === undefined) throw new Error(`there is no link in: ${text}`)
  return link
}

function decode(headers: string, body: string): string {
  if (/^content-transfer-encoding: base64/im.test(headers)) return Buffer.from(body, 'base64').toString('utf8')
  if (!/^content-transfer-encoding: quoted-printable/im.test(headers)) return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
