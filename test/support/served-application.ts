/** A server in a process of its own that has an application, set up as an administrator sets one up: by its commands. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AUDIENCE } from './application.ts'
import type { RunningPortico } from './portico.ts'

/** What a program is configured with. */
export type ProgramSettings = { clientId: string; accessKeyId: string; secretAccessKey: string }

const main = join(import.meta.dirname, '..', '..', 'packages', 'portico', 'src', 'cli', 'main.ts')
const run = promisify(execFile)

/** Adds the application `reports` to a running demo server, for Alice, trusting this issuer. */
export async function serveApplication({ dataDir }: RunningPortico, issuerUrl: string): Promise<ProgramSettings> {
  const command = async (...args: string[]) => (await run(process.execPath, [main, ...args, '--data', dataDir])).stdout
  const file = join(dataDir, 'organization.yaml')
  await writeFile(
    file,
    `
users: [{ userName: alice, displayName: Alice Anders, email: alice@example.com, administrator: true }]
trustedTokenIssuers:
  - name: corporate
    issuerUrl: ${issuerUrl}
    claimAttributePath: email
    identityStoreAttributePath: emails.value
applications:
  - name: reports
    grants: [jwt-bearer, refresh-token]
    actors: [{ accessKey: reports-server }]
    trustedTokenIssuers: [{ name: corporate, audiences: [${AUDIENCE}] }]
    assignments: [{ user: alice }]
`,
  )
  await command('apply', file)
  const [listed]: { arn: string }[] = JSON.parse(await command('application', 'list', '--json'))
  if (listed === undefined) throw new Error('the application is not listed')
  const key: { AccessKeyId: string; SecretAccessKey: string } = JSON.parse(
    await command('application', 'access-key', 'reports-server'),
  )
  return { clientId: listed.arn, accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
}
