/** Credentials of a role: those that are kept, else new ones, which are then kept where the AWS CLI keeps its own. */
import { isServiceException, portalErrors } from 'ssooidc'
import { credentialProvider } from 'ssooidc/sign-in'
import { type RoleCredentials, readRoleCredentials, writeRoleCredentials } from 'ssooidc/sign-in/role-credentials'
import { Failure } from '../failure.ts'
import { spoken } from './failures.ts'
import type { RoleTarget } from './target.ts'
import { say } from './terminal.ts'

/**
 * @throws SignInError `sign-in-needed`
 * @throws Failure `denied` for a role that the person may not use
 */
export async function roleCredentials(target: RoleTarget, leastLife?: number): Promise<RoleCredentials> {
  const kept = readRoleCredentials(target, Date.now(), leastLife)
  if (kept !== undefined) return kept
  const { session, client, accountId, roleName } = target
  const found = await credentialProvider({ session, client, accountId, roleName })().catch((thrown: unknown) => {
    if (!isServiceException(thrown, portalErrors.ForbiddenException.spec.name)) throw thrown
    const refusal = `${roleName} in account ${accountId}: ${spoken(thrown)}`
    throw new Failure('denied', `${refusal}. \`portico roles\` shows yours.`, { cause: thrown })
  })
  const credentials = { ...found, expiration: found.expiration.getTime() }
  // They are as good without: the next command asks again.
  await writeRoleCredentials(target, credentials).catch(({ message }: Error) =>
    say(`The credentials could not be kept for the next time: ${message}`),
  )
  return credentials
}
