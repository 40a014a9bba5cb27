/**
 * `npm run test:clients`: real AWS clients of other ecosystems, unmodified, against a server of ours, with a person's decision
 * made in a real browser. Installs them first (Debian, as root; see `test/clients/install.sh`). Arguments go to `node --test`.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

const install = spawnSync('bash', ['test/clients/install.sh'], { stdio: 'inherit' })
const files = globSync('test/clients/*.test.ts').sort()
const args = [
  '--test',
  '--test-concurrency=2',
  '--test-timeout=180000',
  '--test-force-exit',
  ...process.argv.slice(2),
  ...files,
]
process.exitCode = (install.status || spawnSync(process.execPath, args, { stdio: 'inherit' }).status) ?? 1
