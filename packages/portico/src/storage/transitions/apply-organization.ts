/**
 * Makes what is stored say what an organization says. It is compared with what is stored first, so that applying the same
 * file at every start writes nothing and tells nobody.
 */

import { randomBytes, randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { type Database, userNameKey } from '../schema.ts'
import type { Organization } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { announce } from './changes.ts'
import { readStored } from './organization.ts'
import { write } from './transition.ts'

export const applyOrganization = write<'applyOrganization', 'directory'>({
  async run(db, { organization, audit }, changed) {
    const stored = await readStored(db)
    const users = await applyUsers(db, organization, stored)
    const groups = await applyGroups(db, organization, stored)
    const accounts = await applyAccounts(db, organization, stored)
    const permissionSets = await applyPermissionSets(db, organization, stored)
    const nouns = { users, groups, accounts, permissionSets }
    const writes =
      users.writes +
      groups.writes +
      accounts.writes +
      permissionSets.writes +
      (await applyMemberships(db, organization, stored, nouns)) +
      (await applyAssignments(db, organization, stored, nouns)) +
      (await applySettings(db, organization, stored))
    if (writes === 0) return
    await appendAudit(db, audit)
    await announce(db, changed, 'directory')
  },
})

type Stored = Awaited<ReturnType<typeof readStored>>

/** What is known of a noun once it has been applied: the id of every name, which ids the organization names, what it took. */
type Applied = { ids: ReadonlyMap<string, string>; named: ReadonlySet<string>; writes: number }
type Nouns = Record<'users' | 'groups' | 'accounts' | 'permissionSets', Applied>

/** Inserts or changes one row for each item, found by its key. */
async function applyEach<Item extends { id: string }, Wanted extends Partial<Item>>(
  rows: readonly Item[],
  wanted: readonly Wanted[],
  keyOf: (item: Item | Wanted) => string,
  insert: (item: Wanted) => Promise<string>,
  update: (id: string, item: Wanted) => Promise<unknown>,
): Promise<Applied> {
  const stored = new Map(rows.map((row) => [keyOf(row), row]))
  const ids = new Map(rows.map((row) => [keyOf(row), row.id]))
  const named = new Set<string>()
  let writes = 0
  for (const item of wanted) {
    const row = stored.get(keyOf(item))
    if (row === undefined) ids.set(keyOf(item), await insert(item))
    else if (differs(row, item)) await update(row.id, item)
    if (row === undefined || differs(row, item)) writes += 1
    named.add(idOf(ids, keyOf(item)))
  }
  return { ids, named, writes }
}

const differs = <Item extends object>(row: Item, wanted: Partial<Item>): boolean =>
  Object.entries(wanted).some(([member, value]) => row[member as keyof Item] !== value)

function applyUsers(db: Kysely<Database>, { users }: Organization, stored: Stored): Promise<Applied> {
  const wanted = users.map(({ userName, displayName, givenName, familyName, email, administrator }) => ({
    ...{ userName, displayName, givenName, familyName, email },
    administrator: Number(administrator),
    userNameKey: userNameKey(userName),
  }))
  return applyEach(
    stored.users,
    wanted,
    (user) => user.userNameKey,
    async (user) => {
      const id = randomUUID()
      await db
        .insertInto('users')
        .values({ id, enabled: 1, passwordHash: null, ...user })
        .execute()
      return id
    },
    (id, user) => db.updateTable('users').set(user).where('id', '=', id).execute(),
  )
}

function applyGroups(db: Kysely<Database>, { groups }: Organization, stored: Stored): Promise<Applied> {
  return applyEach(
    stored.groups,
    groups.map(({ displayName }) => ({ displayName })),
    (group) => group.displayName,
    async (group) => {
      const id = randomUUID()
      await db
        .insertInto('groups')
        .values({ id, ...group })
        .execute()
      return id
    },
    (id, group) => db.updateTable('groups').set(group).where('id', '=', id).execute(),
  )
}

function applyAccounts(db: Kysely<Database>, { accounts }: Organization, stored: Stored): Promise<Applied> {
  return applyEach(
    stored.accounts,
    accounts.map(({ id, name, email, broker }) => ({ id, name, email, broker })),
    (account) => account.id,
    async (account) => {
      await db.insertInto('accounts').values(account).execute()
      return account.id
    },
    (id, account) => db.updateTable('accounts').set(account).where('id', '=', id).execute(),
  )
}

function applyPermissionSets(db: Kysely<Database>, { permissionSets }: Organization, stored: Stored): Promise<Applied> {
  const wanted = permissionSets.map(({ name, sessionDuration, administrator }) => {
    return { name, sessionDuration, administrator: Number(administrator) }
  })
  return applyEach(
    stored.permissionSets,
    wanted,
    (permissionSet) => permissionSet.name,
    async (permissionSet) => {
      // The form that AWS gives permission sets; its digits become part of the role's ARN.
      const id = `ps-${randomBytes(8).toString('hex')}`
      await db
        .insertInto('permissionSets')
        .values({ id, ...permissionSet })
        .execute()
      return id
    },
    (id, permissionSet) => db.updateTable('permissionSets').set(permissionSet).where('id', '=', id).execute(),
  )
}

async function applyMemberships(
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

async function applyAssignments(
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

async function applySettings(db: Kysely<Database>, { settings }: Organization, stored: Stored): Promise<number> {
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

function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name)
  if (id === undefined)
    throw new Error(`the organization uses ${name}, which it does not describe and which is not stored`)
  return id
}
