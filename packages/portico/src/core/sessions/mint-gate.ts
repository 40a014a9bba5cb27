/**
 * One question in front of everything that mints: may this person, through this session, have what is asked for, now? Every
 * grant and GetRoleCredentials ask here and nowhere else, so no sibling can forget a check.
 */
import type { Amr, User } from '../../storage/storage.ts'
import type { Reach } from '../access/access.ts'
import { mayUse } from '../applications/admission.ts'
import type { Deps } from '../deps.ts'
import { hasSecondFactor, lacksSecondFactor } from '../factors/requirements.ts'
import type { Revocable, Revocations } from './revocations.ts'

/** Why nothing is minted. */
export type Refusal = 'user-unknown' | 'user-disabled' | 'revoked' | 'session-over'

/** Decides. Undefined means yes. */
export function refusal(
  user: User | undefined,
  session: Revocable & { expiresAt: number },
  revocations: Revocations,
  now: number,
): Refusal | undefined {
  if (user === undefined) return 'user-unknown'
  if (!user.enabled) return 'user-disabled'
  if (now >= session.expiresAt) return 'session-over'
  if (revocations.covers(session)) return 'revoked'
  return undefined
}

/** What a living session lacks for what is asked of it by now. */
export type Shortfall = 'application' | 'assignment' | 'second-factor'

/** What a person is told whose session lacks a second factor. */
export const SECOND_FACTOR_NEEDED =
  'A second factor is required here now. Sign in again and use one; whoever has none sets one up on the way.'

/**
 * Compares a session with what is asked of it by now. Undefined means that it lacks nothing. `application` is the ARN of the
 * one that its client is, or is for.
 */
export function shortfall(
  { settings, applications }: Pick<Deps, 'settings' | 'applications'>,
  reach: Reach,
  session: { amr: Amr; application: string | null | undefined },
): Shortfall | undefined {
  const application = session.application ? applications.find(session.application) : undefined
  if (session.application && application === undefined) return 'application'
  if (application !== undefined && !mayUse(application, reach)) return 'assignment'
  return lacksSecondFactor(settings, reach, session.amr) ? 'second-factor' : undefined
}

/** Whether a session may have credentials of this role: some are only for people who proved themselves with two factors. */
export function mayAssume(role: { requireSecondFactor: boolean }, session: { amr: Amr }): boolean {
  return !role.requireSecondFactor || hasSecondFactor(session.amr)
}
