/** The sign-in that a profile of the shared files names. */
import { ConfigError } from '../config/errors.ts'
import { resolveProfile, ssoSessionOf } from '../config/profile.ts'
import { readSharedFiles } from '../config/shared-files.ts'
import type { Environment } from '../config/surroundings.ts'
import type { Session } from './session.ts'

/** A session, and the role of a profile, where it names one. */
export type ProfileSignIn = {
  readonly profile: string
  readonly session: Session
  readonly accountId: string | undefined
  readonly roleName: string | undefined
}

/**
 * Reads a profile: the one named, or that of the environment, or `default`.
 *
 * @throws ConfigError when it names no sign-in; ProfileNotFoundError
 */
export function signInOf(asked?: string, env: Environment = process.env): ProfileSignIn {
  const profile = resolveProfile(readSharedFiles(env), env, asked)
  const session = ssoSessionOf(profile)
  if (session === undefined)
    throw new ConfigError(`profile ${profile.name} has no sso_session; name another, or add one`)
  return {
    profile: profile.name,
    session,
    accountId: profile.get('sso_account_id')?.value,
    roleName: profile.get('sso_role_name')?.value,
  }
}
