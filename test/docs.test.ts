/**
 * What the documents claim and a program can check: that links lead somewhere, that commands, settings and files which they
 * name exist, and that the configuration which they show is accepted by the parser that will read it.
 *
 * Not its job: whether `docs/reference/` is up to date, which `scripts/docs.ts --check` says.
 */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import manifest from '../package.json' with { type: 'json' }
import server from '../packages/portico/package.json' with { type: 'json' }
import { resolveSettings } from '../packages/portico/src/cli/resolve-settings.ts'
import { environmentName, settingNames } from '../packages/portico/src/cli/settings.ts'
import { parseOrganization } from '../packages/portico/src/core/organization/organization-file.ts'

const root = join(import.meta.dirname, '..')
const pages = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md'], { cwd: root })
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const byHand = pages.filter(({ path }) => !path.startsWith('docs/reference/'))

/** Every match's first group, on every page, with the page's name. */
const said = (pattern: RegExp, among = byHand) =>
  among.flatMap(({ path, text }) => [...text.matchAll(pattern)].map((match) => ({ path, word: match[1] ?? '' })))

test('every relative link in the documents leads to a file, and to a heading in it', () => {
  const broken = said(/\]\((?!https?:)([^)\s]+)\)/g, pages).filter(({ path, word }) => {
    const [file = '', anchor] = word.split('#')
    const target = join(root, dirname(path), file === '' ? (path.split('/').at(-1) ?? '') : file)
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).has(anchor))
  })
  assert.deepEqual(broken, [])
})

test('every npm script that the documents name exists', () => {
  const scripts = new Set(Object.keys(manifest.scripts))
  assert.deepEqual(
    said(/npm run ([\w:]+)/g).filter(({ word }) => !scripts.has(word)),
    [],
  )
})

test('every variable that the documents name is a setting', () => {
  const known = new Set([...settingNames.map(environmentName), 'PORTICO_CONFIG'])
  assert.deepEqual(
    said(/\b(PORTICO_[A-Z_]+)\b/g).filter(({ word }) => !known.has(word)),
    [],
  )
})

test('every setting has its place in the guide’s words or in the reference', () => {
  const reference = pages.find(({ path }) => path === 'docs/reference/settings.md')?.text ?? ''
  for (const name of settingNames) assert.ok(reference.includes(`\`${name}\``), name)
})

test('every source file that the documents name exists', () => {
  const sources = globSync(['packages/*/src/**/*', 'test/**/*', 'scripts/**/*', 'examples/*'], { cwd: root })
  assert.deepEqual(
    said(/`((?:[\w.-]+\/)+[\w.-]+\.(?:ts|yaml|sh))`/g).filter(
      ({ word }) => !sources.some((path) => path === word || path.endsWith(`/${word}`)),
    ),
    [],
  )
})

test('every organization file that the documents show is accepted', () => {
  const shown = blocks('organization.yaml')
  assert.ok(shown.length > 0)
  for (const text of shown) {
    const parsed = parseOrganization(text, { brokers: ['built-in'] })
    assert.ok(parsed.ok, JSON.stringify(parsed))
  }
})

test('every settings file that the documents show is accepted', () => {
  const shown = blocks('portico.yaml')
  assert.ok(shown.length > 0)
  for (const text of shown) resolveSettings({ file: { name: 'portico.yaml', text }, env: {}, flags: {} })
})

test('the list of decisions has every decision', () => {
  const list = pages.find(({ path }) => path === 'docs/decisions/README.md')?.text ?? ''
  for (const page of globSync('0*.md', { cwd: join(root, 'docs/decisions') }))
    assert.ok(list.includes(`(${page})`), page)
})

test('every library of the server has its reason', () => {
  const reasons = pages.find(({ path }) => path === 'docs/decisions/0010-libraries.md')?.text ?? ''
  for (const name of Object.keys(server.dependencies))
    if (name !== 'ssooidc') assert.ok(reasons.includes(`\`${name}\``), name)
})

test('every flag that the documents give to `portico` is one that it takes', () => {
  // Its own help, as the reference has it.
  const help = pages.find(({ path }) => path === 'docs/reference/command-line.md')?.text ?? ''
  const known = new Set(help.match(/--[a-z][a-z-]+/g))
  assert.deepEqual(
    byHand
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .flatMap((line) => (/\bportico [a-z]/.test(line) ? said(/(--[a-z][a-z-]+)/g, [{ path, text: line }]) : [])),
      )
      .filter(({ word }) => !known.has(word)),
    [],
  )
})

/** The YAML blocks whose first line names this file. */
function blocks(name: string): string[] {
  return said(/```yaml\n(# \S+\n[\s\S]*?)```/g)
    .map(({ word }) => word)
    .filter((text) => text.startsWith(`# ${name}\n`))
}

/** The anchors of a page, as code hosts make them from headings, and those that are written. */
function anchorsOf(path: string): Set<string> {
  const text = readFileSync(path, 'utf8')
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return new Set([...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)])
}
