/** Credentials of a role: those that are kept, else new ones, which are then kept where the AWS CLI keeps its own. */
import { credentialProvider } from 'ssooidc/sign-in'
import { type RoleCredentials, readRoleCredentials, writeRoleCredentials } from 'ssooidc/sign-in/role-credentials'
import type { RoleTarget } from './target.ts'

/**
 * @throws SignInError `sign-in-needed`
 * @throws ServiceException `ForbiddenException` for a role that the person does not have
 */
export async function roleCredentials(target: RoleTarget, leastLife?: number): Promise<RoleCredentials> {
  const kept = readRoleCredentials(target, Date.now(), leastLife)
  if (kept !== undefined) return kept
  const { session, client, accountId, roleName } = target
  const found = await credentialProvider({ session, client, accountId, roleName })()
  const credentials = { ...found, expiration: found.expiration.getTime() }
  await writeRoleCredentials(target, credentials)
  return credentials
}
