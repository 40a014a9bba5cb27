/** Applies what ties nouns together, and the settings. */

import type { Kysely } from 'kysely'
import type { Database } from '../../schema.ts'
import { type Organization, userNameKey } from '../../storage.ts'
import { idOf, type Nouns } from './nouns.ts'
import type { Stored } from './stored.ts'

/** Who is in which group. A membership goes when both its user and its group are named, and it is not. Answers how many rows were written. */
export async function applyMemberships(
  db: Kysely<Database>,
  { users }: Organization,
  stored: Stored,
  nouns: Nouns,
): Promise<number> {
  const wanted = users.flatMap(({ userName, groups }) => {
    const userId = idOf(nouns.users.ids, userNameKey(userName))
    return groups.map((group) => ({ userId, groupId: idOf(nouns.groups.ids, group) }))
  })
  const inScope = ({ userId, groupId }: { userId: string; groupId: string }) =>
    nouns.users.named.has(userId) && nouns.groups.named.has(groupId)
  const { missing, surplus } = compare(stored.memberships, wanted, ({ userId, groupId }) => `${userId} ${groupId}`)
  const removed = surplus.filter(inScope)
  for (const membership of missing) await db.insertInto('memberships').values(membership).execute()
  for (const { userId, groupId } of removed) {
    await db.deleteFrom('memberships').where('userId', '=', userId).where('groupId', '=', groupId).execute()
  }
  return missing.length + removed.length
}

/** Who has which role where. An assignment goes when its account and its principal are named, and it is not. Answers how many rows were written. */
export async function applyAssignments(
  db: Kysely<Database>,
  { assignments }: Organization,
  stored: Stored,
  nouns: Nouns,
): Promise<number> {
  const ofUsers: Stored['userAssignments'] = []
  const ofGroups: Stored['groupAssignments'] = []
  for (const { account, permissionSet, user, group } of assignments) {
    const accountId = idOf(nouns.accounts.ids, account)
    const permissionSetId = idOf(nouns.permissionSets.ids, permissionSet)
    if (user !== null) ofUsers.push({ accountId, permissionSetId, userId: idOf(nouns.users.ids, userNameKey(user)) })
    if (group !== null) ofGroups.push({ accountId, permissionSetId, groupId: idOf(nouns.groups.ids, group) })
  }
  const userChanges = compare(stored.userAssignments, ofUsers, (row) => place(row, row.userId))
  const groupChanges = compare(stored.groupAssignments, ofGroups, (row) => place(row, row.groupId))
  const { accounts, users, groups } = nouns
  const userRemovals = userChanges.surplus.filter(
    (row) => accounts.named.has(row.accountId) && users.named.has(row.userId),
  )
  const groupRemovals = groupChanges.surplus.filter(
    (row) => accounts.named.has(row.accountId) && groups.named.has(row.groupId),
  )
  for (const row of userChanges.missing) await db.insertInto('userAssignments').values(row).execute()
  for (const row of groupChanges.missing) await db.insertInto('groupAssignments').values(row).execute()
  for (const { accountId, permissionSetId, userId } of userRemovals) {
    await db
      .deleteFrom('userAssignments')
      .where('accountId', '=', accountId)
      .where('permissionSetId', '=', permissionSetId)
      .where('userId', '=', userId)
      .execute()
  }
  for (const { accountId, permissionSetId, groupId } of groupRemovals) {
    await db
      .deleteFrom('groupAssignments')
      .where('accountId', '=', accountId)
      .where('permissionSetId', '=', permissionSetId)
      .where('groupId', '=', groupId)
      .execute()
  }
  return userChanges.missing.length + groupChanges.missing.length + userRemovals.length + groupRemovals.length
}

const place = ({ accountId, permissionSetId }: { accountId: string; permissionSetId: string }, principal: string) =>
  `${accountId} ${permissionSetId} ${principal}`

/** The settings, as a whole. Answers how many rows were written. */
export async function applySettings(db: Kysely<Database>, { settings }: Organization, stored: Stored): Promise<number> {
  const wanted = Object.entries(settings).map(([name, value]) => ({ name, value: JSON.stringify(value) }))
  const { missing, surplus } = compare(stored.settings, wanted, ({ name, value }) => `${name} ${value}`)
  for (const { name } of surplus) await db.deleteFrom('settings').where('name', '=', name).execute()
  for (const setting of missing) await db.insertInto('settings').values(setting).execute()
  return missing.length + surplus.length
}

/** What is wanted and not stored, each once, and what is stored and not wanted. */
function compare<Item>(stored: readonly Item[], wanted: readonly Item[], keyOf: (item: Item) => string) {
  const storedKeys = new Set(stored.map(keyOf))
  const byKey = new Map(wanted.map((item) => [keyOf(item), item]))
  return {
    missing: [...byKey.values()].filter((item) => !storedKeys.has(keyOf(item))),
    surplus: stored.filter((item) => !byKey.has(keyOf(item))),
  }
}
