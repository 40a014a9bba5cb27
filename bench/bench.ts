/**
 * How many requests Portico serves, as ratios within one run: against W, a bare server that does the same cryptography, and
 * against oidc-provider in memory. Machines differ and are busy; ratios hold.
 *
 *     npm run bench [-- --rounds 3 --keep]
 *     npm run bench -- --operation refresh
 *
 * Each round measures the contenders in turn, so that a slow moment of the machine hits all of them. What is kept is drawn
 * into the reference by `npm run docs`.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Ready, ROUNDS, SESSIONS, WARM_UPS } from './contender.ts'
import type { Job, Report } from './load.ts'
import { keepResults, type Results } from './results.ts'

const names = ['bare', 'portico', 'oidc-provider'] as const
const operations = ['RegisterClient', 'pending poll', 'refresh', 'GetRoleCredentials'] as const
const connections = 32

/** What Portico is meant to reach, by operation: of W, or of oidc-provider. */
const aims: Record<(typeof operations)[number], { of: (typeof names)[number]; ratio: number }> = {
  RegisterClient: { of: 'bare', ratio: 0.45 },
  'pending poll': { of: 'bare', ratio: 0.45 },
  refresh: { of: 'oidc-provider', ratio: 2 },
  GetRoleCredentials: { of: 'bare', ratio: 0.5 },
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    operation: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
const chosen = operations.filter((each) => values.operation === undefined || each === values.operation)
if (chosen.length === 0) throw new Error(`--operation must be one of: ${operations.join(', ')}`)
if (values.keep && chosen.length < operations.length) throw new Error('--keep keeps all operations or nothing')
const [load1 = 0] = loadavg()
const rounds = Math.min(ROUNDS - WARM_UPS, Math.max(1, Number(values.rounds)))

type Contender = { process: ChildProcess; ready: Ready; used: number }
type Result = { perSecond: number; cpu: number; p99: number; bytes: number }

const load = fork(new URL('load.ts', import.meta.url))
const contenders = new Map<string, Contender>()
for (const name of names) {
  const child = fork(new URL(`servers/${name}.ts`, import.meta.url))
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`the contender ${name} did not start`)))
  const [ready] = (await Promise.race([once(child, 'message'), failed])) as [Ready] // `announce` sends it first
  failed.catch(() => undefined)
  contenders.set(name, { process: child, ready, used: 0 })
}

const results = new Map<string, Result[]>()
for (let round = 1 - WARM_UPS; round <= rounds; round++)
  for (const operation of chosen)
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const contender = contenders.get(name)
      if (contender?.ready.requests[operation] === undefined) continue
      const result = await measure(contender, operation)
      if (round > 0) results.set(`${operation} ${name}`, [...(results.get(`${operation} ${name}`) ?? []), result])
    }
for (const operation of chosen) compareBytes(operation)
const measured = conclude()
print(measured)
if (values.keep) keepResults(measured)
for (const { process: child } of contenders.values()) child.kill()
load.kill()

async function measure(contender: Contender, operation: string): Promise<Result> {
  const all = contender.ready.requests[operation] ?? []
  const count = SESSIONS
  // Where there are more than one round needs, each round takes its own.
  const from = all.length > count ? contender.used : 0
  if (all.length > count) contender.used += count
  const requests = all.length > count ? all.slice(from, from + count) : all
  const before = await ask<{ cpuMicroseconds: number }>(contender.process, operation === 'refresh' ? 'age' : 'cpu')
  const job: Job = { port: contender.ready.port, requests, count, connections }
  const report = await ask<Report>(load, job)
  const after = await ask<{ cpuMicroseconds: number }>(contender.process, 'cpu')
  const expected = contender.ready.expected[operation]
  if (report.statuses[String(expected)] !== count)
    throw new Error(`${operation}: ${JSON.stringify(report.statuses)} instead of ${count} × ${expected}`)
  return {
    perSecond: count / report.seconds,
    cpu: (after.cpuMicroseconds - before.cpuMicroseconds) / count,
    p99: report.p99,
    bytes: report.bytes,
  }
}

async function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  child.send(message)
  const [answer] = await once(child, 'message')
  return answer as T // each process answers every message with its one kind of report
}

function conclude(): Results {
  const round = (value: number, digits: number) => Number(value.toFixed(digits))
  return {
    node: process.version,
    cores: availableParallelism(),
    load: round(load1, 1),
    ...{ connections, rounds, requests: SESSIONS },
    measured: chosen.flatMap((operation) =>
      names
        .filter((contender) => results.has(`${operation} ${contender}`))
        .map((contender) => ({
          ...{ operation, contender },
          requestsPerSecond: round(median(operation, contender, 'perSecond'), 0),
          ofW: round(medianRatio(operation, contender, 'bare', 'perSecond'), 2),
          cpu: round(median(operation, contender, 'cpu'), 0),
          cpuOfW: round(medianRatio(operation, contender, 'bare', 'cpu'), 2),
          p99: round(median(operation, contender, 'p99'), 1),
        })),
    ),
    aims: chosen.map((operation) => {
      const { of, ratio: aim } = aims[operation]
      const reached = round(medianRatio(operation, 'portico', of, 'perSecond'), 2)
      return { operation, of, aim, reached, byCpu: round(1 / medianRatio(operation, 'portico', of, 'cpu'), 2) }
    }),
  }
}

function print({ node, cores, load, measured, aims }: Results): void {
  console.log(
    `${connections} keep-alive connections, ${rounds} rounds of ${SESSIONS} requests after ${WARM_UPS} that warm up, medians; ` +
      `${cores} cores with a load of ${load}, Node ${node}\n`,
  )
  console.log('operation           | contender      |  req/s | of W |  CPU µs | of W | p99 ms')
  for (const { operation, contender, requestsPerSecond, ofW, cpu, cpuOfW, p99 } of measured) {
    const cells = [
      operation.padEnd(19),
      contender.padEnd(14),
      String(requestsPerSecond).padStart(6),
      ofW.toFixed(2),
      String(cpu).padStart(7),
      cpuOfW.toFixed(2).padStart(4),
      p99.toFixed(1).padStart(6),
    ]
    console.log(cells.join(' | '))
  }
  console.log('')
  for (const { operation, of, aim, reached, byCpu } of aims) {
    const verdict = reached >= aim ? 'reached' : 'MISSED'
    const whom = of === 'bare' ? 'W' : of
    console.log(
      `${operation}: ${reached.toFixed(2)} × ${whom}, aim ≥ ${aim}: ${verdict} (by CPU time ${byCpu.toFixed(2)})`,
    )
  }
}

/** W answers as many bytes as we do, in every round, or it is not W. */
function compareBytes(operation: string): void {
  const bare = median(operation, 'bare', 'bytes')
  for (const { bytes } of runsOf(operation, 'portico'))
    if (Math.abs(bytes - bare) > bare / 50)
      throw new Error(`${operation}: W answers ${bare.toFixed(0)} bytes where Portico answers ${bytes.toFixed(0)}`)
}

function median(operation: string, name: string, member: keyof Result): number {
  return middleOf(runsOf(operation, name).map((run) => run[member]))
}

/** Of each round's ratio, since a slow moment of the machine lasts longer than a round. */
function medianRatio(operation: string, name: string, base: string, member: keyof Result): number {
  const bases = runsOf(operation, base)
  return middleOf(runsOf(operation, name).map((run, round) => run[member] / (bases[round]?.[member] ?? Number.NaN)))
}

function runsOf(operation: string, name: string): readonly Result[] {
  return results.get(`${operation} ${name}`) ?? []
}

function middleOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
