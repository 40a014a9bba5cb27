/**
 * Makes what is stored say what an organization says. It is compared with what is stored first, so that applying the same
 * file at every start writes nothing and tells nobody.
 */

import { appendAudit } from '../audit.ts'
import { announce } from '../changes.ts'
import { write } from '../transition.ts'
import { applyApplications, applyResourceServers, applyTokenIssuers } from './applications.ts'
import { applyAccounts, applyGroups, applyPermissionSets, applyUsers } from './nouns.ts'
import { judge, prune, revokePruned } from './prune.ts'
import { applyAssignments, applyMemberships, applySettings } from './relations.ts'
import { readStored } from './stored.ts'

export const applyOrganization = write<'applyOrganization', 'directory' | 'revocations'>({
  async run(db, { organization, now, audit, prune: pruning }, changed) {
    const before = await readStored(db)
    if (pruning !== undefined && !pruning.shutOut) {
      const shutOut = await judge(db, organization, before)
      if (shutOut !== undefined) return shutOut
    }
    const pruned = pruning && (await prune(db, organization, before, pruning, { now, audit }))
    const stored = pruned === undefined || pruned.writes === 0 ? before : await readStored(db)
    const users = await applyUsers(db, organization, stored)
    const groups = await applyGroups(db, organization, stored)
    const accounts = await applyAccounts(db, organization, stored)
    const permissionSets = await applyPermissionSets(db, organization, stored)
    const nouns = { users, groups, accounts, permissionSets }
    const writes =
      (pruned?.writes ?? 0) +
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
    if (writes === 0) return 'unchanged'
    await appendAudit(db, audit)
    await announce(db, changed, 'directory')
    if (pruning !== undefined && pruned !== undefined) await revokePruned(db, changed, pruned, pruning, now)
    return 'applied'
  },
})
