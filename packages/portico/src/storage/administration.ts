/**
 * What administrators do to what others have: look at sessions, end them, and take people and clients out. Part of the
 * storage door: see `storage.ts` for what every transition promises.
 */
import type { AuditEvent, EndReason, Session, ShutOut } from './storage.ts'

/** What every ending by somebody else is told. */
export type Ending = { reason: EndReason; revokedUntil: number; now: number; audit: AuditEvent }

/** Every way to look at and to end what others have. */
export interface AdministrationTransitions {
  /**
   * At most `limit` sessions that are alive at `now`, newest first: all, or those of one user, of one client, or of one user
   * with one client.
   */
  findSessions(input: {
    userId: string | null
    clientHash: string | null
    now: number
    limit: number
  }): readonly Session[]
  /**
   * Ends every living session of a client, each with a revocation of its own, so that the client may begin anew. A session
   * that was over less than `revokedUntil - now` ago is revoked as well, because something that was given through it may be
   * alive. What was approved for it and nobody has redeemed yet becomes no session afterwards. Answers how many living ones
   * it ended.
   */
  endSessionsOfClient(input: { clientHash: string } & Ending): number
  /**
   * Does what `endSessionsOfClient` does, denies what waits for a decision, and appends a revocation of the client itself
   * until `deniedUntil`, when its registration is over. Answers how many living sessions it ended.
   */
  denyClient(input: { clientHash: string; deniedUntil: number } & Ending): number
  /**
   * Ends every session and every browser's sign-in, with one revocation of the instance. What anybody approved and nobody has
   * redeemed yet becomes no session afterwards. Answers how many sessions it ended.
   */
  endAllSessions(input: Ending): number
  /**
   * Disables a user, voids their unused links and ends all that they have open, or enables them again: what was ended stays
   * ended. `unchanged` when they were so already. Shuts nobody out, as `applyOrganization` does not, unless `shutOut`.
   */
  setUserEnabled(
    input: { userName: string; enabled: boolean; shutOut?: boolean } & Omit<Ending, 'reason'>,
  ): 'changed' | 'unchanged' | 'unknown' | ShutOut
  /**
   * Deletes a user with their memberships, assignments and whatever they prove themselves with, and ends all that they have
   * open. Audit lines about them stay. Somebody of that name who is described later is somebody else. Shuts nobody out, as
   * `applyOrganization` does not, unless `shutOut`.
   */
  deleteUser(input: { userName: string; shutOut?: boolean } & Omit<Ending, 'reason'>): 'deleted' | 'unknown' | ShutOut
}
