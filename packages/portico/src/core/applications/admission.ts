/** Who may ask in an application's name, and who may use it. Both by what the organization says now. */
import type { Application, User } from '../../storage/storage.ts'
import type { Principal } from '../access/sts.ts'
import type { Deps } from '../deps.ts'

/** Whether whoever signed may ask in the application's name. A role counts only while its person still has it. */
export async function mayAct(
  deps: Pick<Deps, 'access'>,
  { actors }: Application,
  principal: Principal,
  now: number,
): Promise<boolean> {
  if (principal.kind === 'access-key') return actors.some(({ accessKey }) => accessKey === principal.name)
  const { accountId, permissionSetId, userId } = principal
  const reach = await deps.access.of(userId, now)
  const role = reach?.entitlements.find(
    (entitlement) => entitlement.accountId === accountId && entitlement.permissionSetId === permissionSetId,
  )
  return (
    role !== undefined &&
    actors.some(({ account, permissionSet }) => account === accountId && permissionSet === role.roleName)
  )
}

/** Whether a person may use the application: assigned to it, directly or through a group, unless it is for everybody. */
export async function mayUse(
  { storage }: Pick<Deps, 'storage'>,
  { assignmentRequired, assignments }: Application,
  user: User,
): Promise<boolean> {
  if (!assignmentRequired) return true
  if (assignments.some((assignment) => assignment.user !== null && isSameName(assignment.user, user.userName)))
    return true
  for (const { group } of assignments) {
    const found = group === null ? undefined : await storage.findGroupByName({ displayName: group })
    if (found !== undefined && (await storage.isMember({ groupId: found.id, userId: user.id }))) return true
  }
  return false
}

function isSameName(a: string, b: string): boolean {
  return a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase()
}
