/** What was measured: drawn from the run that `npm run bench -- --keep` kept. */
import { type Aim, readResults } from '../../bench/results.ts'
import { clientPerformance } from './client-performance.ts'
import { DRAWN, page, table } from './markdown.ts'

/** The page of figures. */
export function performancePage(): string {
  return page(DRAWN, '# Performance', ...server(), ...clientPerformance())
}

function server(): string[] {
  const { node, cores, load, connections, rounds, requests, measured, aims } = readResults()
  const refreshes = (contender: string) =>
    measured.find((each) => each.operation === 'refresh' && each.contender === contender)?.requestsPerSecond ?? 0
  const ceiling = (refreshes('bare') / refreshes('oidc-provider')).toFixed(1)
  return [
    '## The server',
    `One run of \`npm run bench\`, the server’s real listener on SQLite in a file, beside two others in the same run. **W** is a bare \`node:http\` server that makes the same calls of \`node:crypto\` for each operation and answers as many bytes, and does nothing else: no contract, no checks, no storage. **oidc-provider** is the best-known OpenID provider for Node.js, with everything in memory: what it answers is lost when it ends, where each of our rotations is on disk before it is answered.`,
    `${connections} keep-alive connections from a process of their own, ${rounds} rounds of ${requests.toLocaleString('en')} requests each, the servers in turn; Node.js ${node} on ${cores} cores, which had a load of ${load} when the run began. Machines differ and are busy, so ratios are what to read: those within each round, of which the middle one counts. CPU time is of all threads of a server, garbage collection and the writer included. The limits of what one address and one person may ask are off, and log lines are thrown away.`,
    table(
      ['Operation', 'Server', 'Requests a second', 'of W', 'CPU µs a request', 'of W', 'p99 ms'],
      measured.map(({ operation, contender, requestsPerSecond, ofW, cpu, cpuOfW, p99 }) => [
        operation,
        nameOf(contender),
        requestsPerSecond.toLocaleString('en'),
        ofW.toFixed(2),
        String(cpu),
        cpuOfW.toFixed(2),
        String(p99),
      ]),
    ),
    'What it is meant to reach, and what it does:',
    table(
      ['Operation', 'Meant', 'Reached', 'by CPU time', ''],
      aims.map((each) => [
        each.operation,
        `${each.aim} × ${nameOf(each.of)}`,
        each.reached.toFixed(2),
        each.byCpu.toFixed(2),
        verdict(each),
      ]),
    ),
    `Where the time goes. **RegisterClient** writes nothing. A **pending poll** reads nothing while nobody decides: what waits is known in memory, and forgotten with every decision. A **refresh** reads its session, is written by the writer thread together with all that came in meanwhile, with its audit line, and waits for the disk: with few connections the disk’s latency is its speed. It varies most between runs, by what else the disk has to do. W, which writes nothing down, is ${ceiling} × oidc-provider there, so that twice oidc-provider leaves next to nothing for the contract, the read, the write and the audit line. **GetRoleCredentials** asks no database; its audit line is written behind it.`,
  ]
}

function nameOf(contender: string): string {
  return { bare: 'W', portico: 'Portico' }[contender] ?? contender
}

function verdict({ aim, reached, byCpu }: Aim): string {
  if (reached >= aim) return byCpu >= aim ? 'reached' : 'reached, though not by CPU time'
  return byCpu >= aim ? 'missed, though not by CPU time' : 'missed'
}
