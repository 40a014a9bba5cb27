/**
 * Work in proportion to size: a parser whose work grows faster than its input can be stopped by one request. An input is made
 * as long as the greatest body that is read, by repeating a piece of it, and must not cost much more than four times what it
 * cost at a quarter of the length.
 *
 * Measured in time of this thread's processor, which other programs do not use up, and the least of several attempts.
 */
import type { Dice } from './random.ts'

/** The longest body that the server reads; no header or target is as long. */
export const LONGEST = 65_536

/** Less than this is nothing to worry about, however it grows. Milliseconds. */
const NOTICEABLE = 100
/** Linear work takes four times as long for four times the input, quadratic work sixteen times. */
const MOST_GROWTH = 8

/** Runs the check, whatever it says. */
export type Run = (input: Buffer) => unknown

/** Some input of `length` bytes that is the given one with a piece of it repeated. */
export type Grown = (length: number) => Buffer

/** A way to grow an input. */
export function growing(input: Buffer, dice: Dice): Grown {
  const from = dice.below(input.length)
  const length = 1 + dice.below(Math.min(input.length - from, 1 << dice.below(6)))
  const [head, piece, tail] = [input.subarray(0, from), input.subarray(from, from + length), input.subarray(from)]
  // Without its end, the input may not be what it was; what fails late has worked most.
  const end = dice.below(3) === 0 ? Buffer.alloc(0) : dice.below(2) === 0 ? tail : tail.subarray(length)
  return (size) => {
    const times = Math.max(1, Math.floor((size - head.length - end.length) / piece.length))
    return Buffer.concat([head, Buffer.alloc(times * piece.length, piece), end])
  }
}

/** How the work of an input grows, if it grows too fast: a sentence. */
export async function overwork(grown: Grown, run: Run): Promise<string | undefined> {
  if ((await milliseconds(grown(LONGEST), run, 1)) < NOTICEABLE) return undefined
  const whole = await milliseconds(grown(LONGEST), run, 3)
  const quarter = await milliseconds(grown(LONGEST / 4), run, 5)
  if (whole < NOTICEABLE || whole < quarter * MOST_GROWTH) return undefined
  return `${LONGEST / 1024} kB took ${Math.round(whole)} ms of processor time, a quarter of that ${Math.round(quarter)} ms`
}

async function milliseconds(input: Buffer, run: Run, attempts: number): Promise<number> {
  let least = Infinity
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = process.threadCpuUsage()
    await run(input)
    const { user, system } = process.threadCpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}
