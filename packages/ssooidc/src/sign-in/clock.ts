/** Time, as sign-in needs it: tests set it, everybody else has the system's. */
import { LONGEST_TIMER, sleep } from '../client/attempt.ts'

/** Three ways to look at time. */
export type Clock = {
  /** Epoch milliseconds. What is written into files is measured by it. */
  now(): number
  /** Milliseconds that only ever grow. Deadlines are measured by it, since people set their clocks. */
  monotonic(): number
  /** Resolves after so many milliseconds, or some weeks if that is sooner; rejects at once with the reason of `signal`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(Math.min(ms, LONGEST_TIMER), signal),
}
