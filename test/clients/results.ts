/**
 * What real clients saw, as data for the reference pages: one file for each client below `results/`, the same from run to
 * run for the same client. It changes when a client's version does, or what it sees, and only `npm run test:clients:all`
 * writes it: a run that is only to pass or fail leaves the tree as it was.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExpectedStep } from './journey.ts'

/** One line of a results file. `grant` is null for what asks for no token; `when` says what was special, or is empty. */
export type Result = {
  client: string
  version: string
  operation: string
  grant: string | null
  when: string
  outcome: string
}

/** The folder of the results. */
export const resultsFolder = join(import.meta.dirname, 'results')

/** Keeps what a client saw, in place of what an earlier run of it kept, if this run is to keep it. */
export async function keepResults({
  client,
  version,
  steps,
}: {
  client: string
  version: string
  steps: readonly ExpectedStep[]
}): Promise<void> {
  if (process.env.KEEP_CLIENT_RESULTS === undefined) return
  const results: Result[] = steps.map(({ operation, grant, when, outcome }) => ({
    client,
    version,
    operation,
    grant,
    when,
    outcome,
  }))
  const name = client
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  await mkdir(resultsFolder, { recursive: true })
  await writeFile(join(resultsFolder, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`)
}
