/** Shows a person what they have to do to sign in, and that the program waits for them. */
import type { SignInEvent } from 'ssooidc/sign-in'
import { isOver } from './failures.ts'
import { canAsk, duration, isLively, plain, say } from './terminal.ts'

/** What the person wishes to see. */
export type ProgressFlags = {
  /** Draw a QR code: always, never, or where it helps. */
  readonly qr?: boolean | undefined
  /** Put the address into the clipboard of the person's terminal, which works through SSH too. */
  readonly copy?: boolean | undefined
  /** The command of the browser that they want, or false for none. */
  readonly browser?: string | boolean | undefined
  /** False: never ask. */
  readonly input?: boolean | undefined
}

/** One line of progress that is drawn over, and the events that lead to it. */
export function showProgress({ qr, copy, browser, input }: ProgressFlags): {
  onEvent(event: SignInEvent): void
  end(): void
} {
  const asks = canAsk({ input })
  let timer: NodeJS.Timeout | undefined
  let drawn = false
  let ended = false

  const draw = (what: string, endsAt: number | undefined) => {
    const left = endsAt === undefined ? '' : `, ${duration(endsAt - Date.now())} left`
    process.stderr.write(`\r\u001b[2K${what}${left} `)
    drawn = true
  }
  const wait = (what: string, endsAt?: number) => {
    if (ended) return
    clearInterval(timer)
    if (!isLively()) {
      say(what)
      return
    }
    draw(what, endsAt)
    timer = setInterval(() => draw(what, endsAt), 1_000)
    timer.unref()
  }
  const clear = () => {
    clearInterval(timer)
    if (drawn) process.stderr.write('\r\u001b[2K')
    drawn = false
  }
  const show = (url: string) => {
    if (copy && isLively()) process.stderr.write(`\u001b]52;c;${Buffer.from(url).toString('base64')}\u0007`)
  }

  return {
    end() {
      ended = true
      clear()
    },
    onEvent(event) {
      if (event.type === 'browser') {
        show(event.url)
        if (!event.opened && typeof browser === 'string') say(`The browser does not start: ${browser}\n`)
        say(event.opened ? 'Go on in your browser. If it did not open, use this address:\n' : 'Open this address:\n')
        say(`  ${event.url}\n`)
        if (asks) say('If the browser gets stuck at an address that begins with http://127.0.0.1, paste that here.\n')
        wait('Waiting for the browser')
      } else if (event.type === 'device') {
        const {
          verificationUri,
          verificationUriComplete,
          userCode,
          matchNumber,
          expiresAt,
          opened,
          beside = false,
        } = event
        clear()
        // What is in the clipboard may be on its way into a browser.
        if (!beside) show(verificationUriComplete)
        const how = opened
          ? 'Go on in your browser. If it did not open, use'
          : beside
            ? 'Still waiting for the browser. Instead of it, on any device, open'
            : 'On any device, open'
        say(
          `${how} this address:\n\n  ${plain(verificationUriComplete)}\n\nor ${plain(verificationUri)} with the code\n\n  ${bold(plain(userCode))}\n`,
        )
        if (matchNumber !== undefined)
          say(`The page asks which number you see here. It is\n\n  ${bold(plain(matchNumber))}\n`)
        drawQr(verificationUriComplete, qr ?? !opened).then((code) => {
          if (code !== undefined && !ended) say(code)
          wait('Waiting for approval', expiresAt)
        })
      } else if (event.type === 'previous') {
        clear()
        if (event.error !== undefined && !isOver(event.error))
          say(`The sign-in before this one goes on: ${saidBy(event.error)}`)
      } else if (event.type === 'fallback') {
        clear()
        say(`Not through a browser: ${plain(event.because)}. With a code, then.\n`)
      } else if (event.type === 'poll' && event.error !== undefined) {
        clear()
        say(`${saidBy(event.error)}. Trying again.`)
      }
    },
  }
}

/** White on black whatever the terminal's colours are, since cameras read nothing else. Only where it fits. */
async function drawQr(text: string, wished: boolean): Promise<string | undefined> {
  if (!wished || !isLively()) return undefined
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n')
  if ((lines[0]?.length ?? 0) > process.stderr.columns || lines.length > process.stderr.rows - 6) return undefined
  return `${lines.map((line) => `\u001b[40;97m${line}\u001b[0m`).join('\n')}\n`
}

function bold(text: string): string {
  return isLively() ? `\u001b[1m${text}\u001b[0m` : text
}

function saidBy(error: unknown): string {
  return plain(error instanceof Error ? error.message : String(error))
}
