/** Numbers that look random and come again for the same seed, so that a run can be repeated. */

/** A source of numbers; `below(n)` is a whole number from 0 to n − 1. */
export type Dice = {
  below(n: number): number
  pick<T>(from: readonly T[]): T
}

/** The sequence of a seed. @see https://prng.di.unimi.it/splitmix64.c for the mixing, here with 32 bits */
export function dice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const below = (n: number) => Math.floor((next() / 2 ** 32) * n)
  return {
    below,
    pick<T>(from: readonly T[]) {
      if (from.length === 0) throw new Error('there is nothing to pick from')
      return from[below(from.length)] as T // the index is within the list
    },
  }
}
