/**
 * `node bench/client/keep-bundles.ts`: measures the bundles alone and puts them in the place of those that are kept. They do
 * not depend on the machine, so that they need not wait for a quiet hour.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { ClientPerformance } from './bench.ts'
import { measureBundles } from './bundles.ts'

const file = new URL('results/performance.json', import.meta.url)
const before = JSON.parse(readFileSync(file, 'utf8')) as ClientPerformance
const bundles = await measureBundles()
const bars = before.bars.map((bar) => {
  const [, what = ''] = /^bundle for browsers, (.*), kB gzip$/.exec(bar.name) ?? []
  const found = bundles[what]
  return found === undefined ? bar : { ...bar, measured: found.size, limit: found.limit }
})
writeFileSync(file, `${JSON.stringify({ ...before, bars, bundles }, null, 2)}\n`)
for (const [name, { size, limit }] of Object.entries(bundles)) console.log(`${size.toFixed(2)} (≤ ${limit})  ${name}`)
