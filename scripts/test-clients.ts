/**
 * `npm run test:clients`: real AWS clients of other ecosystems, unmodified, against a server of ours, with a person's decision
 * on its pages. Installs them first (Debian, as root; see `test/clients/install.sh`). Arguments go to `node --test`.
 *
 * `npm run test:clients:all` runs those as well that take long to fetch and build: their tests stand beside their programs. It
 * also keeps what each client saw, from which the conformance page is drawn.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

const given = process.argv.slice(2)
const all = given.includes('--all')

const install = spawnSync('bash', ['test/clients/install.sh', ...(all ? ['all'] : [])], { stdio: 'inherit' })
const files = globSync(all ? 'test/clients/**/*.test.ts' : 'test/clients/*.test.ts').sort()
// Some tests start a client forty times, which takes half a minute on a machine of its own and three on one that many share:
// the limit is for what hangs.
const args = [
  '--test',
  '--test-concurrency=2',
  '--test-timeout=600000',
  ...given.filter((arg) => arg !== '--all'),
  ...files,
]
const env = { ...process.env, ...(all ? { KEEP_CLIENT_RESULTS: 'yes' } : {}) }
process.exitCode = (install.status || spawnSync(process.execPath, args, { stdio: 'inherit', env }).status) ?? 1
