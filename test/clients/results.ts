/**
 * What real clients saw, as data for the reference pages: one file for each client below `results/`, the same from run to
 * run for the same client. It changes when a client's version does, or what it sees.
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

/** Keeps what a client saw, in place of what an earlier run of it kept. */
export async function keepResults({
  client,
  version,
  steps,
}: {
  client: string
  version: string
  steps: readonly ExpectedStep[]
}): Promise<void> {
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
