/** Columns for a terminal. */

/** Rows as aligned text. What strangers wrote, such as a program's name, is made harmless to terminals. */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(harmless))
  const widths = (clean[0] ?? []).map((_, column) => Math.max(...clean.map((row) => row[column]?.length ?? 0)))
  return clean
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Text that others wrote, without what would move a terminal's cursor or turn its text around. */
export function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\u{fffd}')
}
