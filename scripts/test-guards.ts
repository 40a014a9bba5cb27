/**
 * `npm run test:guards`: shows that the tests would notice. In a copy of the repository it takes out one guard at a time, the
 * check that stands between a stranger and something worth having, and expects the test named beside it to fail. A guard
 * that can go without a failing test is a finding, and so is one that is not found in the source any more.
 *
 * Arguments choose guards by words of what they hold. Not its job: the tests themselves.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Guard, guards } from './guards.ts'

const root = join(import.meta.dirname, '..')
const startedAt = performance.now()
const words = process.argv.slice(2)
const chosen = guards.filter(({ what }) => words.every((word) => what.includes(word)))
const places = Array.from({ length: availableParallelism() }, copyRepository)
process.once('exit', () => {
  for (const place of places) rmSync(place, { recursive: true, force: true })
})

const findings = await withoutAnyMutation()
const waiting = findings.length === 0 ? [...chosen] : []
await Promise.all(
  places.map(async (place) => {
    for (let guard = waiting.shift(); guard !== undefined; guard = waiting.shift()) {
      const finding = await findingOf(guard, place)
      console.log(finding === undefined ? `✔ ${guard.what}` : `✖ ${guard.what}: ${finding}`)
      if (finding !== undefined) findings.push(finding)
    }
  }),
)
const seconds = Math.round((performance.now() - startedAt) / 1000)
console.log(`\n${chosen.length} guards, ${findings.length} findings, ${seconds} s`)
process.exitCode = findings.length === 0 && chosen.length > 0 ? 0 : 1

/** What fails before anything is taken out proves nothing afterwards. */
async function withoutAnyMutation(): Promise<string[]> {
  const [place = root] = places
  const { passed, output } = await run(place, ['--test-concurrency=2', ...new Set(chosen.map(({ test }) => test))])
  if (!passed) console.log(output)
  return passed ? [] : ['with every guard in its place these tests must pass first']
}

async function findingOf({ file, guard, without, test, named }: Guard, place: string): Promise<string | undefined> {
  const path = join(place, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(guard).length !== 2) return `it is not found once in ${file}: ${guard}`
  writeFileSync(
    path,
    source.replace(guard, () => without),
  )
  try {
    const pattern = named === undefined ? [] : [`--test-name-pattern=${escaped(named)}`]
    const { passed, output } = await run(place, ['--test-isolation=none', ...pattern, test])
    if (passed) return `taken out of ${file}, and ${test} passed`
    // A source that cannot be read fails every test and shows nothing.
    if (/SyntaxError|ERR_MODULE_NOT_FOUND/.test(output)) return `without it ${file} is not a program`
    return named === undefined || output.includes(named) ? undefined : `no test in ${test} is named “${named}”`
  } finally {
    writeFileSync(path, source)
  }
}

function run(cwd: string, args: readonly string[]): Promise<{ passed: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--test', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.once('error', reject)
    child.once('close', (code) => resolve({ passed: code === 0, output }))
  })
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** Packages by link, but ours as copies, so that what is taken out here is out for every import. */
function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'portico-guards-'))
  for (const entry of ['package.json', 'tsconfig.json', 'docs', 'packages', 'test']) {
    cpSync(join(root, entry), join(copy, entry), {
      recursive: true,
      filter: (path) => !/\/(dist|node_modules)$/.test(path),
    })
  }
  mkdirSync(join(copy, 'node_modules'))
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const ours = name === 'ssooidc' || name === 'portico'
    symlinkSync(
      ours ? join(copy, 'packages', name) : join(root, 'node_modules', name),
      join(copy, 'node_modules', name),
    )
  }
  return copy
}
