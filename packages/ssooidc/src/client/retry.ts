/**
 * Whether a failed attempt is followed by another, and when. Whether that is safe is known by whoever made the error; this
 * decides whether it is of use, and holds the budget that keeps many callers from drowning a struggling service.
 */
import { transience } from '../protocol/rest-json/client.ts'
import { ConnectionError } from './errors.ts'

const CAPACITY = 500
const RETRY_COST = 14
const THROTTLED_COST = 5
const FIRST_WAIT = 50
const FIRST_WAIT_THROTTLED = 1_000
const LONGEST_WAIT = 20_000

/** What a client may still spend on retries. Every answer gives a little back. */
export type RetryBudget = { left: number }

/** A full budget. */
export const retryBudget = (): RetryBudget => ({ left: CAPACITY })

/** An answer came: gives back what a retry costs, or a little. */
export function refund(budget: RetryBudget, retried: boolean): void {
  budget.left = Math.min(CAPACITY, budget.left + (retried ? RETRY_COST : 1))
}

/**
 * Milliseconds until the next attempt; undefined when there is none. `attempt` is the number of the one that failed,
 * `random` is from 0 to 1.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function retryIn(
  thrown: unknown,
  attempt: number,
  { maxAttempts, maxRetryAfterMs }: { maxAttempts: number; maxRetryAfterMs: number },
  budget: RetryBudget,
  random: number,
): number | undefined {
  const { status, retryAfter = 0, retrySafe } = thrown as { status?: number; retryAfter?: number; retrySafe?: boolean }
  const trouble = transience(status)
  // What may pass by itself and may be asked about again. A time that is up is up.
  const mayPass = retrySafe === true && (trouble !== undefined || thrown instanceof ConnectionError)
  const [cost, first] = trouble === 'throttled' ? [THROTTLED_COST, FIRST_WAIT_THROTTLED] : [RETRY_COST, FIRST_WAIT]
  const asked = retryAfter * 1_000
  if (!mayPass || attempt >= maxAttempts || asked > maxRetryAfterMs || budget.left < cost) return undefined
  budget.left -= cost
  return Math.max(asked, random * Math.min(LONGEST_WAIT, first * 2 ** (attempt - 1)))
}
