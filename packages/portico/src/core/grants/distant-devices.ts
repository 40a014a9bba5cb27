/**
 * Programs that a person let in from another network than their own: the person is told at once, on their account page and by
 * letter, and each comes with one click that takes it back. Whoever was talked into an approval finds out while it matters.
 *
 * The letter's link is the proof: it ends that one session and does nothing else, for as long as the session could live. Opening
 * it changes nothing, because programs look at links in mail before people do.
 *
 * Not its job: which devices may be approved at all (`device-policy.ts`).
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-5.4
 */
import type { DeviceGrant, DistantDevice, NewSession, Session, User } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Deps, Origin } from '../deps.ts'
import { sendDistantDevice } from '../people/letters.ts'
import { REVOCATION_LIFE } from '../sessions/tokens.ts'

/** How long the account page tells of one that nobody has dismissed, in milliseconds. */
export const TOLD_FOR = 30 * 86_400_000

type Claims = { sessionId: string; expiresAt: number }

/** What is remembered of a device that gets its session now. */
export function distantDevice(
  { clientName, address, userAgent }: DeviceGrant,
  session: NewSession,
  userId: string,
  now: number,
): DistantDevice {
  return { sessionId: session.id, userId, clientName, address, userAgent, at: now, expiresAt: now + TOLD_FOR }
}

/** Writes to the person, with the link that ends what they let in. */
export function tellOfDistantDevice(
  deps: Deps,
  user: User,
  device: DistantDevice,
  { expiresAt }: Pick<NewSession, 'expiresAt'>,
): void {
  const claims: Claims = { sessionId: device.sessionId, expiresAt }
  const link = `${deps.settings.origin}/account/disown?link=${deps.sealer.seal('disown', claims)}`
  sendDistantDevice(deps, user, { ...device, expiresAt }, link)
}

/** The session that a link from a letter is about, over already or not; undefined when the link is of no use any more. */
export async function readDisownLink(deps: Deps, link: string, now: number): Promise<Session | undefined> {
  const claims = deps.sealer.open<Claims>('disown', link)
  if (claims === undefined || now >= claims.expiresAt) return undefined
  return deps.storage.findSession({ id: claims.sessionId })
}

/** Ends that session. Its tokens and role credentials stop at once. False when the link is of no use any more. */
export async function disown(deps: Deps, link: string, origin: Origin, now: number): Promise<boolean> {
  const session = await readDisownLink(deps, link, now)
  if (session === undefined) return false
  const { id, userId } = session
  await deps.storage.endSession({
    ...{ id, reason: 'disowned', revokedUntil: now + REVOCATION_LIFE, now },
    audit: auditEvent('EndSession', origin, userId, { sessionId: id, reason: 'disowned' }, now),
  })
  await deps.storage.dismissDistantDevice({ sessionId: id, userId })
  return true
}
