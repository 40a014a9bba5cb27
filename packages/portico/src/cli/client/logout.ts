/** `portico logout`: ends a session at the service and on this machine. */
import { listSsoSessions, readSharedFiles } from 'ssooidc/config'
import { readTokenFile, signOut, tokenPath } from 'ssooidc/sign-in'
import { forgetRoleCredentials } from 'ssooidc/sign-in/role-credentials'
import { isOver } from './failures.ts'
import { nameOf, targetOf } from './login.ts'
import { resolveTarget, type Target, type TargetFlags } from './target.ts'
import { plain, printJson, say } from './terminal.ts'
import { tokenFiles } from './token-files.ts'

/** How one session ended. */
type Ended = { readonly session: string; readonly signedOut: boolean; readonly problem: string | null }

/** Ends one session, or all that this machine knows. */
export async function logout(
  named: string | undefined,
  flags: TargetFlags & { readonly all?: boolean; readonly json?: boolean },
): Promise<void> {
  const tell = flags.json ? () => {} : say
  const ended = flags.all ? await endAll(tell) : [await end(targetOf(named, flags), tell)]
  await forgetRoleCredentials()
  if (flags.json) printJson({ sessions: ended })
  else if (ended.length === 0) say('Nobody was signed in.')
}

async function end(target: Target, tell: (text: string) => void): Promise<Ended> {
  const session = nameOf(target)
  const { hadToken, error } = await signOut(target.session, { client: target.client })
  const problem = error instanceof Error ? plain(error.message) : null
  tell(hadToken ? `Signed out of ${session}.` : `Nobody was signed in to ${session}.`)
  if (isOver(error)) tell('The service had ended it already.')
  else if (problem !== null) tell(`The service could not be told: ${problem}`)
  return { session, signedOut: hadToken, problem }
}

/** Those that the shared files name, and those of start URLs that were only typed. What is wrong with one keeps no other. */
async function endAll(tell: (text: string) => void): Promise<Ended[]> {
  const names = listSsoSessions(readSharedFiles())
  const paths = new Set<string>()
  const ended: Ended[] = []
  for (const session of names) {
    const target = soundTarget({ session }, session, tell)
    if ('problem' in target) ended.push(target)
    else {
      paths.add(tokenPath(target.session))
      ended.push(await end(target, tell))
    }
  }
  for (const path of tokenFiles().filter((path) => !paths.has(path))) {
    const reading = await readTokenFile(path)
    if (reading.outcome !== 'found' || reading.token.startUrl === '') continue
    const { startUrl, region } = reading.token
    const target = soundTarget({ startUrl, region }, startUrl, tell)
    if ('problem' in target) ended.push(target)
    else if (tokenPath(target.session) === path) ended.push(await end(target, tell))
  }
  return ended
}

function soundTarget(flags: TargetFlags, session: string, tell: (text: string) => void): Target | Ended {
  try {
    return resolveTarget(flags)
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown)
    tell(`Not signed out of ${session}: ${problem}`)
    return { session, signedOut: false, problem }
  }
}
