/**
 * `npm run docs`: draws `docs/reference/` from the contract, its words, the table of settings and the commands' own help, so that no page can say
 * something else than the code. `npm run docs -- --check` draws nothing and fails when a page is not what it would draw.
 *
 * Not its job: the guide and the decisions, which people write.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandsPage } from './docs/commands-page.ts'
import { conformancePage } from './docs/conformance-page.ts'
import { errorsPage } from './docs/errors-page.ts'
import { failuresPage } from './docs/failures-page.ts'
import { fuzzingPage } from './docs/fuzzing-page.ts'
import { indexPage } from './docs/index-page.ts'
import { openapi } from './docs/openapi.ts'
import { parityPage } from './docs/parity-page.ts'
import { performancePage } from './docs/performance-page.ts'
import { servicePage } from './docs/service-page.ts'
import { documented } from './docs/services.ts'
import { settingsPage } from './docs/settings-page.ts'

const folder = 'docs/reference'
process.chdir(join(import.meta.dirname, '..'))

const pages: Record<string, string> = {
  'README.md': indexPage(documented),
  'command-line.md': commandsPage(),
  'conformance.md': conformancePage(),
  'errors.md': errorsPage(documented),
  'fuzzing.md': await fuzzingPage(),
  'failures.md': failuresPage(),
  'openapi.json': `${JSON.stringify(openapi(documented), null, 2)}\n`,
  'parity.md': parityPage(),
  'performance.md': performancePage(),
  'settings.md': settingsPage(),
}
for (const each of documented) pages[`${each.service.name}.md`] = servicePage(each)

mkdirSync(folder, { recursive: true })
const stale = Object.entries(pages).filter(([name, text]) => read(join(folder, name)) !== text)
const leftOver = readdirSync(folder).filter((name) => !Object.hasOwn(pages, name))

if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`${folder}/${name} is not what the contract says`)
  for (const name of leftOver) console.error(`${folder}/${name} is drawn from nothing any more`)
  if (stale.length + leftOver.length > 0) {
    console.error('Run `npm run docs`, read what changed, and commit it.')
    process.exitCode = 1
  }
} else {
  for (const [name, text] of stale) {
    writeFileSync(join(folder, name), text)
    console.log(`drew ${folder}/${name}`)
  }
  for (const name of leftOver) {
    rmSync(join(folder, name))
    console.log(`took away ${folder}/${name}`)
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
