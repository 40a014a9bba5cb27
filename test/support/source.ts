/**
 * The product's source files as the architecture test reads them: where each stands, what it imports, and its code without
 * comments. Import lines are read with patterns, not with a parser: they match only what begins a line, so that the word
 * "from" in a comment is not mistaken for an import.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** One file below `packages/<package>/src`. */
export type SourceFile = {
  /** From the repository's root: `packages/portico/src/core/mint.ts`. */
  path: string
  /** Package and first folder: `portico/core`. */
  area: string
  /** What it imports, as `area:` + area + `/` + the rest of the path, `node:` + module, or `npm:` + package. */
  imports: readonly string[]
  /** The text without comments. */
  code: string
}

/** Every source file of both packages that is not a test. */
export function readSources(): SourceFile[] {
  const root = join(import.meta.dirname, '..', '..')
  const paths = globSync('packages/*/src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).sort()
  return paths.map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

/** Reads one file's text. The path need not exist, so that a test can plant a file. */
export function parseSource(path: string, text: string): SourceFile {
  const code = withoutComments(text)
  return { path, area: areaOf(path), imports: specifiers(code).map((specifier) => resolve(path, specifier)), code }
}

/** `packages/portico/src/core/mint.ts` stands in `portico/core`. */
function areaOf(path: string): string {
  const [, packageName, , folder = ''] = path.split('/')
  return `${packageName}/${folder}`
}

/** Whole-line comments only: a pattern that looked inside lines would stumble over `//` in URLs. */
function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

function specifiers(code: string): string[] {
  const patterns = [/^(?:import|export|\})[^'\n]*\bfrom '([^']+)'/gm, /^import '([^']+)'/gm, /\bimport\('([^']+)'\)/g]
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''))
}

/** Our own packages' entry points, for imports that go through a name. */
const entryPoints: Record<string, string> = { ssooidc: 'ssooidc/client', portico: 'portico/server' }

function resolve(path: string, specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(path), specifier))
    return `area:${target.replace(/^packages\/([^/]+)\/src\//, '$1/')}`
  }
  const [packageName = '', ...rest] = specifier.split('/')
  if (!(packageName in entryPoints)) {
    return `npm:${specifier.startsWith('@') ? `${packageName}/${rest[0]}` : packageName}`
  }
  return `area:${rest.length === 0 ? entryPoints[packageName] : specifier}`
}
