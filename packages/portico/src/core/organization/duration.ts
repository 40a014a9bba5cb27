const PATTERN = /^P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?$/

/**
 * Reads an ISO 8601 duration of days, hours, minutes and seconds, such as `PT8H`: how AWS writes session durations.
 *
 * @returns seconds, or undefined when the text is something else
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
 */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text)
  if (!match || text.endsWith('P') || text.endsWith('T')) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((digits) => Number(digits ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}

/** Writes seconds as the shortest ISO 8601 duration that `parseDuration` reads back. */
export function formatDuration(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const time = [
    [Math.floor(seconds / 3600) % 24, 'H'],
    [Math.floor(seconds / 60) % 60, 'M'],
    [seconds % 60, 'S'],
  ] as const
  const written = time.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('')
  if (days === 0 && written === '') return 'PT0S'
  return `P${days > 0 ? `${days}D` : ''}${written === '' ? '' : `T${written}`}`
}
