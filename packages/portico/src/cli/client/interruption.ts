/** Ctrl-C, a terminal that is closed, and a supervisor that has had enough: whatever is under way ends in order. */
import { Failure } from '../failure.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs work with a signal that fires when the person has had enough. What it then throws is about that. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const end = () => stop.abort(new Failure('interrupted', 'Interrupted; nothing was changed.'))
  for (const signal of signals) process.on(signal, end)
  // A terminal that is gone makes every word to it an error, which nobody could read.
  const deaf = () => {}
  process.stderr.on('error', deaf)
  try {
    return await work(stop.signal)
  } finally {
    for (const signal of signals) process.off(signal, end)
  }
}
