/**
 * A person and a device's request: finding it by the code that the person reads off the device, and deciding it. Sign-in comes
 * first, so every guess at a code is somebody's.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.3
 */
import type { DeviceGrant } from '../../storage/storage.ts'
import type { Reach } from '../access/access.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Deps, Origin } from '../deps.ts'
import { type ProofNeeded, proofNeededToApprove } from '../factors/proof-needed.ts'
import { ATTEMPT_WINDOW, bucketsOf, countAttempt } from '../limits/attempts.ts'
import type { Person } from '../people/people.ts'
import { allowsApproval, needsFreshProof, proximityOf } from './device-policy.ts'
import { isMatch } from './number-match.ts'
import { normaliseUserCode } from './user-code.ts'

/** What the code stands for. */
export type Found =
  | { outcome: 'found'; grant: DeviceGrant; userCode: string }
  | { outcome: 'unknown' }
  /** The ten minutes are over. */
  | { outcome: 'expired' }
  | { outcome: 'too-many-attempts' }
  /** Somebody decided already. */
  | { outcome: 'decided' }

/** Finds the request that a code stands for. Wrong guesses count. */
export async function findByUserCode(
  deps: Deps,
  person: Person,
  typed: string,
  origin: Origin,
  now: number,
): Promise<Found> {
  const userCode = normaliseUserCode(typed)
  if (userCode === undefined) return { outcome: 'unknown' }
  const guess = await deps.storage.guessUserCode({
    // A key that was rotated a moment ago has made codes that still wait.
    userCodeMacs: deps.sealer.macs('user-code', userCode),
    buckets: bucketsOf('user-code', person.reach.user.id, origin),
    window: ATTEMPT_WINDOW,
    now,
  })
  if (guess.outcome === 'too-many') return { outcome: 'too-many-attempts' }
  if (guess.outcome === 'miss') return { outcome: 'unknown' }
  const { grant } = guess
  if (grant.state !== 'pending') return { outcome: 'decided' }
  return now < grant.expiresAt ? { outcome: 'found', grant, userCode } : { outcome: 'expired' }
}

/** How a decision ended. */
export type Decided =
  | { outcome: 'approved' | 'denied'; grant: DeviceGrant }
  /** The device shows another number than the person chose, so it is denied. */
  | { outcome: 'wrong-number'; grant: DeviceGrant }
  /** The device shows a number, and the person has not said which. Denying needs none. */
  | { outcome: 'number-needed' }
  | Exclude<Found, { outcome: 'found' }>
  /** This instance lets nobody approve a device in another network than theirs. */
  | { outcome: 'elsewhere' }
  /** The person must prove more before they may approve. Denying needs nothing. */
  | { outcome: 'proof-needed'; needed: Exclude<ProofNeeded, 'nothing'> }

/** What a person decides, and the number that they chose where the device shows one. */
export type Decision = { decision: 'approve' | 'deny'; number?: number | undefined }

/** Approves or denies the request that a code stands for. The first decision stands. */
export async function decide(
  deps: Deps,
  person: Person,
  typed: string,
  { decision, number }: Decision,
  origin: Origin,
  now: number,
): Promise<Decided> {
  const needed = decision === 'approve' ? await proofNeededToApprove(deps, person, now) : 'nothing'
  if (needed !== 'nothing') return { outcome: 'proof-needed', needed }
  const found = await findByUserCode(deps, person, typed, origin, now)
  if (found.outcome !== 'found') return found
  const { grant } = found
  const proximity = proximityOf(grant.address, origin.address)
  if (decision === 'approve') {
    if (!allowsApproval(deps.settings, proximity)) return { outcome: 'elsewhere' }
    if (needsFreshProof(deps.settings, proximity, person, now)) return { outcome: 'proof-needed', needed: 'sign-in' }
  }
  const userId = person.reach.user.id
  const match = decision === 'approve' ? await judgeNumber(deps, grant, userId, number, origin, now) : 'right'
  if (match === 'number-needed' || match === 'too-many-attempts') return { outcome: match }
  const wrong = match === 'wrong'
  const approved = decision === 'approve' && !wrong
  const eventName = approved ? 'ApproveDevice' : 'DenyDevice'
  const { clientName, clientHash, address: startedFrom, scopes } = grant
  const detail = {
    clientName,
    clientHash,
    startedFrom,
    proximity,
    scopes,
    amr: person.amr,
    ...(wrong ? { reason: 'wrong-number' } : {}),
  }
  const first = await deps.storage.decideDeviceGrant({
    id: grant.id,
    decision: approved ? 'approve' : 'deny',
    userId,
    authenticatedAt: person.authenticatedAt,
    amr: person.amr,
    proximity,
    now,
    audit: auditEvent(eventName, origin, userId, detail, now),
  })
  if (!first) return { outcome: 'decided' }
  return { outcome: wrong ? 'wrong-number' : approved ? 'approved' : 'denied', grant }
}

/** Whether the person chose what the device shows. A device that shows no number takes any answer for right. */
async function judgeNumber(
  deps: Deps,
  { numbers }: DeviceGrant,
  userId: string,
  number: number | undefined,
  origin: Origin,
  now: number,
): Promise<'right' | 'wrong' | 'number-needed' | 'too-many-attempts'> {
  if (numbers === null) return 'right'
  if (number === undefined) return 'number-needed'
  const counted = await countAttempt(deps, 'match-number', userId, origin, now)
  if (counted === undefined) return 'too-many-attempts'
  if (!isMatch(numbers, number)) return 'wrong'
  await counted.refund()
  return 'right'
}

/** What an approval would hand over: how many accounts, and the role that can do most, by its name. */
export function reachOf({ entitlements }: Reach): { accounts: number; strongestRole: string | undefined } {
  const accounts = new Set(entitlements.map(({ accountId }) => accountId)).size
  const names = entitlements.map(({ roleName }) => roleName)
  const strongest = [/admin/i, /power|write|full/i, /./].flatMap((pattern) =>
    names.filter((name) => pattern.test(name)),
  )
  return { accounts, strongestRole: strongest[0] }
}
