/** What `npm run bench -- --keep` keeps, for the page that is drawn from it. */
import { readFileSync, writeFileSync } from 'node:fs'

/** One operation of one server. Ratios are those of each round to W in the same round, of which the middle one counts. */
export type Measured = {
  operation: string
  contender: string
  requestsPerSecond: number
  ofW: number
  /** Of all its threads, for one request, in microseconds. */
  cpu: number
  cpuOfW: number
  /** Milliseconds that ninety-nine of a hundred requests wait at most. */
  p99: number
}

/** What an operation is meant to reach, as a ratio to another server, and what it reached. */
export type Aim = { operation: string; of: string; aim: number; reached: number; byCpu: number }

/** One run. */
export type Results = {
  node: string
  cores: number
  /** Processes that wanted to run while it began, beside it. */
  load: number
  connections: number
  rounds: number
  requests: number
  measured: readonly Measured[]
  aims: readonly Aim[]
}

const file = new URL('results.json', import.meta.url)

/** The run that was kept last. */
export function readResults(): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results // written below
}

/** Keeps a run. */
export function keepResults(results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
}
