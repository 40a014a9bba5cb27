/** The organization as one value: read whole here, applied whole in `apply.ts`. */

import type { Organization, OrganizationAssignment } from '../../storage.ts'
import { byText } from '../directory.ts'
import { read } from '../transition.ts'
import { readStored } from './stored.ts'

export const readOrganization = read<'readOrganization'>(
  async (db) => {
    const stored = await readStored(db)
    const userName = nameOf(stored.users, 'userName')
    const groupName = nameOf(stored.groups, 'displayName')
    const permissionSetName = nameOf(stored.permissionSets, 'name')
    const memberships = Map.groupBy(stored.memberships, (membership) => membership.userId)

    const users = stored.users.map(({ id, userName, displayName, givenName, familyName, email, administrator }) => {
      const groups = memberships.get(id)?.map((membership) => groupName(membership.groupId)) ?? []
      return {
        ...{ userName, displayName, givenName, familyName, email },
        groups: groups.toSorted(byText),
        administrator: administrator === 1,
      }
    })
    const groups = stored.groups.map(({ displayName, ...group }) => ({ displayName, ...secondFactorOf(group) }))
    const permissionSets = stored.permissionSets.map(({ name, sessionDuration, administrator, deviceFlow, ...set }) => {
      const devices = deviceFlow === null ? {} : { deviceFlow }
      return { name, sessionDuration, administrator: administrator === 1, ...secondFactorOf(set), ...devices }
    })
    const ofGroups = stored.groupAssignments.map(({ accountId, permissionSetId, groupId }) => {
      const permissionSet = permissionSetName(permissionSetId)
      return { account: accountId, permissionSet, user: null, group: groupName(groupId) }
    })
    const ofUsers = stored.userAssignments.map(({ accountId, permissionSetId, userId }) => {
      const permissionSet = permissionSetName(permissionSetId)
      return { account: accountId, permissionSet, user: userName(userId), group: null }
    })
    return {
      users: users.sort((a, b) => byText(a.userName.toLowerCase(), b.userName.toLowerCase())),
      groups: groups.sort(byMember('displayName')),
      accounts: stored.accounts.map((account) => ({ ...account })).sort(byMember('id')),
      permissionSets: permissionSets.sort(byMember('name')),
      ...ifAny('applications', stored.applications),
      ...ifAny('trustedTokenIssuers', stored.trustedTokenIssuers),
      ...ifAny('resourceServers', stored.resourceServers),
      assignments: [...ofGroups, ...ofUsers].sort(byPlace),
      settings: Object.fromEntries(stored.settings.map(({ name, value }) => [name, JSON.parse(value)])),
    }
  },
  { snapshot: true },
)

/** These members are there only when there is something in them, which is what each row's definition was written from. */
function ifAny<Member extends 'applications' | 'trustedTokenIssuers' | 'resourceServers'>(
  member: Member,
  rows: readonly { name: string; definition: string }[],
): Pick<Organization, Member> {
  const items = rows.map(({ name, definition }) => ({ name, ...JSON.parse(definition) })).sort(byMember('name'))
  return (items.length === 0 ? {} : { [member]: items }) as object as Pick<Organization, Member>
}

/** The organization says only that it is required; a column says both. */
function secondFactorOf({ requireSecondFactor }: { requireSecondFactor: number }): { requireSecondFactor?: true } {
  return requireSecondFactor === 1 ? { requireSecondFactor: true } : {}
}

function nameOf<Member extends string>(rows: readonly ({ id: string } & Record<Member, string>)[], member: Member) {
  const names = new Map(rows.map((row) => [row.id, row[member]]))
  return (id: string): string => {
    const name = names.get(id)
    if (name === undefined) throw new Error(`a row names ${id}, which is not stored`)
    return name
  }
}

const byMember =
  <Member extends string>(member: Member) =>
  (a: Record<Member, string>, b: Record<Member, string>): number =>
    byText(a[member], b[member])

const byPlace = (a: OrganizationAssignment, b: OrganizationAssignment): number =>
  byText(a.account, b.account) ||
  byText(a.permissionSet, b.permissionSet) ||
  byText(a.group ?? '', b.group ?? '') ||
  byText(a.user ?? '', b.user ?? '')
