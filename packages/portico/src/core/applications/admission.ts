/** Who may ask in an application's name, and who may use it. Both by what the organization says now. */
import { type Application, userNameKey } from '../../storage/storage.ts'
import type { Reach } from '../access/access.ts'
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
export function mayUse(
  { assignmentRequired, assignments }: Pick<Application, 'assignmentRequired' | 'assignments'>,
  { user, groups }: Reach,
): boolean {
  if (!assignmentRequired) return true
  return assignments.some(
    ({ user: userName, group }) =>
      (userName !== null && userNameKey(userName) === userNameKey(user.userName)) ||
      groups.some(({ displayName }) => displayName === group),
  )
}
