/** The person whom a command names, and lines of the audit log about what commands do. */
import { nearest } from '../../core/organization/nearest.ts'
import type { AuditEvent, Storage, User } from '../../storage/storage.ts'
import { Failure } from '../failure.ts'

/**
 * The user of that name.
 *
 * @throws Failure that says who may have been meant, when there is none
 */
export async function knownUser(storage: Storage, userName: string): Promise<User> {
  const user = await storage.findUserByName({ userName })
  if (user !== undefined) return user
  const names = (await storage.readOrganization({})).users.map((known) => known.userName)
  const meant = nearest(userName, names)
  const hint = meant ? `Did you mean ${meant}?` : '`portico user list` shows who there is.'
  throw new Failure('error', `There is no user ${userName}. ${hint}`)
}

/**
 * A line about what a command did. Whoever runs commands on this machine has no name here; `userId` is whom it was done to.
 *
 * @param command such as `portico user`
 */
export function commandEvent(
  command: string,
  eventName: string,
  userId: string | null,
  detail: AuditEvent['detail'],
  now: number,
): AuditEvent {
  return { at: now, eventName, userId, address: null, userAgent: command, detail }
}
