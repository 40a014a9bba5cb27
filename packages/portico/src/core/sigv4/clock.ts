import { SigV4Refusal } from './refusal.ts'

/** Five minutes in milliseconds: as far as a signer's clock may be from ours, either way, unless a setting says otherwise. */
export const defaultSkew = 5 * 60_000

/**
 * Refuses what was signed more than `skew` milliseconds from `now`. The messages begin as AWS's do, for the scripts and
 * people that know them.
 *
 * @throws SigV4Refusal of kind `clock-skew`
 */
export function checkClock(signedAt: number, now: number, skew: number): void {
  const distance = `${formatTimestamp(signedAt)} is more than ${skew / 60_000} min from ${formatTimestamp(now)}`
  const advice = 'the time here. Check the clock of your machine.'
  if (signedAt < now - skew) throw new SigV4Refusal('clock-skew', `Signature expired: ${distance}, ${advice}`)
  if (signedAt > now + skew) throw new SigV4Refusal('clock-skew', `Signature not yet current: ${distance}, ${advice}`)
}

/** Epoch milliseconds of `YYYYMMDDTHHMMSSZ`; undefined for anything else and for moments that no calendar has. */
export function parseTimestamp(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  // Date.parse takes February 30th for March 2nd; only what reads back as it was written is meant.
  return !Number.isNaN(at) && formatTimestamp(at) === text ? at : undefined
}

/** `YYYYMMDDTHHMMSSZ` of epoch milliseconds. */
export function formatTimestamp(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '')
}
