/** What a person sees, on standard error, and what a program reads, on standard output. */

import { exitCodes } from '../failure.ts'

/** Version of the JSON that client commands print. It changes when a member changes its meaning or goes away. */
export const SCHEMA_VERSION = 1

/** Prints a result for a program. */
export function printJson(members: object): void {
  console.log(JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...members }))
}

/**
 * Answers for results that could not be written: a reader who has had enough, such as `head`, is no failure; a full disk is, or a
 * script would go on with half of a secret.
 */
export function watchOutput(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return
    say(`portico: The result could not be written (${code}).`)
    process.exitCode = exitCodes.error
  })
}

/** Says something to the person. A terminal that was closed hears nothing. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Whether somebody could answer a question. */
export function canAsk(given: { input?: boolean | undefined }): boolean {
  return given.input !== false && process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** Whether a line may be drawn over and coloured. */
export function isLively(): boolean {
  return process.stderr.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
}

/** Words of somebody else, on one line and without anything that steers a terminal: it would obey whoever wrote them. */
export function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}

/** Columns side by side, the last one as long as it is. */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(plain))
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n')
}

/** `42 s`, `9 min`, `7 h 5 min`, `3 days`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 100) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.round(hours / 24)} days`
}

/** `17:42`, or with the day when that is not today. */
export function moment(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)]
  const time = then.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return then.toDateString() === today.toDateString() ? time : `${then.toLocaleDateString()} ${time}`
}
