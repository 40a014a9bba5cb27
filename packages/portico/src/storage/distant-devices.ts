/**
 * The part of the storage contract that is about programs which got access from another network than that of the person who
 * approved it. Each is remembered beyond its session, until the person has seen it or a month is over.
 */

/** A program that was let in from afar. */
export type DistantDevice = {
  /** The session that it got. */
  sessionId: string
  userId: string
  /** What it calls itself: attacker-chosen text. */
  clientName: string
  /** Where the sign-in began, and on what. */
  address: string
  userAgent: string
  /** When it got its tokens. */
  at: number
  /** When the person need not be told of it any more. */
  expiresAt: number
}

/** Every way to read or change them; `redeemDeviceGrant` adds one. */
export interface DistantDeviceTransitions {
  /** Those of a user that are not dismissed and not expired at `now`, newest first. */
  listDistantDevices(input: { userId: string; now: number }): readonly DistantDevice[]
  /** The user has seen it. Dismissing one that is gone, or another user's, changes nothing. */
  dismissDistantDevice(input: { sessionId: string; userId: string }): void
}
