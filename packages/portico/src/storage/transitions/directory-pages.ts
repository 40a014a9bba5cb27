/** The directory, read page by page, by whoever keeps a copy of it. */

import { toUser } from '../schema.ts'
import { read } from './transition.ts'

export const listUsers = read<'listUsers'>(async (db, { after, limit }) => {
  const rows = await db.selectFrom('users').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute()
  return rows.map(toUser)
})

export const listGroups = read<'listGroups'>(async (db, { after, limit }) => {
  const rows = await db
    .selectFrom('groups')
    .select(['id', 'displayName'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(plain)
})

export const findGroup = read<'findGroup'>(async (db, { id }) => {
  const row = await db.selectFrom('groups').select(['id', 'displayName']).where('id', '=', id).executeTakeFirst()
  return row && plain(row)
})

export const findGroupByName = read<'findGroupByName'>(async (db, { displayName }) => {
  const row = await db
    .selectFrom('groups')
    .select(['id', 'displayName'])
    .where('displayName', '=', displayName)
    .executeTakeFirst()
  return row && plain(row)
})

export const listMembers = read<'listMembers'>(async (db, { groupId, after, limit }) => {
  const rows = await db
    .selectFrom('memberships')
    .select(['groupId', 'userId'])
    .where('groupId', '=', groupId)
    .where('userId', '>', after)
    .orderBy('userId')
    .limit(limit)
    .execute()
  return rows.map(plain)
})

export const listGroupsOf = read<'listGroupsOf'>(async (db, { userId, after, limit }) => {
  const rows = await db
    .selectFrom('memberships')
    .select(['groupId', 'userId'])
    .where('userId', '=', userId)
    .where('groupId', '>', after)
    .orderBy('groupId')
    .limit(limit)
    .execute()
  return rows.map(plain)
})

export const isMember = read<'isMember'>(async (db, { groupId, userId }) => {
  const row = await db
    .selectFrom('memberships')
    .select('userId')
    .where('groupId', '=', groupId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row !== undefined
})

// node:sqlite gives rows without a prototype; a record is an ordinary object.
const plain = <Row extends object>(row: Row): Row => ({ ...row })
