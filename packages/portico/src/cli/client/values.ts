/** Values that people type. */
import { Failure } from '../failure.ts'

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** `90s`, `30m`, `2h`, or seconds, as milliseconds. @throws Failure */
export function milliseconds(flag: string, typed: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,6})([smh])?$/.exec(typed) ?? []
  if (number === '') throw new Failure('usage', `${flag} is a time such as 90s, 30m or 2h, not ${typed}.`)
  return Number(number) * (units[unit] ?? 0)
}

/** The flag of an operation's member: `--client-name` of `clientName`. */
export function flagOf(member: string): string {
  return `--${member.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
