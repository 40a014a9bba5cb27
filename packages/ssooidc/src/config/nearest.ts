/** Helps a person who misspelt a name. */

/** What to say about a name that is none of `known`: the one that was meant, or all of them. */
export function nearestHint(name: string, known: readonly string[]): string {
  for (let edits = 0; edits < LONGEST; edits++) {
    const meant = known.find((each) => {
      const limit = Math.max(2, each.length / 3)
      return edits <= limit && isNear(name.toLowerCase(), each.toLowerCase(), edits)
    })
    if (meant !== undefined) return `did you mean ${meant}?`
  }
  return `the options are ${known.join(', ')}`
}

// A third of the longest name there is, and some: how many ways there are to misspell a name grows with every letter.
const LONGEST = 8

/** Whether so many letters added, taken away or changed make one of the other. (Levenshtein) */
function isNear(one: string, other: string, edits: number): boolean {
  if (one === other) return true
  const [a, b] = [one.slice(1), other.slice(1)]
  if (one !== '' && one[0] === other[0]) return isNear(a, b, edits)
  return edits > 0 && (isNear(a, b, edits - 1) || isNear(one, b, edits - 1) || isNear(a, other, edits - 1))
}
