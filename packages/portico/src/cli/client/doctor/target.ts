/** The session that a command would use. */
import { isServiceException, sso } from 'ssooidc'
import { readSharedFiles, resolveSettings } from 'ssooidc/config'
import { readTokenFile, stateOf, tokenPath } from 'ssooidc/sign-in'
import { headOf } from '../head.ts'
import { flagsFor, type Target } from '../target.ts'
import { duration } from '../terminal.ts'
import { type Finding, problem } from './doctor.ts'
import { lookAtClock } from './server.ts'

const ACCOUNT_ACCESS = 'sso:account:access'

/** Looks at its settings and its token, and asks its service whether it takes it. */
export async function lookAtTarget(target: Target): Promise<Finding[]> {
  const { session } = target
  const name = session.name ?? session.startUrl
  const findings: Finding[] = [
    { check: 'session', result: 'ok', detail: `${name}, ${session.startUrl}, ${session.region}` },
  ]
  if (session.name !== undefined && !session.registrationScopes.includes(ACCOUNT_ACCESS))
    findings.push({
      check: 'scopes',
      result: 'warning',
      detail: `sso-session ${name} has no sso_registration_scopes = ${ACCOUNT_ACCESS}, so that the AWS tools get no refresh token`,
    })
  const reading = await readTokenFile(tokenPath(session))
  if (reading.outcome !== 'found') {
    const why = reading.outcome === 'absent' ? 'nobody is signed in' : reading.problem
    findings.push({ check: 'sign-in', result: 'warning', detail: `${why}: portico login ${flagsFor(target)}` })
  } else {
    const { token } = reading
    const state = stateOf(token, Date.now())
    const detail = state === 'valid' ? `valid for ${duration(token.expiresAt - Date.now())}` : state
    findings.push({ check: 'sign-in', result: state === 'over' ? 'warning' : 'ok', detail })
  }
  findings.push(await reach(target, reading.outcome === 'found' ? reading.token.accessToken : 'none'))
  findings.push(...(await compareClocks(target)))
  return findings
}

/** With the clock of a Portico; AWS has the right time. A server that does not answer has been found already. */
async function compareClocks({ client }: Target): Promise<Finding[]> {
  const around = { env: process.env, files: () => readSharedFiles() }
  const endpoint = resolveSettings('SSO', client, around).endpoint?.value
  if (endpoint === undefined) return []
  return headOf(String(endpoint)).then(
    (answer) => [lookAtClock(answer)],
    () => [],
  )
}

/** Whatever the service says: that it says it, is what is asked. */
async function reach({ session, client }: Target, accessToken: string): Promise<Finding> {
  const check = 'service'
  try {
    await using portal = sso({ ...client, region: session.region, timeoutMs: 10_000, maxAttempts: 1 })
    await portal.listAccounts({ accessToken, maxResults: 1 })
    return { check, result: 'ok', detail: 'answers, and takes the token' }
  } catch (thrown) {
    if (!isServiceException(thrown)) return problem(check, thrown)
    return { check, result: 'ok', detail: `answers (${thrown.name})` }
  }
}
