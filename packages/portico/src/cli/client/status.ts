/** `portico status`: which sessions there are, and for how long. Asks nobody. */
import { listSsoSessions, readSharedFiles, resolveSsoSession } from 'ssooidc/config'
import { type CachedToken, readTokenFile, stateOf, type TokenState, tokenPath } from 'ssooidc/sign-in'
import { exitCodes } from '../failure.ts'
import { resolveTarget, type TargetFlags } from './target.ts'
import { duration, printJson, table } from './terminal.ts'
import { tokenFiles } from './token-files.ts'

/** One session or cached token. */
type Line = {
  readonly session: string | null
  readonly startUrl: string
  readonly state: TokenState | 'signed out' | 'damaged'
  readonly expiresAt: string | null
  readonly refreshable: boolean
  readonly registrationExpiresAt: string | null
  readonly file: string
  readonly problem: string | null
}

/**
 * Prints all sessions, or says by its exit code alone whether one is usable.
 */
export async function status(
  flags: TargetFlags & { readonly json?: boolean; readonly quiet?: boolean },
): Promise<void> {
  const now = Date.now()
  if (flags.quiet) {
    const { session } = resolveTarget(flags)
    const reading = await readTokenFile(tokenPath(session))
    const isUsable = reading.outcome === 'found' && stateOf(reading.token, now) !== 'over'
    process.exitCode = isUsable ? exitCodes.ok : exitCodes['sign-in-needed']
    return
  }
  const lines = await allLines(now)
  if (flags.json) {
    printJson({ sessions: lines })
    return
  }
  if (lines.length === 0)
    return console.log('No sign-in session yet. Make one: portico configure session <name> --start-url <url>')
  const rows = lines.map(({ session, startUrl, state, expiresAt, refreshable, problem }) => [
    session ?? '–',
    state,
    expiresAt !== null && state === 'valid' ? `${duration(Date.parse(expiresAt) - now)} left` : '',
    refreshable ? 'renews itself' : '',
    problem ?? startUrl,
  ])
  console.log(table([['SESSION', 'STATE', 'TIME', '', 'START URL'], ...rows]))
}

async function allLines(now: number): Promise<Line[]> {
  const files = readSharedFiles()
  const lines: Line[] = []
  for (const name of listSsoSessions(files)) {
    const session = resolveSsoSession(files, name)
    lines.push(await lineOf(name, session.startUrl, tokenPath(session), now))
  }
  // Tokens of older profiles and of start URLs that were only typed.
  for (const path of tokenFiles()) {
    if (lines.some(({ file }) => file === path)) continue
    const reading = await readTokenFile(path)
    if (reading.outcome === 'found') lines.push(await lineOf(null, reading.token.startUrl, path, now))
  }
  return lines
}

async function lineOf(session: string | null, startUrl: string, file: string, now: number): Promise<Line> {
  const reading = await readTokenFile(file)
  if (reading.outcome === 'found') return { session, startUrl, file, problem: null, ...stateAt(reading.token, now) }
  const nothing = { expiresAt: null, refreshable: false, registrationExpiresAt: null }
  return reading.outcome === 'absent'
    ? { session, startUrl, file, state: 'signed out', problem: null, ...nothing }
    : { session, startUrl, file, state: 'damaged', problem: reading.problem, ...nothing }
}

function stateAt(token: CachedToken, now: number) {
  return {
    state: stateOf(token, now),
    expiresAt: new Date(token.expiresAt).toISOString(),
    refreshable: token.refreshToken !== undefined && token.client !== undefined && token.client.expiresAt > now,
    registrationExpiresAt: token.client === undefined ? null : new Date(token.client.expiresAt).toISOString(),
  }
}
