/**
 * Signs in through a browser of this machine and, where that does not come back soon, by a code as well: a tab may be closed, a
 * desktop remote. Whatever the person finishes first counts, and the other is called off.
 */
import type { Connections } from '../client/connection.ts'
import { byBrowser } from './by-browser.ts'
import { byDevice } from './by-device.ts'
import type { CachedToken } from './cache/token.ts'
import { systemClock } from './clock.ts'
import { endUnclaimed } from './end-session.ts'
import { isSignInError, SignInError } from './errors.ts'
import type { SignInOptions } from './options.ts'
import type { Session } from './session.ts'

/** Who is signed in to the service already is back before that, and sees no code. */
const SOON = 10_000

/**
 * Both ways at once. When no browser can be used, it is the code alone, at once; and when the time of one way is up, the other
 * has the rest of its own.
 *
 * @throws SignInError `denied`, `expired`, by whichever way the person decided; else what the browser's way throws
 */
export async function byEither(to: Connections, session: Session, options: SignInOptions): Promise<CachedToken> {
  const { clock = systemClock, onEvent, timeoutMs } = options
  const begun = clock.monotonic()
  const [over, alone] = [new AbortController(), new AbortController()]
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal

  const browser = byBrowser(to, session, { ...options, signal }, true)
  const code = (async () => {
    const soon = Math.min(SOON, timeoutMs ?? SOON)
    await clock.sleep(soon, AbortSignal.any([signal, alone.signal])).catch(() => signal.throwIfAborted())
    // It is the person's time, whichever way they spend it.
    const left = timeoutMs === undefined ? undefined : timeoutMs - (clock.monotonic() - begun)
    if (left !== undefined && left <= 0) throw new SignInError('expired', 'Nobody signed in in time.')
    const within = { ...options, signal, timeoutMs: left }
    return alone.signal.aborted
      ? byDevice(to, session, within)
      : byDevice(to, session, {
          ...within,
          openBrowser: false, // one stands open
          onEvent: (event) => onEvent?.(event.type === 'device' ? { ...event, beside: true } : event),
        })
  })()

  const throughBrowser = browser.catch((thrown) => {
    if (isSignInError(thrown, 'expired'))
      return code.catch((other) => {
        throw isSignInError(other, 'denied') ? other : thrown
      })
    if (!isSignInError(thrown, 'unavailable')) throw thrown
    signal.throwIfAborted()
    onEvent?.({ type: 'fallback', because: thrown.message })
    alone.abort()
    return code
  })
  const byCode = code.catch((thrown) => {
    // A decision counts for both. A code that has lapsed, or a service that has none, or not now, leaves the other way.
    if (isSignInError(thrown, 'denied')) throw thrown
    return throughBrowser
  })
  let token: CachedToken | undefined
  try {
    token = await Promise.race([throughBrowser, byCode])
    return token
  } finally {
    over.abort(new SignInError('unavailable', 'The sign-in was finished in another way.'))
    await endOther(to, await Promise.allSettled([browser, code]), token, options)
  }
}

/** Who came second all but at the same moment has a session that nobody would use. */
async function endOther(
  to: Connections,
  ways: readonly PromiseSettledResult<CachedToken>[],
  token: CachedToken | undefined,
  options: SignInOptions,
): Promise<void> {
  for (const way of ways)
    if (way.status === 'fulfilled' && way.value !== token) await endUnclaimed(to, way.value, options)
}
