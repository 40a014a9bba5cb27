/**
 * `npm run check`: the whole gate beside the tests. Runs every step, shows what each took, prints the output of those that
 * fail, and fails if one did. `npm run check -- types lint` runs the named steps only.
 *
 * Not its job: `npm test` and `npm run test:clients`, which continuous integration runs beside it (`.ci/run`).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

/** A step gives the commands that must succeed, or the complaints that it found itself. */
type Step = { name: string; commands: string[][] } | { name: string; complaints: () => string[] }

const node = process.execPath
const bin = (name: string) => join('node_modules/.bin', name)
const published = ['packages/ssooidc/dist', 'packages/portico/dist']

const steps: Step[] = [
  { name: 'lockfile', complaints: registryHosts },
  { name: 'lint', commands: [[bin('biome'), 'ci', '--colors=off', '--error-on-warnings', '.']] },
  { name: 'types', commands: [[bin('tsc'), '--noEmit']] },
  { name: 'architecture', commands: [[node, '--test', 'test/architecture.test.ts']] },
  { name: 'unused', commands: [[bin('knip')]] },
  { name: 'docs', commands: [[node, 'scripts/docs.ts', '--check']] },
  { name: 'build', commands: [[node, 'scripts/build.ts']] },
  { name: 'publint', commands: published.map((dist) => [bin('publint'), '--strict', dist]) },
  { name: 'exports', commands: published.map((dist) => [bin('attw'), '--pack', dist, '--profile', 'esm-only']) },
  { name: 'packed', commands: [[node, '--test', 'test/packed.test.ts']] },
]

useHooks()
const named = process.argv.slice(2)
const chosen = steps.filter(({ name }) => named.length === 0 || named.includes(name))
const failed = chosen.filter((step) => !passes(step))
console.log(`\n${chosen.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 && chosen.length > 0 ? 0 : 1

function passes(step: Step): boolean {
  const startedAt = performance.now()
  const output = 'commands' in step ? step.commands.map(outputOfFailure) : step.complaints()
  const complaints = output.filter((text) => text !== '')
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`${complaints.length === 0 ? '✔' : '✖'} ${step.name.padEnd(14)} ${seconds.padStart(5)} s`)
  for (const complaint of complaints) console.log(`\n${complaint}\n`)
  return complaints.length === 0
}

function outputOfFailure([command = '', ...args]: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status === 0) return ''
  return [`$ ${[command, ...args].join(' ')}`, stdout, stderr, error?.message ?? ''].join('\n').trim()
}

/** A lockfile that names the registry it was written with would send everybody else there. */
function registryHosts(): string[] {
  const lines = readFileSync('package-lock.json', 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    /"resolved": "https?:/.test(line) ? [`package-lock.json:${index + 1}${line}`] : [],
  )
}

/** No install script sets the hooks, so the first check in a clone does. */
function useHooks() {
  if (existsSync('.git')) spawnSync('git', ['config', 'core.hooksPath', '.githooks'])
}
