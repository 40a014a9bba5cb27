/**
 * How fast a device may ask whether it was approved. Stock clients ask twice at once before they begin to wait, so a burst
 * is fine; whoever keeps going faster than the interval is told to slow down.
 *
 * In memory: a node that forgets is merely patient again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */

/** Seconds between polls that StartDeviceAuthorization asks for. */
export const POLL_INTERVAL = 1

const BURST = 4
const MOST_GRANTS = 200_000

/** Remembers when each grant was polled. */
export type PollPacing = {
  /** Whether this poll comes in good time. A poll that does not still counts. */
  inTime(grantId: string, now: number): boolean
}

/** Pacing for many grants; those polled longest ago are forgotten first. */
export function createPollPacing(): PollPacing {
  const grants = new Map<string, { tokens: number; at: number }>()
  return {
    inTime(grantId, now) {
      const known = grants.get(grantId) ?? { tokens: BURST, at: now }
      const elapsed = Math.max(0, now - known.at) / 1000
      // A little more than one a second, so that a timer that fires early is not a fault.
      const tokens = Math.min(BURST, known.tokens + (elapsed / POLL_INTERVAL) * 1.1)
      grants.delete(grantId)
      grants.set(grantId, { tokens: Math.max(0, tokens - 1), at: now })
      if (grants.size > MOST_GRANTS) grants.delete(grants.keys().next().value ?? grantId)
      return tokens >= 1
    },
  }
}
