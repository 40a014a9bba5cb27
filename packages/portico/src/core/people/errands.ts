/**
 * Work that is done behind an answer, so that the answer takes as long whether there was any: whoever asks for a link to a new
 * password must not learn from a clock whether there is such a person.
 *
 * One after another, in the order in which they came; one that hangs is waited for no longer than half a minute. An errand is
 * not durable: what a killed server had not done yet, somebody asks for again.
 */

/** Errands on their way. */
export type Errands = {
  /** Takes one, to be begun when what goes on now is answered. Never waits and never fails. */
  send(errand: () => Promise<unknown>): void
  /** Resolves when every errand that was taken is done: what a server does before it ends. */
  done(): Promise<void>
}

/** Errands that may wait; beyond that something is wrong, and more would only fill memory. */
const MOST_WAITING = 1_000

/** Milliseconds that the next errand waits for one. It may still be done, later. */
const LIMIT = 30_000

/**
 * Begins without any. `onFailure` is told of each that failed, hung, or could not be taken. `pause` waits for so many
 * milliseconds, unless its signal fires; left out, an errand has all the time that there is.
 */
export function createErrands(
  onFailure: (error: unknown) => void,
  pause: (ms: number, signal?: AbortSignal) => Promise<unknown> = () => new Promise(() => {}),
): Errands {
  let waiting = 0
  let last: Promise<void> = Promise.resolve()
  return {
    send(errand) {
      if (waiting >= MOST_WAITING) return onFailure(new Error('too many errands wait'))
      waiting += 1
      last = last
        // An answer is written before the event loop turns.
        .then(() => new Promise((turned) => setImmediate(turned)))
        .then(() => unlessItHangs(errand, pause))
        .then(
          () => {},
          (error: unknown) => onFailure(error),
        )
        .finally(() => {
          waiting -= 1
        })
    },
    done: () => last,
  }
}

async function unlessItHangs(
  errand: () => Promise<unknown>,
  pause: (ms: number, signal?: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const done = new AbortController()
  const late = pause(LIMIT, done.signal).then(() => {
    throw new Error(`it takes longer than ${LIMIT / 1_000} seconds, and what comes after it no longer waits`)
  })
  try {
    await Promise.race([errand(), late])
  } finally {
    done.abort()
  }
}
