/** The directory: people, and what they may open. */

import { hot } from '../hot.ts'
import { toUser } from '../schema.ts'
import { userNameKey } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { endEverySession } from './sessions.ts'
import { read, write } from './transition.ts'
import { holdUser, isSignedIn, voidPersonLinks } from './user-life.ts'

export const findUser = read<'findUser'>(async (db, { id }) => {
  const [row] = await selectById(db, { id })
  return row && toUser(row)
})

export const findUserByName = read<'findUserByName'>(async (db, { userName }) => {
  const [row] = await selectByName(db, { key: userNameKey(userName) })
  return row && toUser(row)
})

export const readEntitlements = read<'readEntitlements'>(async (db, { userId }) => {
  const rows = await selectEntitlements(db, { userId })
  return rows
    .map((row) => ({
      ...row,
      requireSecondFactor: row.requireSecondFactor === 1,
      administrator: row.administrator === 1,
    }))
    .sort((a, b) => byText(a.accountId, b.accountId) || byText(a.roleName, b.roleName))
})

export const readGroupsOf = read<'readGroupsOf'>(async (db, { userId }) => {
  const rows = await selectGroupsOf(db, { userId })
  return rows
    .map(({ displayName, requireSecondFactor }) => ({ displayName, requireSecondFactor: requireSecondFactor === 1 }))
    .sort((a, b) => byText(a.displayName, b.displayName))
})

export const setPassword = write<'setPassword', 'directory' | 'revocations'>({
  async run(db, { userName, passwordHash, signInId, endSessions, revokedUntil, now, audit }, changed) {
    const [user] = await selectByName(db, { key: userNameKey(userName) })
    if (user === undefined || (await holdUser(db, user.id)) === undefined) return false
    if (signInId !== undefined && !(await isSignedIn(db, signInId))) return false
    await db.updateTable('users').set({ passwordHash }).where('id', '=', user.id).execute()
    await voidPersonLinks(db, user.id)
    await appendAudit(db, audit, user.id)
    await announce(db, changed, 'directory')
    if (endSessions) {
      await endEverySession(db, { userId: user.id, reason: 'credential-change', revokedUntil, now }, changed)
    }
    return true
  },
})

export const hasAdministrator = read<'hasAdministrator'>(async (db) => {
  const rows = await selectAdministrator(db, {})
  return rows.length > 0
})

/** Orders texts alike on every engine: a database's own order depends on its locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const selectById = hot((db, { id }: { id: string }) => db.selectFrom('users').selectAll().where('id', '=', id))

const selectByName = hot((db, { key }: { key: string }) =>
  db.selectFrom('users').selectAll().where('userNameKey', '=', key),
)

const selectAdministrator = hot((db, _: Record<never, never>) =>
  db
    .selectFrom('users')
    .leftJoin('passkeys', 'passkeys.userId', 'users.id')
    .select('users.id')
    .where('users.administrator', '=', 1)
    .where((eb) => eb.or([eb('users.passwordHash', 'is not', null), eb('passkeys.id', 'is not', null)]))
    .limit(1),
)

const selectGroupsOf = hot((db, { userId }: { userId: string }) =>
  db
    .selectFrom('memberships')
    .innerJoin('groups', 'groups.id', 'memberships.groupId')
    .select(['groups.displayName as displayName', 'groups.requireSecondFactor as requireSecondFactor'])
    .where('memberships.userId', '=', userId),
)

// `union` takes away the second of two ways to the same role.
const selectEntitlements = hot((db, { userId }: { userId: string }) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom('userAssignments')
        .select(['accountId', 'permissionSetId'])
        .where('userId', '=', userId)
        .union(
          eb
            .selectFrom('groupAssignments')
            .innerJoin('memberships', 'memberships.groupId', 'groupAssignments.groupId')
            .select(['groupAssignments.accountId', 'groupAssignments.permissionSetId'])
            .where('memberships.userId', '=', userId),
        )
        .as('assigned'),
    )
    .innerJoin('accounts', 'accounts.id', 'assigned.accountId')
    .innerJoin('permissionSets', 'permissionSets.id', 'assigned.permissionSetId')
    .select([
      'accounts.id as accountId',
      'accounts.name as accountName',
      'accounts.email as emailAddress',
      'accounts.broker as broker',
      'permissionSets.id as permissionSetId',
      'permissionSets.name as roleName',
      'permissionSets.sessionDuration as sessionDuration',
      'permissionSets.requireSecondFactor as requireSecondFactor',
      'permissionSets.administrator as administrator',
      'permissionSets.deviceFlow as deviceFlow',
    ]),
)
