/**
 * What stands against device-code phishing: somebody else starts a sign-in and talks a person into approving it. A device and
 * its person are usually in one network; where they are seen not to be, the approval takes more and gives less.
 *
 * Not its job: who the person is, and what the pages say.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.4
 */
import type { DeviceFlow, Flow, Proximity } from '../../storage/storage.ts'
import type { Settings } from '../deps.ts'
import { hasSecondFactor } from '../factors/requirements.ts'
import { isLoopback, networkOf, sameFamily } from '../limits/network.ts'
import type { Person } from '../people/people.ts'

/** A session that was approved from another network ends after this, and cannot be continued. In milliseconds. */
export const DISTANT_SESSION_LIFE = 3_600_000
/** A person who approves something in another network has proved who they are within this. */
const FRESH = 300_000

/**
 * Whether two addresses belong to one network. Of addresses of different families nobody can tell, nor of two loopback ones:
 * everybody has that behind a proxy whose word is not believed.
 */
export function proximityOf(one: string, other: string): Proximity {
  if (!sameFamily(one, other) || (isLoopback(one) && isLoopback(other))) return 'unknown'
  return networkOf(one) === networkOf(other) ? 'same' : 'other'
}

/** Whether programs may sign in by device code at all. */
export function allowsDevices({ deviceFlow }: Pick<Settings, 'deviceFlow'>): boolean {
  return deviceFlow !== 'off'
}

/** Whether a device this near may be approved. */
export function allowsApproval({ deviceFlow }: Pick<Settings, 'deviceFlow'>, proximity: Proximity): boolean {
  return deviceFlow === 'on' || deviceFlow === 'step-up' || (deviceFlow === 'same-network' && proximity === 'same')
}

/** Whether the person must prove anew who they are before they approve a device this near. */
export function needsFreshProof(
  { deviceFlow }: Pick<Settings, 'deviceFlow'>,
  proximity: Proximity,
  person: Pick<Person, 'authenticatedAt'>,
  now: number,
): boolean {
  return deviceFlow !== 'on' && proximity === 'other' && now - person.authenticatedAt >= FRESH
}

/** Whether a link may bring the code along. Where not, the person types it, and so looks at the device. */
export function mayPrefill(settings: Pick<Settings, 'origin'>, proximity: Proximity): boolean {
  return proximity !== 'other' && !isUncertain(settings, proximity)
}

/** Whether nobody can tell how near a device is, which the person should know then. */
export function isUncertain({ origin }: Pick<Settings, 'origin'>, proximity: Proximity): boolean {
  // An instance on loopback is reached from its own machine only.
  return proximity === 'unknown' && !isLoopback(new URL(origin).hostname)
}

/** Whether a session is short and cannot be continued, because its device was elsewhere than its person. */
export function isDistant(
  { deviceFlow }: Pick<Settings, 'deviceFlow'>,
  session: { proximity: Proximity | null },
): boolean {
  return deviceFlow !== 'on' && session.proximity === 'other'
}

/**
 * Whether a role takes a session that was approved for a device, or that an application got for such a one. A role that does
 * not say takes what the instance approved.
 */
export function takesDevice(
  role: { deviceFlow: DeviceFlow | null },
  {
    flow,
    proximity = null,
    amr,
  }: { flow: Flow | 'browser'; proximity?: Proximity | null; amr: Parameters<typeof hasSecondFactor>[0] },
): boolean {
  // Only devices are near or far, so whatever knows how near began with one.
  const device = flow === 'device' || proximity !== null
  if (!device || role.deviceFlow === null || role.deviceFlow === 'on') return true
  if (role.deviceFlow === 'step-up') return proximity !== 'other' || hasSecondFactor(amr)
  return role.deviceFlow === 'same-network' && proximity === 'same'
}
