/** One call that signs a person in, by whichever method works from where they sit. */
import type { Connections } from '../client/connection.ts'
import { connectionsOf, storeOf } from './around.ts'
import { byBrowser } from './by-browser.ts'
import { byDevice } from './by-device.ts'
import { keep } from './cache/keeping.ts'
import type { CachedToken } from './cache/token.ts'
import { byEither } from './either.ts'
import { type Choice, chooseMethod } from './method.ts'
import type { SignInOptions } from './options.ts'
import type { Session } from './session.ts'

/**
 * Signs a person in and keeps the token where every AWS tool of this machine finds it.
 *
 * @throws SignInError `denied`, `expired`, `refused`, `failed`, and, where one method was asked for, `unavailable`; `unwritable` before anybody is asked
 * @throws ServiceException, ConnectionError, ConfigError as the calls do
 * @throws the reason of `signal`
 */
export async function signIn(session: Session, options: SignInOptions = {}): Promise<CachedToken> {
  const to = connectionsOf(session, options.client)
  try {
    const store = await storeOf(options)
    // Before somebody is asked for what could not be kept.
    await (await store.reserve?.(session))?.cancel()
    const token = await byMethod(to, session, options)
    await store.exclusively(session, () => keep(store, session, token, options), options.signal)
    return token
  } finally {
    await to[Symbol.asyncDispose]()
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
