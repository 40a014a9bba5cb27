/** Ends a session, at the service and on this machine. */
import { connectionsOf, storeOf } from './around.ts'
import { forget, readKept } from './cache/keeping.ts'
import { systemClock } from './clock.ts'
import { endSession } from './end-session.ts'
import type { RefreshOptions } from './refresh.ts'
import type { Session } from './session.ts'

/** How a session ended. */
export type SignedOut = {
  /** Whether there was a token on this machine. */
  readonly hadToken: boolean
  /** Why the service could not be told, when it could not; the token is gone from here all the same. */
  readonly error: unknown
}

/** Tells the service, then forgets the token. What the service says does not matter: a token that it does not know is none. */
export async function signOut(
  session: Session,
  options: Pick<RefreshOptions, 'client' | 'store' | 'signal' | 'clock'> = {},
): Promise<SignedOut> {
  const { clock = systemClock } = options
  const store = await storeOf(options)
  const reading = await readKept(store, session)
  let error: unknown
  if (reading.outcome === 'found') {
    const to = connectionsOf(session, options.client)
    try {
      await endSession(to, reading.token, clock.now(), options.signal)
    } catch (thrown) {
      error = thrown
    } finally {
      await to[Symbol.asyncDispose]()
    }
  }
  forget(store, session)
  await store.exclusively(session, () => store.remove(session), options.signal)
  return { hadToken: reading.outcome === 'found', error }
}
