/** `portico logout`: ends a session at the service and on this machine. */
import { isServiceException, portalErrors } from 'ssooidc'
import { listSsoSessions, readSharedFiles } from 'ssooidc/config'
import { signOut } from 'ssooidc/sign-in'
import { forgetRoleCredentials } from 'ssooidc/sign-in/role-credentials'
import { nameOf } from './login.ts'
import { resolveTarget, type Target, type TargetFlags } from './target.ts'
import { printJson, say } from './terminal.ts'

/** Ends one session, or all that the shared files name. */
export async function logout(
  named: string | undefined,
  flags: TargetFlags & { readonly all?: boolean; readonly json?: boolean },
): Promise<void> {
  const ended: { session: string; signedOut: boolean; problem: string | null }[] = []
  for (const target of targetsOf(named, flags)) {
    const { hadToken, error } = await signOut(target.session, { client: target.client })
    const problem = error instanceof Error ? error.message : null
    ended.push({ session: nameOf(target), signedOut: hadToken, problem })
    if (flags.json) continue
    say(hadToken ? `Signed out of ${nameOf(target)}.` : `Nobody was signed in to ${nameOf(target)}.`)
    if (isServiceException(error, portalErrors.UnauthorizedException.spec.name))
      say('The service had ended it already.')
    else if (problem !== null) say(`The service could not be told: ${problem}`)
  }
  await forgetRoleCredentials()
  if (flags.json) printJson({ sessions: ended })
}

function targetsOf(named: string | undefined, flags: TargetFlags & { readonly all?: boolean }): Target[] {
  if (flags.all) return listSsoSessions(readSharedFiles()).map((session) => resolveTarget({ session }))
  if (named === undefined) return [resolveTarget(flags)]
  return [resolveTarget({ ...flags, ...(URL.canParse(named) ? { startUrl: named } : { session: named }) })]
}
