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
import { createTransport } from 'nodemailer'
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
}

/** Letters that may wait; beyond that something is wrong and more would only fill memory. */
const MOST_WAITING = 1_000
const RETRIES = [5_000, 60_000, 300_000]
const PATIENCE = 20_000

/** Opens a mailer. `close` waits for what is being handed over now, and drops what waits for another try. */
export function createSmtpMailer(options: SmtpOptions): Mailer & { close(): Promise<void> } {
  const { url, from, onFailure, retries = RETRIES } = options
  const { hostname, protocol } = new URL(url)
  const transport = createTransport({
    ...{ url, pool: true, maxConnections: 2 },
    requireTLS: protocol === 'smtp:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname),
    ...{ connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE },
    // A letter is text that we made; nothing in it may name a file or an address to fetch.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()

  async function deliver({ to, subject, text }: Letter): Promise<void> {
    for (const [attempt, wait] of [0, ...retries].entries()) {
      try {
        if (wait > 0) await pause(wait, undefined, { signal: closing.signal, ref: false })
        // RFC 3834 §5: so that nobody's vacation notice answers.
        await transport.sendMail({ from, to, subject, text, headers: { 'Auto-Submitted': 'auto-generated' } })
        return
      } catch (error) {
        if (closing.signal.aborted || attempt === retries.length) return onFailure(subject, error)
      }
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
