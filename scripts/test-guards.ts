/**
 * `npm run test:guards`: shows that the tests would notice. In a copy of the repository it takes out one guard at a time, the
 * check that stands between a stranger and something worth having, and expects the tests named beside it to fail. A guard
 * that can go without a failing test is a finding, and so is one that is not found in the source any more.
 *
 * Arguments choose guards by words of their names. Not its job: the tests themselves.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Guard, guards } from './guards.ts'

const root = join(import.meta.dirname, '..')
const copy = mkdtempSync(join(tmpdir(), 'portico-guards-'))
process.once('exit', () => rmSync(copy, { recursive: true, force: true }))
copyRepository()

const words = process.argv.slice(2)
const chosen = guards.filter(({ what }) => words.every((word) => what.includes(word)))
const files = [...new Set(chosen.flatMap(({ tests }) => tests))]
if (!pass(files)) throw new Error(`with every guard in place these must pass first: ${files.join(' ')}`)

const findings = chosen.flatMap((guard) => {
  const finding = findingOf(guard)
  console.log(finding === undefined ? `✔ ${guard.what}` : `✖ ${guard.what}: ${finding}`)
  return finding ?? []
})
console.log(`\n${chosen.length - findings.length} passed, ${findings.length} failed`)
process.exitCode = findings.length === 0 && chosen.length > 0 ? 0 : 1

function findingOf({ file, guard, without, tests }: Guard): string | undefined {
  const path = join(copy, file)
  const source = readFileSync(path, 'utf8')
  if (source.split(guard).length !== 2) return `it is not found once in ${file}: ${guard}`
  writeFileSync(
    path,
    source.replace(guard, () => without),
  )
  try {
    return pass(tests) ? `taken out of ${file}, and ${tests.join(' ')} passed` : undefined
  } finally {
    writeFileSync(path, source)
  }
}

function pass(tests: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...tests], { cwd: copy })
  return status === 0
}

/** Packages by link, but ours as copies, so that what is taken out here is out for every import. */
function copyRepository() {
  for (const entry of ['package.json', 'tsconfig.json', 'packages', 'test']) {
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
}
