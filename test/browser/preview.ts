/**
 * Shows every page in every state to a real Chromium: on a phone and on a desk, in light and in dark. Saves a picture of each
 * below `test-results/pages`, asks axe-core about each, and prints what it finds. Run it by hand while working on pages:
 *
 *     node test/browser/preview.ts [part of a page's name …]
 *
 * Not its job: to pass or fail, see `pages.test.ts`.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium } from './chromium.ts'
import { looks, showPages } from './show-pages.ts'

const wanted = process.argv.slice(2)
const folder = join(import.meta.dirname, '..', '..', 'test-results', 'pages')
mkdirSync(folder, { recursive: true })

const pages = await showPages()
const browser = await launchChromium()
let findings = 0
try {
  for (const look of looks) {
    const tab = await pages.openTab(browser, look)
    for (const name of pages.names) {
      if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
      const problems = await pages.visit(tab, name)
      findings += problems.length
      for (const problem of problems) console.log(`${name} (${look.name}): ${problem}`)
      await tab.screenshot({ path: join(folder, `${name}.${look.name}.png`), fullPage: true })
    }
    await tab.context().close()
  }
} finally {
  await browser.close()
  await pages.close()
}
console.log(`${findings} findings; pictures are in ${folder}`)
