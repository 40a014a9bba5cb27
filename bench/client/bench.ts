/**
 * `npm run bench:client`: what the client costs beside its peers, on this machine, against one stub, in one run. The numbers
 * that count are ratios. Measurements are interleaved; of times the best counts, since a busy machine only ever adds, and of
 * memory the median.
 *
 *     npm run bench:client -- --calls 2000 --rounds 1
 *
 * With `--keep` it keeps what it found in `results/performance.json`, from which `docs/reference/performance.md` is drawn. The
 * bundles, whose sizes are the same on every machine, are measured and kept alone by `keep-bundles.ts`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { globSync, statSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { type Bundle, measureBundles } from './bundles.ts'
import { clients, signedClients } from './clients.ts'
import { credentialProcess } from './credential-process.ts'
import type { Cold, Failure, Throughput } from './measure.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    keep: { type: 'boolean', default: false },
  },
})
const root = join(import.meta.dirname, '../..')
const dist = join(root, 'packages/ssooidc/dist')
const bars: Bar[] = []
const measureFile = join(import.meta.dirname, 'measure.ts')

execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'ignore' })
const stub = spawn(process.execPath, [join(root, 'test/client/stub.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
const [url = ''] = await new Promise<string[]>((resolve) =>
  createInterface({ input: stub.stdout }).once('line', (line) => resolve([line])),
)

try {
  const calls = await throughputs()
  const starts = await coldStarts()
  await report(calls, starts)
} finally {
  stub.kill()
}

function measure<T>(...args: (string | number)[]): T {
  // The environment of a developer must not count: no profile, no proxy.
  const env = { PATH: process.env.PATH, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
  return JSON.parse(execFileSync(process.execPath, [measureFile, ...args.map(String)], { encoding: 'utf8', env })) as T
}

/** What is kept of a run. */
export type ClientPerformance = {
  readonly node: string
  readonly cores: number
  readonly calls: number
  readonly clients: readonly (readonly string[])[]
  readonly bars: readonly Bar[]
  /** By what a page wants. */
  readonly bundles: Readonly<Record<string, Bundle>>
}

/** A promise about the client, and how it stands. */
export type Bar = { readonly name: string; readonly measured: number; readonly limit: number; readonly side: Side }
type Side = 'at most' | 'at least'

type Row = { client: string; kind: string; sequential: Throughput; concurrent: Throughput }

async function throughputs(): Promise<Row[]> {
  const wanted = [
    ...Object.keys(clients).map((client) => ({ client, kind: 'unsigned' })),
    ...Object.keys(signedClients).map((client) => ({ client, kind: 'signed' })),
  ]
  const found = wanted.map((each) => ({ ...each, sequential: [] as Throughput[], concurrent: [] as Throughput[] }))
  for (let round = 0; round < Number(values.rounds); round++)
    for (const { client, kind, sequential, concurrent } of found) {
      sequential.push(measure('throughput', client, kind, url, values.calls, 1))
      concurrent.push(measure('throughput', client, kind, url, values.calls, 50))
    }
  return found.map(({ client, kind, sequential, concurrent }) => ({
    client,
    kind,
    sequential: best(sequential),
    concurrent: best(concurrent),
  }))
}

async function coldStarts(): Promise<Record<string, Cold>> {
  const names = ['none', ...Object.keys(clients)]
  const found = names.map((name) => [name, [] as Cold[]] as const)
  for (let round = 0; round < 9; round++) for (const [name, all] of found) all.push(measure('cold', name, url))
  return Object.fromEntries(
    found.map(([name, all]) => [
      name,
      // Memory is not only added by others: what a process takes jumps by a page of the heap either way.
      { ms: Math.min(...all.map(({ ms }) => ms)), rssKiB: median(all.map(({ rssKiB }) => rssKiB)) },
    ]),
  )
}

