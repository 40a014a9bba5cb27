/**
 * Letters by SMTP. They are handed over in the background, a few at a time, so that no request waits for a mail server and no
 * answer tells whether there was a letter; one that cannot be handed over is tried again for a while, then logged and dropped.
 *
 * Letters carry links that open accounts, so outside of this machine the connection must be encrypted: `smtps:`, or `smtp:` with
 * STARTTLS, which is then required.
 *
 * Not its job: what a letter says.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { Letter, Mailer } from '../core/people/mail.ts'

/** Which server carries letters, and from whom. */
export type SmtpOptions = {
  /** `smtps://user:password@mail.example.com`, or `smtp://…`. */
  url: string
  /** `Portico <portico@example.com>`. */
  from: string
  /** Told of each letter that could not be handed over: of its subject, never of what it says. */
  onFailure: (subject: string, error: unknown) => void
  /** Milliseconds before each further try. */
  retries?: readonly number[]
  /** Milliseconds that the server may be silent; handing one letter over may take three times as long. */
  patience?: number
}

/** Letters that may wait; beyond that something is wrong and more would only fill memory. */
const MOST_WAITING = 1_000
const RETRIES = [5_000, 60_000, 300_000]
const PATIENCE = 20_000
const CONNECTIONS = 2

/** Opens a mailer. `close` waits for what is being handed over now, and drops what waits for another try. */
export function createSmtpMailer(options: SmtpOptions): Mailer & { close(): Promise<void> } {
  const { url, from, onFailure, retries = RETRIES, patience = PATIENCE } = options
  const { hostname, protocol } = new URL(url)
  const open = () =>
    createTransport({
      ...{ url, pool: true, maxConnections: CONNECTIONS },
      requireTLS: protocol === 'smtp:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname),
      ...{ connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience },
      // A letter is text that we made; nothing in it may name a file or an address to fetch.
      ...{ disableFileAccess: true, disableUrlAccess: true },
    })
  let transport = open()
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()
  const inTurn = turns(CONNECTIONS)

  async function deliver({ to, subject, text }: Letter): Promise<void> {
    for (const [attempt, wait] of [0, ...retries].entries()) {
      try {
        if (wait > 0) await pause(wait, undefined, { signal: closing.signal, ref: false })
        // RFC 3834 §5: so that nobody's vacation notice answers.
        await inTurn(() => handOver({ from, to, subject, text, headers: { 'Auto-Submitted': 'auto-generated' } }))
        return
      } catch (error) {
        if (closing.signal.aborted || attempt === retries.length) return onFailure(subject, error)
      }
    }
  }

  /** A server that says something now and then is not silent, and would keep the letter in hand for as long as it likes. */
  async function handOver(mail: SendMailOptions): Promise<void> {
    const [through, done] = [transport, new AbortController()]
    const late = pause(3 * patience, undefined, { signal: done.signal }).then(() => {
      // The connection is no good, and others wait for it.
      if (transport === through) transport = open()
      through.close()
      throw new Error('the mail server did not take the letter in time')
    })
    try {
      await Promise.race([through.sendMail(mail), late])
    } finally {
      done.abort()
    }
  }

  return {
    post(letter) {
      if (closing.signal.aborted || underWay.size >= MOST_WAITING)
        return onFailure(letter.subject, new Error('too many letters wait, or the server is stopping'))
      const delivery = deliver(letter).finally(() => underWay.delete(delivery))
      underWay.add(delivery)
    },
    async close() {
      closing.abort()
      await Promise.allSettled(underWay)
      transport.close()
    },
  }
}

/** Lets so many works run at once; the others wait, and so does their time. */
function turns(free: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((next) => waiting.push(next))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
