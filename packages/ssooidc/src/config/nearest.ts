/** Helps a person who misspelt a name. */

/** What to say about a name that is none of `known`: the one that was meant, or all of them. */
export function nearestHint(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((each) => ({ each, distance: distance(name.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= Math.max(2, each.length / 3))
    .sort((a, b) => a.distance - b.distance)
  return nearest ? `did you mean ${nearest.each}?` : `the options are ${known.join(', ')}`
}

/** How many letters to add, take away or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length] ?? 0
}
