/** `portico user disable`, `enable` and `delete`: a person is taken out, for a while or for good, with all that they have open. */
import { REVOCATION_LIFE } from '../../core/sessions/tokens.ts'
import { openData } from '../data/open-data.ts'
import type { Settings } from '../settings.ts'
import { commandEvent, knownUser } from './known-user.ts'
import { refuseShutOut } from './shut-out.ts'

/** Whether to go on even when nobody who administers, or nobody at all, could sign in afterwards. */
type Insisting = { yes: boolean }

/**
 * Disables a person, and ends all that they have open; or enables them, which brings nothing back.
 *
 * @throws Failure when nobody who administers could sign in afterwards, or there is no such person
 */
export async function setUserEnabled(
  settings: Settings,
  userName: string,
  enabled: boolean,
  { yes }: Insisting,
): Promise<void> {
  await using data = await openData(settings, { create: false })
  const user = await knownUser(data.storage, userName)
  const now = Date.now()
  const eventName = enabled ? 'EnableUser' : 'DisableUser'
  const outcome = await data.storage.setUserEnabled({
    ...{ userName: user.userName, enabled, revokedUntil: now + REVOCATION_LIFE, now, shutOut: yes },
    audit: commandEvent('portico user', eventName, user.id, {}, now),
  })
  refuseShutOut(outcome)
  const state = enabled ? 'enabled' : 'disabled'
  if (outcome === 'unchanged') console.log(`${user.userName} is ${state} already.`)
  else if (enabled) console.log(`${user.userName} is enabled, and may sign in again.`)
  else console.log(`${user.userName} is disabled. Whatever they had open has ended.`)
}

/**
 * Deletes a person and all that is theirs. What the audit log says of them stays.
 *
 * @throws Failure when nobody who administers could sign in afterwards, or there is no such person
 */
export async function deleteUser(settings: Settings, userName: string, { yes }: Insisting): Promise<void> {
  await using data = await openData(settings, { create: false })
  const user = await knownUser(data.storage, userName)
  const now = Date.now()
  const outcome = await data.storage.deleteUser({
    ...{ userName: user.userName, revokedUntil: now + REVOCATION_LIFE, now, shutOut: yes },
    audit: commandEvent('portico user', 'DeleteUser', user.id, { userName: user.userName }, now),
  })
  refuseShutOut(outcome)
  console.log(
    `${user.userName} is deleted. An organization file that still names them makes somebody new of that name.`,
  )
}
