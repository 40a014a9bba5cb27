/** Time that passes only when somebody sleeps, the same for the program and for the server. */
import type { Clock } from 'ssooidc/sign-in'

/** A clock for `signIn` and its like that shares the moment of a test's instance. `meanwhile` runs during each sleep. */
export function sharedClock(clock: { now: number }, meanwhile: (ms: number) => unknown = () => {}): Clock {
  return {
    now: () => clock.now,
    monotonic: () => clock.now,
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      clock.now += ms
      await meanwhile(ms)
      signal?.throwIfAborted()
    },
  }
}
