/**
 * What other clients do where the service fails, measured on this machine: `node bench/client/failures.ts`. Writes
 * `results/failures.json`, from which `docs/reference/failures.md` is drawn beside what our own tests hold.
 *
 * Each meets each failure in a process of its own, with its own defaults, and is watched for ten seconds at most.
 */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import oauth4webapi from 'oauth4webapi/package.json' with { type: 'json' }
import { failureRows } from '../../test/client/failure-rows.ts'
import { startStub } from '../../test/client/stub.ts'
import { failureClients } from './failure-clients.ts'
import type { Met } from './measure.ts'

/** What a client did: the requests that the service saw, how long it took in milliseconds, what the caller got. */
export type Failed = {
  readonly requests: number
  readonly ms: number
  readonly outcome: string
  readonly rssGrowthMiB: number
}

/** By client, then by row and operation. */
export type FailureResults = {
  readonly versions: Readonly<Record<string, string>>
  readonly clients: Readonly<Record<string, Readonly<Record<string, Failed>>>>
}

const run = promisify(execFile)
const aws = JSON.parse((await run('npm', ['ls', '@aws-sdk/client-sso-oidc', '--json'])).stdout) as {
  dependencies: Record<string, { version: string }>
}
await using stub = await startStub()

const results: Record<string, Record<string, Failed>> = {}
for (const client of Object.keys(failureClients)) {
  const rows: Record<string, Failed> = {}
  results[client] = rows
  for (const { item, behaviour, operation } of failureRows) {
    const url = behaviour === 'nobody' ? 'http://127.0.0.1:1' : stub.at(behaviour as Parameters<typeof stub.at>[0])
    const { stdout } = await run(
      process.execPath,
      [join(import.meta.dirname, 'measure.ts'), 'failure', client, operation, url],
      {
        env: { PATH: process.env.PATH, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
      },
    )
    const { outcome, ms, rssGrowthMiB, connects } = JSON.parse(stdout) as Met
    const requests = behaviour === 'nobody' ? connects : stub.requests(behaviour as Parameters<typeof stub.at>[0])
    if (outcome === '') continue
    rows[item] = { requests, ms: Math.round(ms), outcome, rssGrowthMiB: Math.round(rssGrowthMiB) }
    console.log(`${client}, ${item}: ${requests}, ${Math.round(ms)} ms, ${outcome}`)
  }
}

const versions = {
  'AWS SDK v3': aws.dependencies['@aws-sdk/client-sso-oidc']?.version ?? '',
  oauth4webapi: oauth4webapi.version,
  'Node.js': process.version,
}
writeFileSync(
  join(import.meta.dirname, 'results/failures.json'),
  `${JSON.stringify({ versions, clients: results } satisfies FailureResults, null, 2)}\n`,
)
