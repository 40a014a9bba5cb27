/**
 * A number that a terminal shows and the approval page asks for, among three: whoever approves has seen that terminal, or was told
 * by somebody who has. For programs that ask for it; AWS's own do not know of it.
 *
 * The three belong to the grant from its beginning. Wrong ones that were drawn for each page would give the right one away, as the
 * only one that comes back.
 */
import type { Random } from '../keys/random.ts'

/** How many numbers the page offers. */
const OFFERED = 3
const SMALLEST = 10
const HOW_MANY = 90

/** Three different numbers of two digits. The first is what the terminal shows. */
export function drawNumbers(random: Random): readonly number[] {
  // 180 is the greatest multiple of 90 in a byte: keeping what lies above it would favour the numbers up to 85.
  const fair = 256 - (256 % HOW_MANY)
  const numbers = new Set<number>()
  while (numbers.size < OFFERED)
    for (const byte of random.bytes(OFFERED))
      if (byte < fair && numbers.size < OFFERED) numbers.add(SMALLEST + (byte % HOW_MANY))
  return [...numbers]
}

/** Whether somebody chose what the terminal shows. */
export function isMatch(numbers: readonly number[], chosen: number): boolean {
  return chosen === numbers[0]
}

/** The numbers as the page offers them: in their own order, which says nothing about which is right. */
export function offered(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((one, other) => one - other)
}
