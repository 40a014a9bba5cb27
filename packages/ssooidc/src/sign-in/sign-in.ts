/** One call that signs a person in, by whichever method works from where they sit. */
import type { Connections } from '../client/connection.ts'
import { checkMilliseconds } from '../client/options.ts'
import { connectionsOf, storeOf } from './around.ts'
import { byBrowser } from './by-browser.ts'
import { byDevice } from './by-device.ts'
import { keep, keepHere, readKept } from './cache/keeping.ts'
import type { TokenStore } from './cache/store.ts'
import type { CachedToken } from './cache/token.ts'
import { systemClock } from './clock.ts'
import { byEither } from './either.ts'
import { endSession, endUnclaimed } from './end-session.ts'
import { type Choice, chooseMethod } from './method.ts'
import type { SignInOptions } from './options.ts'
import type { Session } from './session.ts'

/**
 * Signs a person in and keeps the token where every AWS tool of this machine finds it. What the person has approved is not lost:
 * a store that cannot take the token any more leaves it to this process (`onUnkept`), and a signal that fires after the approval
 * ends the session at the service, for which at most two seconds are taken.
 *
 * @throws SignInError `denied`, `expired`, `refused`, `failed`, and, where one method was asked for, `unavailable`; `unwritable` before anybody is asked
 * @throws ServiceException, ConnectionError, ConfigError as the calls do
 * @throws the reason of `signal`
 */
export async function signIn(session: Session, options: SignInOptions = {}): Promise<CachedToken> {
  checkMilliseconds('timeoutMs', options.timeoutMs)
  const to = connectionsOf(session, options.client)
  try {
    const store = await storeOf(options)
    // Before somebody is asked for what could not be kept.
    await (await store.reserve?.(session))?.cancel()
    const token = await byMethod(to, session, options)
    const before = await settle(to, store, session, token, options)
    if (options.endPrevious && before !== undefined) await endPrevious(to, before, options)
    return token
  } finally {
    await to[Symbol.asyncDispose]()
  }
}

/** Finds the token its place. What was there before it comes back, unless the store has kept that. */
async function settle(
  to: Connections,
  store: TokenStore,
  session: Session,
  token: CachedToken,
  options: SignInOptions,
): Promise<CachedToken | undefined> {
  const { signal, onUnkept } = options
  try {
    signal?.throwIfAborted()
    return await store.exclusively(session, () => replace(store, session, token, options), signal)
  } catch (thrown) {
    if (!signal?.aborted) {
      await keepHere(store, session, token, thrown, onUnkept)
      return undefined
    }
    await endUnclaimed(to, token, options)
    throw signal.reason
  }
}

async function replace(
  store: TokenStore,
  session: Session,
  token: CachedToken,
  options: SignInOptions,
): Promise<CachedToken | undefined> {
  const before = await readKept(store, session).catch(() => undefined) // the token in hand is worth more than what it says
  const isKept = await keep(store, session, token, options)
  return isKept && before?.outcome === 'found' ? before.token : undefined
}

async function endPrevious(
  to: Connections,
  before: CachedToken,
  { signal, clock = systemClock, onEvent }: SignInOptions,
): Promise<void> {
  try {
    await endSession(to, before, clock.now(), signal)
    onEvent?.({ type: 'previous', error: undefined })
  } catch (error) {
    onEvent?.({ type: 'previous', error })
  }
}

async function byMethod(to: Connections, session: Session, options: SignInOptions): Promise<CachedToken> {
  const { method = 'auto', onEvent } = options
  const choice = method === 'auto' ? await choose(session, options) : { method, because: 'it was asked for' }
  onEvent?.({ type: 'method', ...choice })
  if (choice.method === 'device') return byDevice(to, session, options)
  return method === 'auto' ? byEither(to, session, options) : byBrowser(to, session, options, false)
}

async function choose({ useDeviceCode }: Session, { openBrowser }: SignInOptions): Promise<Choice> {
  if (useDeviceCode) return { method: 'device', because: 'the session asks for it' }
  if (openBrowser === false) return { method: 'device', because: 'no browser is to be opened' }
  return chooseMethod((await import('./node-place.ts')).thisPlace())
}
