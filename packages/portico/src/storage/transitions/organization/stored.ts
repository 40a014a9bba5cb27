/** What the database holds of an organization. */

import type { Kysely } from 'kysely'
import type { Database } from '../../schema.ts'

/** Every row that the organization is made of. */
export async function readStored(db: Kysely<Database>) {
  return {
    users: await db.selectFrom('users').selectAll().execute(),
    groups: await db.selectFrom('groups').selectAll().execute(),
    memberships: await db.selectFrom('memberships').selectAll().execute(),
    accounts: await db.selectFrom('accounts').selectAll().execute(),
    permissionSets: await db.selectFrom('permissionSets').selectAll().execute(),
    userAssignments: await db.selectFrom('userAssignments').selectAll().execute(),
    groupAssignments: await db.selectFrom('groupAssignments').selectAll().execute(),
    applications: await db.selectFrom('applications').selectAll().execute(),
    trustedTokenIssuers: await db.selectFrom('trustedTokenIssuers').selectAll().execute(),
    resourceServers: await db.selectFrom('resourceServers').selectAll().execute(),
    settings: await db.selectFrom('settings').selectAll().execute(),
  }
}

/** All of it, as rows. */
export type Stored = Awaited<ReturnType<typeof readStored>>
