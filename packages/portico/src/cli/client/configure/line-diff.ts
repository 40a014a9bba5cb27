/** What changed between two texts, line by line, for a person. */

/** Lines that went with `-`, lines that came with `+`, and two of those around them; an empty text when nothing changed. */
export function lineDiff(before: string, after: string): string {
  const marked = compare(linesOf(before), linesOf(after))
  const near = marked.map((_, index) => marked.slice(Math.max(0, index - 2), index + 3).some(([mark]) => mark !== ' '))
  return marked.flatMap(([mark, line], index) => (near[index] ? [`${mark} ${line}`.trimEnd()] : [])).join('\n')
}

/** The end of the last line begins no other. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

type Marked = readonly [mark: ' ' | '-' | '+', line: string]

/** The longest lines in common stay; these files have some hundred. */
function compare(a: readonly string[], b: readonly string[]): Marked[] {
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  const at = (i: number, j: number) => common[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const marked: Marked[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      marked.push([' ', a[i++] ?? ''])
      j++
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) marked.push(['-', a[i++] ?? ''])
    else marked.push(['+', b[j++] ?? ''])
  }
  return marked
}
