/**
 * `portico credential-process` beside the AWS CLI's nearest, `aws configure export-credentials`: both started anew each time,
 * on one machine whose credentials are still good, so that each answers from its own file.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createAwsHome, firstRole } from '../../test/clients/aws-home.ts'
import { cli2, cliOfDebian12 } from '../../test/clients/installed.ts'
import { formBrowser } from '../../test/support/form-browser.ts'
import { startPortico } from '../../test/support/portico.ts'

/** What each costs from its start to its end, the least of all rounds, in milliseconds. */
export type CredentialProcess = { cli: string; ours: number; theirs: number }

const launcher = join(import.meta.dirname, '../../packages/portico/dist/cli/launcher.js')
const profile = ['--profile', 'dev']

/** Measures, in turns. Undefined where no AWS CLI is installed; `npm run test:clients` brings one. */
export async function credentialProcess(rounds: number): Promise<CredentialProcess | undefined> {
  const cli = [cli2, cliOfDebian12].find((path) => existsSync(path))
  if (cli === undefined) return undefined
  await using portico = await startPortico()
  await using home = await createAwsHome(portico, { ...firstRole(portico), startUrl: portico.startUrlAlias })
  const signingIn = home.start(process.execPath, [launcher, 'login', ...profile, '--method', 'device', '--no-browser'])
  const shown = (pattern: RegExp) =>
    signingIn.until(`never said ${pattern}`, async () => pattern.exec(signingIn.explain(''))?.[1])
  const url = await shown(/(http\S+user_code=\S+)/)
  const number = await shown(/which number you see here\. It is\s+(\d\d)/)
  await formBrowser().decide(url, portico.person('alice'), 'approve', undefined, number)
  await signingIn.ended

  const ours = [process.execPath, launcher, 'credential-process', ...profile] as const
  const theirs = [cli, 'configure', 'export-credentials', '--format', 'process', ...profile] as const
  const milliseconds = ([program, ...args]: readonly [string, ...string[]]) => {
    const startedAt = performance.now()
    const printed = execFileSync(program, args, { env: home.env, encoding: 'utf8' })
    const took = performance.now() - startedAt
    if (!('SessionToken' in JSON.parse(printed))) throw new Error(`${program} printed no credentials`)
    return took
  }
  // The first of each asks the server, and keeps what it says.
  milliseconds(ours)
  milliseconds(theirs)
  const found = { ours: Number.POSITIVE_INFINITY, theirs: Number.POSITIVE_INFINITY }
  for (let round = 0; round < rounds; round++) {
    found.ours = Math.min(found.ours, milliseconds(ours))
    found.theirs = Math.min(found.theirs, milliseconds(theirs))
  }
  const [, version = ''] = /^aws-cli\/(\S+)/.exec(execFileSync(cli, ['--version'], { encoding: 'utf8' })) ?? []
  return { cli: version, ...found }
}
