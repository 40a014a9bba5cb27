/**
 * What applying an organization as the whole truth takes away: whatever is stored and it does not name. What belongs to a
 * row goes with it, by its foreign key.
 */

import type { Kysely } from 'kysely'
import type { Database } from '../../schema.ts'
import { type AuditEvent, type Organization, type Pruning, userNameKey } from '../../storage.ts'
import { appendAudit } from '../audit.ts'
import { closeSessionsOfClient, revokeEach } from '../endings.ts'
import { revoke } from '../revocations.ts'
import { closeSessionsOfUser } from '../sessions.ts'
import type { Changed } from '../transition.ts'
import type { Stored } from './stored.ts'

/** How much was deleted and ended, and what is still to be revoked of it. */
export type Pruned = { writes: number; users: readonly string[]; sessions: readonly string[] }

/** Deletes what the organization does not name, and ends what people and applications among it have open. */
export async function prune(
  db: Kysely<Database>,
  organization: Organization,
  stored: Stored,
  { clientHashes, revokedUntil }: Pruning,
  { now, audit }: { now: number; audit: AuditEvent },
): Promise<Pruned> {
  const {
    groups,
    accounts,
    permissionSets,
    applications = [],
    trustedTokenIssuers = [],
    resourceServers = [],
  } = organization
  const reason = 'administrator'
  const names = new Set(organization.users.map((user) => userNameKey(user.userName)))
  const users = stored.users.filter((user) => !names.has(user.userNameKey))
  const others = [
    ...unnamed('groups', stored.groups, groups, 'displayName'),
    ...unnamed('accounts', stored.accounts, accounts, 'id'),
    ...unnamed('permissionSets', stored.permissionSets, permissionSets, 'name'),
    ...unnamed('applications', stored.applications, applications, 'name'),
    ...unnamed('trustedTokenIssuers', stored.trustedTokenIssuers, trustedTokenIssuers, 'name'),
    ...unnamed('resourceServers', stored.resourceServers, resourceServers, 'name'),
  ]
  for (const { id, userName } of users) {
    await db.deleteFrom('users').where('id', '=', id).execute()
    await db.deleteFrom('distantDevices').where('userId', '=', id).execute()
    await appendAudit(db, { ...audit, eventName: 'DeleteUser', userId: id, detail: { userName } })
  }
  // All that is asked of a table here is its `id`, which each has; Kysely wants to see one.
  for (const { table, id } of others)
    await db
      .deleteFrom(table as 'groups')
      .where('id', '=', id)
      .execute()
  const sessions: string[] = []
  for (const { id } of users) await closeSessionsOfUser(db, { userId: id, reason, now })
  for (const hash of clientHashes)
    sessions.push(
      ...(await closeSessionsOfClient(db, hash, ['pending', 'approved'], { reason, revokedUntil, now })).sessions,
    )
  return { writes: users.length + others.length + sessions.length, users: users.map(({ id }) => id), sessions }
}

/** Appends the revocations of what was deleted. They come last: others wait for whoever appends one. */
export async function revokePruned(
  db: Kysely<Database>,
  changed: Changed<'revocations'>,
  { users, sessions }: Pruned,
  { revokedUntil }: Pruning,
  now: number,
): Promise<void> {
  for (const subject of users)
    await revoke(db, changed, { kind: 'user', subject, notBefore: now, expiresAt: revokedUntil })
  await revokeEach(db, changed, sessions, { revokedUntil, now })
}

function unnamed<Name extends string>(
  table: 'groups' | 'accounts' | 'permissionSets' | 'applications' | 'trustedTokenIssuers' | 'resourceServers',
  rows: readonly ({ id: string } & Record<Name, string>)[],
  items: readonly Record<Name, string>[],
  name: Name,
) {
  const names = new Set(items.map((item) => item[name]))
  return rows.filter((row) => !names.has(row[name])).map(({ id }) => ({ table, id }))
}
