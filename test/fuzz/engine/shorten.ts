/** Makes an input shorter as long as something stays true of it. */
const MOST_TRIALS = 400

/** The shortest that was found, by taking out pieces: halves first, single bytes last. */
export async function shorten(input: Buffer, stays: (shorter: Buffer) => Promise<boolean>): Promise<Buffer> {
  let best = input
  let trials = 0
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length && trials < MOST_TRIALS; ) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)])
      trials += 1
      if (await stays(shorter)) best = shorter
      else at += size
    }
  }
  return best
}