async function report(rows: Row[], starts: Record<string, Cold>): Promise<void> {
  const of = (client: string, kind = 'unsigned') => {
    const row = rows.find((each) => each.client === client && each.kind === kind)
    if (row === undefined) throw new Error(`no row ${client}`)
    return row
  }
  const [ours, aws, http] = [of('ssooidc'), of('AWS SDK v3'), of('node:http')]
  const [oursSigned, awsSigned] = [of('ssooidc', 'signed'), of('AWS SDK v3', 'signed')]

  console.log(`Node.js ${process.version}, ${values.calls} calls, best of ${values.rounds} rounds\n`)
  console.log('client               CPU µs/call (c=50)   calls/s (c=50)     load + first call   RSS over bare Node')
  const bare = starts.none?.rssKiB ?? 0
  const cells = rows.map(({ client, kind, sequential, concurrent }) => {
    const start = kind === 'signed' ? undefined : starts[client]
    return [
      `${client}${kind === 'signed' ? ', signed' : ''}`,
      `${whole(sequential.cpuMicros)} (${whole(concurrent.cpuMicros)})`,
      `${whole(sequential.perSecond)} (${whole(concurrent.perSecond)})`,
      start === undefined ? '' : `${start.ms.toFixed(1)} ms`,
      start === undefined ? '' : `${((start.rssKiB - bare) / 1_024).toFixed(1)} MB`,
    ]
  })
  for (const [client = '', ...others] of cells)
    console.log(
      [client.padEnd(20), ...others.map((cell, index) => cell.padStart([15, 21, 17, 17][index] ?? 0))].join(' '),
    )

  const start = starts.ssooidc ?? { ms: 0, rssKiB: 0 }
  const awsStart = starts['AWS SDK v3'] ?? { ms: 1, rssKiB: 0 }
  const files = globSync('**/*', { cwd: dist, withFileTypes: true }).filter((entry) => entry.isFile())
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

  console.log('\nbar                                                          measured     bar')
  bar('CPU per unsigned call, × AWS SDK v3', ours.sequential.cpuMicros / aws.sequential.cpuMicros, 0.35)
  bar('CPU per unsigned call, × node:http', ours.sequential.cpuMicros / http.sequential.cpuMicros, 1.6)
  bar('CPU per signed call, × AWS SDK v3', oursSigned.sequential.cpuMicros / awsSigned.sequential.cpuMicros, 0.6)
  bar('sequential calls/s, × AWS SDK v3', ours.sequential.perSecond / aws.sequential.perSecond, 2.5, 'at least')
  bar('calls/s with 50 at once, × AWS SDK v3', ours.concurrent.perSecond / aws.concurrent.perSecond, 2.5, 'at least')
  bar('load + first call, × AWS SDK v3', start.ms / awsStart.ms, 0.35)
  bar('RSS over bare Node.js after one call, MB', (start.rssKiB - bare) / 1_024, 5)
  bar('unpacked size, kB', bytes / 1_000, 600)
  const bundles = await measureBundles()
  for (const [name, { size, limit }] of Object.entries(bundles))
    bar(`bundle for browsers, ${name}, kB gzip`, size, limit)
  for (const { behaviour, error, ms, rssGrowthKiB } of measure<Failure[]>('failures', url)) {
    bar(`${behaviour}: ${error}, ms (of 300)`, ms, 350)
    bar(`${behaviour}: RSS growth, MB`, rssGrowthKiB / 1_024, 5)
  }
  const processes = await credentialProcess(9)
  if (processes === undefined) console.log('  portico credential-process: no AWS CLI to compare it with')
  else bar('portico credential-process, × the AWS CLI’s', processes.ours / processes.theirs, 0.35)
  if (!values.keep) return
  const found: ClientPerformance = {
    node: process.version,
    cores: cpus().length,
    calls: Number(values.calls),
    clients: cells,
    bars: bars.map((each) => ({ ...each, measured: Number(each.measured.toFixed(2)) })),
    bundles,
  }
  writeFileSync(join(import.meta.dirname, 'results/performance.json'), `${JSON.stringify(found, null, 2)}\n`)
}

function bar(name: string, measured: number, limit: number, side: Side = 'at most'): void {
  bars.push({ name, measured, limit, side })
  const met = side === 'at most' ? measured <= limit : measured >= limit
  console.log(
    `${met ? '✔' : '✖'} ${name.padEnd(56)} ${measured.toFixed(2).padStart(9)}   ${side === 'at most' ? '≤' : '≥'} ${limit}`,
  )
}

function median(all: number[]): number {
  return all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN
}

function best(all: Throughput[]): Throughput {
  return {
    cpuMicros: Math.min(...all.map(({ cpuMicros }) => cpuMicros)),
    perSecond: Math.max(...all.map(({ perSecond }) => perSecond)),
  }
}

function whole(number: number): string {
  return Math.round(number).toString()
}
