/**
 * Token buckets in memory, one a name, for limits that need not survive a restart: a burst of two seconds' worth, refilled
 * steadily. What must hold across restarts and nodes is counted in storage instead.
 */

/** Whether one more call fits. */
export type RateLimits = {
  /** Takes one from the bucket; 0 when it fitted, else the seconds until the next would. `perSecond` 0 means no limit. */
  take(bucket: string, perSecond: number, now: number): number
}

const MOST_BUCKETS = 100_000

/** Limits that remember at most a hundred thousand buckets, forgetting those used longest ago. */
export function createRateLimits(): RateLimits {
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    take(name, perSecond, now) {
      if (perSecond <= 0) return 0
      const burst = Math.max(1, perSecond * 2)
      const known = buckets.get(name)
      const refilled = known ? known.tokens + (Math.max(0, now - known.at) / 1000) * perSecond : burst
      const tokens = Math.min(burst, refilled)
      buckets.delete(name)
      buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
      if (buckets.size > MOST_BUCKETS) buckets.delete(buckets.keys().next().value ?? name)
      return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond))
    },
  }
}
