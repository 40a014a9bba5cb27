/**
 * `npm run test:fuzz`: coverage-guided fuzzing of everything that reads what strangers send.
 *
 *     npm run test:fuzz                                  every target, ten seconds each
 *     npm run test:fuzz -- --seconds 60 --target ini     one, for a minute; `--target` may come again
 *     npm run test:fuzz -- --seed 7 --jobs 1             with the random numbers of that seed, one target at a time
 *     npm run test:fuzz -- --target ini --input FILE     one input, which a finding left there
 *     npm run test:fuzz -- --keep                        the inputs and figures are kept, to be committed
 *
 * A finding is written to `test-results/fuzz/`, printed with the command that repeats it, and fails the run.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeCorpus } from '../test/fuzz/corpus.ts'
import type { Finding } from '../test/fuzz/engine/fuzz.ts'
import { keepFigures } from '../test/fuzz/results.ts'
import { runTarget } from '../test/fuzz/run.ts'
import { loadTarget, targetNames } from '../test/fuzz/target.ts'

process.chdir(join(import.meta.dirname, '..'))

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    jobs: { type: 'string', default: String(availableParallelism()) },
    input: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
const names = values.target ?? [...targetNames]
const unknown = names.find((name) => !targetNames.includes(name))
if (unknown !== undefined) {
  console.error(`There is no target ${unknown}. There are: ${targetNames.join(', ')}.`)
  process.exit(2)
}
if (values.input !== undefined) await once(names, values.input)
else await all(names)

async function once(names: readonly string[], path: string): Promise<void> {
  for (const name of names) {
    const target = await loadTarget(name)
    await target.check(readFileSync(path))
    console.log(`${name}: every promise holds for ${path}`)
  }
  process.exit()
}

async function all(names: readonly string[]): Promise<void> {
  const [seconds, seed, jobs] = [Number(values.seconds), Number(values.seed), Math.max(1, Number(values.jobs))]
  console.log(`${names.length} targets, ${seconds} s each, ${jobs} at a time, --seed ${seed}`)
  const waiting = [...names]
  let findings = 0
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const outcome = await runTarget({ name, seconds, seed })
      for (const finding of outcome.findings) report(name, finding)
      findings += outcome.findings.length
      if (!('corpus' in outcome)) continue
      const { executions, corpus, blocks } = outcome
      const speed = Math.round(executions / outcome.seconds).toLocaleString('en')
      console.log(
        `${name.padEnd(24)} ${executions.toLocaleString('en').padStart(11)} runs ${speed.padStart(8)}/s  blocks ${blocks.covered}/${blocks.all}  corpus ${corpus.length}`,
      )
      if (!values.keep) continue
      writeCorpus(name, corpus)
      keepFigures(name, outcome)
    }
  }
  await Promise.all(Array.from({ length: jobs }, worker))
  console.log(findings === 0 ? 'No finding.' : `${findings} findings.`)
  process.exitCode = findings === 0 ? 0 : 1
}

function report(name: string, { message, input }: Finding): void {
  const folder = 'test-results/fuzz'
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name}-${Buffer.from(input.subarray(0, 6)).toString('hex')}-${input.length}.bin`)
  writeFileSync(path, input)
  console.error(`\n${name}: ${message}\n  ${JSON.stringify(input.toString('latin1').slice(0, 300))}`)
  console.error(`  repeat it: npm run test:fuzz -- --target ${name} --input ${path}\n`)
}
