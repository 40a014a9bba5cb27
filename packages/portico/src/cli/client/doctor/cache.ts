/** Files in which tokens are kept. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { awsFolder } from 'ssooidc/config'
import { fileStore, isAbandoned, readTokenFile } from 'ssooidc/sign-in'
import type { Finding } from './doctor.ts'

const AN_HOUR = 3_600_000

/** Looks at their modes, their text, locks that nobody holds, and whether there is room for more. */
export async function lookAtCache(): Promise<Finding[]> {
  const check = 'token cache'
  const folder = join(awsFolder(), 'sso', 'cache')
  const findings: Finding[] = []
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    if (name.endsWith('.lock') && (await isAbandoned(path)))
      findings.push({
        check,
        result: 'warning',
        detail: `${path} was left by a process that is gone; the next one takes it`,
      })
    const found = statSync(path, { throwIfNoEntry: false })
    // Programs of this person come and go meanwhile.
    if (found === undefined) continue
    if (name.endsWith('.new') && Date.now() - found.mtimeMs > AN_HOUR)
      findings.push({ check, result: 'warning', detail: `${path} was left by a program that was killed: remove it` })
    if (!name.endsWith('.json')) continue
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0)
      findings.push({ check, result: 'warning', detail: `others may read ${path}: chmod 600 ${path}` })
    const reading = await readTokenFile(path)
    // The AWS tools keep registrations there too, which hold no token.
    if (reading.outcome === 'unreadable' && !reading.problem.endsWith('it holds no access token'))
      findings.push({ check, result: 'warning', detail: `${reading.problem}. Remove it, or sign in again.` })
  }
  const unwritable = await whyUnwritable()
  if (unwritable !== undefined) findings.push({ check, result: 'problem', detail: unwritable })
  return findings.length > 0 ? findings : [{ check, result: 'ok', detail: folder }]
}

/** Whether a token could be kept is found out by making room for one, which is given back. */
async function whyUnwritable(): Promise<string | undefined> {
  try {
    const room = await fileStore().reserve?.({ name: 'doctor', startUrl: '', region: '' })
    await room?.cancel()
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // nobody signed in yet
  }
}
