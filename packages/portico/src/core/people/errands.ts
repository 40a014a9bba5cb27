/**
 * Work that is done behind an answer, so that the answer takes as long whether there was any: whoever asks for a link to a new
 * password must not learn from a clock whether there is such a person.
 *
 * One after another, in the order in which they came. An errand is not durable: what a killed server had not done yet, somebody
 * asks for again.
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

/** Begins without any. `onFailure` is told of each that failed, or could not be taken. */
export function createErrands(onFailure: (error: unknown) => void): Errands {
  let waiting = 0
  let last: Promise<void> = Promise.resolve()
  return {
    send(errand) {
      if (waiting >= MOST_WAITING) return onFailure(new Error('too many errands wait'))
      waiting += 1
      last = last
        // An answer is written before the event loop turns.
        .then(() => new Promise((turned) => setImmediate(turned)))
        .then(errand)
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
