/** Bugs that are meant: the fuzzer must find them, and its tests say so. */

/** Throws for one word only, which nobody guesses whole. Each right letter is a step that a search can see. */
export function nested(input: Buffer): void {
  if (input[0] !== 0x46) return
  if (input[1] !== 0x75) return
  if (input[2] !== 0x7a) return
  if (input[3] === 0x7a) throw new Error('planted: the word was said')
}

/** Looks for the end of a run of blanks from every eighth of them. */
export function quadratic(input: Buffer): void {
  const text = input.toString('latin1')
  for (let at = 0; at < text.length; at += 8) {
    let end = at
    while (text.charCodeAt(end) === 0x20) end++
  }
}
