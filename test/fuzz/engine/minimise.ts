/** Makes a corpus small: few inputs, short ones, that reach all that it reached. */
import type { Coverage } from './coverage.ts'
import { shorten } from './shorten.ts'

/** What the check threw. */
export type Attempt = (input: Buffer) => Error | undefined | Promise<Error | undefined>

/** Minimises for so long and no longer. What the result reaches is afterwards what `coverage` has taken in. */
export async function minimise(
  corpus: readonly Buffer[],
  attempt: Attempt,
  coverage: Coverage,
  milliseconds: number,
): Promise<readonly Buffer[]> {
  const needed = async (inputs: readonly Buffer[]) => {
    coverage.forget()
    const kept: Buffer[] = []
    for (const input of inputs) {
      coverage.skip()
      if ((await attempt(input)) !== undefined || !coverage.peek()) continue
      await attempt(input)
      coverage.add()
      kept.push(input)
    }
    return kept
  }
  const trace = async (input: Buffer) => {
    coverage.skip()
    return (await attempt(input)) === undefined ? coverage.trace() : undefined
  }
  // Short ones first, so that they are not left out for longer ones; then from the end, which may make the first superfluous.
  const few = await needed((await needed([...corpus].sort((a, b) => a.length - b.length))).reverse())
  const deadline = performance.now() + milliseconds
  const short: Buffer[] = []
  for (const input of few) {
    const wanted = await trace(input)
    const stays = async (shorter: Buffer) => performance.now() < deadline && (await trace(shorter)) === wanted
    short.push(await shorten(input, stays))
  }
  return needed(short)
}
