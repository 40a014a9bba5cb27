/**
 * Signs in through a browser of this machine and, where that does not come back soon, by a code as well: a tab may be closed, a
 * desktop remote. Whatever the person finishes first counts, and the other is called off.
 */
import type { Connections } from '../client/connection.ts'
import { byBrowser } from './by-browser.ts'
import { byDevice } from './by-device.ts'
import type { CachedToken } from './cache/token.ts'
import { systemClock } from './clock.ts'
import { endSession } from './end-session.ts'
import { isSignInError, SignInError } from './errors.ts'
import type { SignInOptions } from './options.ts'
import type { Session } from './session.ts'

/** Who is signed in to the service already is back before that, and sees no code. */
const SOON = 10_000

/**
 * Both ways at once. When no browser can be used, it is the code alone, at once.
 *
 * @throws SignInError `denied`, `expired`, by whichever way the person decided; else what the browser's way throws
 */
export async function byEither(to: Connections, session: Session, options: SignInOptions): Promise<CachedToken> {
  const { clock = systemClock, onEvent } = options
  const [over, alone] = [new AbortController(), new AbortController()]
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal

  const browser = byBrowser(to, session, { ...options, signal }, true)
  const code = (async () => {
    await clock.sleep(SOON, AbortSignal.any([signal, alone.signal])).catch(() => signal.throwIfAborted())
    return alone.signal.aborted
      ? byDevice(to, session, { ...options, signal })
      : byDevice(to, session, {
          ...options,
          signal,
          openBrowser: false, // one stands open
          onEvent: (event) => onEvent?.(event.type === 'device' ? { ...event, beside: true } : event),
        })
  })()

  const throughBrowser = browser.catch((thrown) => {
    if (!isSignInError(thrown, 'unavailable')) throw thrown
    signal.throwIfAborted()
    onEvent?.({ type: 'fallback', because: thrown.message })
    alone.abort()
    return code
  })
  const byCode = code.catch((thrown) => {
    // A decision counts for both. A service that has no codes, or not now, may have the other way.
    if (isSignInError(thrown, 'denied') || isSignInError(thrown, 'expired')) throw thrown
    return throughBrowser
  })
  let token: CachedToken | undefined
  try {
    token = await Promise.race([throughBrowser, byCode])
    return token
  } finally {
    over.abort(new SignInError('unavailable', 'The sign-in was finished in another way.'))
    await endOther(to, await Promise.allSettled([browser, code]), token, clock.now())
  }
}

/** Who came second all but at the same moment has a session that nobody would use. */
async function endOther(
  to: Connections,
  ways: readonly PromiseSettledResult<CachedToken>[],
  token: CachedToken | undefined,
  now: number,
): Promise<void> {
  for (const way of ways)
    if (way.status === 'fulfilled' && way.value !== token) await endSession(to, way.value, now).catch(() => {}) // it ends by itself, later
}
