/**
 * Makes what is stored say what an organization says. It is compared with what is stored first, so that applying the same
 * file at every start writes nothing and tells nobody.
 */

import type { Kysely } from 'kysely'
import type { Database } from '../../schema.ts'
import type { Organization } from '../../storage.ts'
import { appendAudit } from '../audit.ts'
import { announce } from '../changes.ts'
import { shuttingNobodyOut } from '../shut-out.ts'
import { Undone, write } from '../transition.ts'
import { applyApplications, applyResourceServers, applyTokenIssuers } from './applications.ts'
import { applyAccounts, applyGroups, applyPermissionSets, applyUsers } from './nouns.ts'
import { prune, revokePruned } from './prune.ts'
import { applyAssignments, applyMemberships, applySettings } from './relations.ts'
import { readStored, type Stored } from './stored.ts'

export const applyOrganization = write<'applyOrganization', 'directory' | 'revocations'>({
  async run(db, { organization, now, audit, prune: pruning, shutOut = false, dryRun = false }, changed) {
    const outcome = await shuttingNobodyOut(db, shutOut, async () => {
      const before = await readStored(db)
      const pruned = pruning && (await prune(db, organization, before, pruning, { now, audit }))
      const stored = pruned === undefined || pruned.writes === 0 ? before : await readStored(db)
      const writes = (pruned?.writes ?? 0) + (await applyAll(db, organization, stored))
      if (writes === 0) return 'unchanged'
      await appendAudit(db, audit)
      await announce(db, changed, 'directory')
      if (pruning !== undefined && pruned !== undefined) await revokePruned(db, changed, pruned, pruning, now)
      return 'applied'
    })
    if (dryRun) throw new Undone(outcome)
    return outcome
  },
})

/** Answers how many rows were written. */
async function applyAll(db: Kysely<Database>, organization: Organization, stored: Stored): Promise<number> {
  const users = await applyUsers(db, organization, stored)
  const groups = await applyGroups(db, organization, stored)
  const accounts = await applyAccounts(db, organization, stored)
  const permissionSets = await applyPermissionSets(db, organization, stored)
  const nouns = { users, groups, accounts, permissionSets }
  return (
    users.writes +
    groups.writes +
    accounts.writes +
    permissionSets.writes +
    (await applyApplications(db, organization, stored)).writes +
    (await applyTokenIssuers(db, organization, stored)).writes +
    (await applyResourceServers(db, organization, stored)).writes +
    (await applyMemberships(db, organization, stored, nouns)) +
    (await applyAssignments(db, organization, stored, nouns)) +
    (await applySettings(db, organization, stored))
  )
}
