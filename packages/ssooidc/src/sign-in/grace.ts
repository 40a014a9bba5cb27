/** Time for what must not be cut off half done: whoever stops waits for it a moment longer, and no longer than that. */

/** Milliseconds that a person who has had enough hardly notices, and in which a service that is well has answered. */
const GRACE = 1_000

/** How long work may take. */
export type Bounds = {
  /** Gives the work another second, from then on. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds, whatever the signal says. Default: as long as it takes. */
  readonly limitMs?: number | undefined
}

/**
 * Runs work with a signal that fires a second after the caller's, so that the answer to a request that is on its way is still
 * seen. Its reason is the caller's.
 */
export async function withGrace<T>(work: (signal: AbortSignal) => Promise<T>, { signal, limitMs }: Bounds): Promise<T> {
  const over = new AbortController()
  const timers: ReturnType<typeof setTimeout>[] = []
  const endIn = (ms: number) => timers.push(setTimeout(() => over.abort(signal?.reason), ms))
  const onAbort = () => endIn(GRACE)
  if (limitMs !== undefined) endIn(limitMs)
  if (signal?.aborted) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  try {
    return await work(over.signal)
  } finally {
    signal?.removeEventListener('abort', onAbort)
    for (const timer of timers) clearTimeout(timer)
  }
}
