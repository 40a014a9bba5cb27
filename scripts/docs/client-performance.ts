/** The client's half of the page of figures: what is kept of a run of its benchmark, what of it misses its aim, and why. */
import { readFileSync } from 'node:fs'
import type { Bar, ClientPerformance } from '../../bench/client/bench.ts'
import type { Bundle } from '../../bench/client/bundles.ts'
import { table } from './markdown.ts'

/** Why a bar is missed. A bar that is missed without a reason is not drawn. */
const reasons: readonly (readonly [bar: RegExp, reason: string])[] = [
  [
    /^bundle for browsers, (?:one operation|all operations)/,
    'The operations themselves are a small part; the table above says what the rest buys. All of it is promised wherever the client runs, and options are data, so that no bundler can know that no Region and no report will be among them: none of it is left out.',
  ],
  [
    /^(?:sequential calls|CPU per unsigned call, × AWS)/,
    'One call at a time, most of it is the service’s, the kernel’s and that of whoever else a shared machine works for, and nobody can be faster than `node:http` alone: the first table has it as well, and the AWS SDK.',
  ],
  [/^RSS over bare/, 'Most of it is `node:http` itself, as the first table shows.'],
]

/** Blocks under a heading of their own. */
export function clientPerformance(): string[] {
  const { node, cores, calls, clients, bars, bundles } = JSON.parse(
    readFileSync('bench/client/results/performance.json', 'utf8'),
  ) as ClientPerformance
  return [
    '## The client',
    `\`npm run bench:client\` measures it beside its peers on your machine, against one stub, in one run; \`-- --keep\` keeps what this page shows. Here it ran on Node.js ${node} with ${cores} shared cores, ${calls} calls of each kind, the best of several rounds, and of memory the median. The numbers that count are ratios, since a busy machine only ever adds; this one was busy.`,
    table(
      ['', 'CPU µs per call (50 at once)', 'calls/s (50 at once)', 'load and first call', 'memory over bare Node.js'],
      clients,
    ),
    table(
      ['', 'Measured', 'Aim', ''],
      bars.map((bar) => [bar.name, bar.measured.toFixed(2), `${bar.side} ${bar.limit}`, isMet(bar) ? '✔' : 'missed']),
    ),
    'What a page loads, in kilobytes: each part with its share of what is left when all is minified and gzipped.',
    partsTable(bundles),
    ...bars.filter((bar) => !isMet(bar)).map((bar) => `**Missed: ${bar.name}.** ${reasonFor(bar)}`),
    'That one of eight processes with an expired token refreshes it and none fails, and that the file is whole whenever a process is killed, is held by [refresh.test.ts](../../test/sign-in/refresh.test.ts) and [cache.test.ts](../../test/sign-in/cache.test.ts); that nothing else is installed, by [packed.test.ts](../../test/packed.test.ts).',
  ]
}

/** A row for each part, the heaviest in the first bundle first. */
function partsTable(bundles: Readonly<Record<string, Bundle>>): string {
  const all = Object.entries(bundles)
  const names = new Set(
    all
      .flatMap(([, { parts }]) => Object.entries(parts).sort(([, one], [, other]) => other - one))
      .map(([name]) => name),
  )
  return table(
    ['', ...all.map(([name]) => name)],
    [
      ...[...names].map((name) => [name, ...all.map(([, { parts }]) => parts[name]?.toFixed(2) ?? '')]),
      ['together', ...all.map(([, { size }]) => size.toFixed(2))],
    ],
  )
}

function isMet({ measured, limit, side }: Bar): boolean {
  return side === 'at most' ? measured <= limit : measured >= limit
}

function reasonFor({ name }: Bar): string {
  const found = reasons.find(([bar]) => bar.test(name))
  if (found === undefined) throw new Error(`${name} is missed, and nothing says why`)
  return found[1]
}
