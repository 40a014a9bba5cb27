/** Applies what has a name of its own: users, groups, accounts, permission sets. */

import { randomBytes, randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../../schema.ts'
import { type Organization, userNameKey } from '../../storage.ts'
import type { Stored } from './stored.ts'

/** What is known of a noun once it has been applied: the id of every name, which ids the organization names, what it took. */
export type Applied = { ids: ReadonlyMap<string, string>; named: ReadonlySet<string>; writes: number }
/** The nouns that others are made of. */
export type Nouns = Record<'users' | 'groups' | 'accounts' | 'permissionSets', Applied>

/** People, by name without regard to case. A new one is enabled and has no password. */
export function applyUsers(db: Kysely<Database>, { users }: Organization, stored: Stored): Promise<Applied> {
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

/** Groups, by name. */
export function applyGroups(db: Kysely<Database>, { groups }: Organization, stored: Stored): Promise<Applied> {
  return applyEach(
    stored.groups,
    groups.map(({ displayName, requireSecondFactor = false }) => ({
      displayName,
      requireSecondFactor: Number(requireSecondFactor),
    })),
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

/** Accounts, by id. */
export function applyAccounts(db: Kysely<Database>, { accounts }: Organization, stored: Stored): Promise<Applied> {
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

/** Permission sets, by name. */
export function applyPermissionSets(
  db: Kysely<Database>,
  { permissionSets }: Organization,
  stored: Stored,
): Promise<Applied> {
  const wanted = permissionSets.map(
    ({ name, sessionDuration, administrator, requireSecondFactor = false, deviceFlow = null }) => {
      const flags = { administrator: Number(administrator), requireSecondFactor: Number(requireSecondFactor) }
      return { name, sessionDuration, deviceFlow, ...flags }
    },
  )
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

/** The id of that name. @throws Error when it was neither stored nor described. */
export function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name)
  if (id === undefined)
    throw new Error(`the organization uses ${name}, which it does not describe and which is not stored`)
  return id
}

/** Inserts or changes one row for each item, found by its key. */
export async function applyEach<Item extends { id: string }, Wanted extends Partial<Item>>(
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
