/**
 * `npm run build`: what is published. One `tsc` run emits JavaScript and declarations of both packages into their `dist/`,
 * files that are not TypeScript are copied, and each `dist/package.json` is derived from the package's own by pointing
 * every `./src/*.ts` at what was emitted from it. `dist/` is packed, tested as packed, and published; nothing is built on
 * the user's machine.
 *
 * The client's modules are also joined, since every file costs a program half a millisecond at its start. The server's are
 * not: the storage engine's worker starts from its own module's address.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { buildSync, transformSync } from 'esbuild'

const root = join(import.meta.dirname, '..')
const staging = join(root, 'node_modules/.cache/build')

rmSync(staging, { recursive: true, force: true })
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  {
    stdio: 'inherit',
  },
)

for (const name of ['ssooidc', 'portico']) {
  const folder = join(root, 'packages', name)
  const dist = join(folder, 'dist')
  rmSync(dist, { recursive: true, force: true })
  renameSync(join(staging, name, 'src'), dist)
  copyAssets(join(folder, 'src'), dist)
  pointDeclarationsAtScripts(dist)
  const manifest = derivedManifest(readFileSync(join(folder, 'package.json'), 'utf8'))
  const write = () => writeFileSync(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  write()
  if (name === 'ssooidc') await joinModules(dist, manifest).then(write)
  for (const program of Object.values(manifest.bin ?? {})) chmodSync(join(dist, program), 0o755)
  cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'))
  cpSync(join(folder, 'README.md'), join(dist, 'README.md'))
  console.log(`built ${manifest.name} ${manifest.version} in packages/${name}/dist`)
}

/**
 * A second copy of the client, for programs that load it from a disk: what `ssooidc()` needs stands in one file, and every
 * module of it becomes a thin one that takes its names from there. Bundlers get the modules as they are, since they leave
 * out what is not called. No program sees both.
 */
async function joinModules(dist: string, manifest: Manifest) {
  const joined = join(dist, 'joined')
  const options = {
    absWorkingDir: dist,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    // Installed by those who need them.
    external: Object.keys(manifest.peerDependencies ?? {}),
  } as const
  const { metafile } = buildSync({ ...options, entryPoints: ['client/index.js'], metafile: true, write: false })
  const modules = await Promise.all(
    Object.keys(metafile.inputs).map(async (path, number) => ({
      path,
      names: Object.keys(await import(join(dist, path))).map((name) => [`${name}_${number}`, name] as const),
    })),
  )
  const list = (names: readonly (readonly [inCore: string, name: string])[], side: 'core' | 'thin') =>
    names.map(([inCore, name]) => (side === 'core' ? `${name} as ${inCore}` : `${inCore} as ${name}`)).join(', ')
  const contents = modules.map(({ path, names }) => `export { ${list(names, 'core')} } from './${path}'`).join('\n')
  buildSync({ ...options, stdin: { contents, resolveDir: dist }, outfile: join(joined, 'core.js') })
  // Words about the contract stand alone. Of the others, people read the first copy: this one has no comments.
  for (const path of globSync('**/*.js', { cwd: dist, exclude: ['joined/**', '**/docs.js'] })) {
    mkdirSync(dirname(join(joined, path)), { recursive: true })
    writeFileSync(join(joined, path), transformSync(readFileSync(join(dist, path), 'utf8'), { target: 'es2022' }).code)
  }
  for (const { path, names } of modules) {
    const core = relative(dirname(path), 'core.js').replace(/^(?!\.)/, './')
    writeFileSync(join(joined, path), `export { ${list(names, 'thin')} } from '${core}'\n`)
  }
  for (const [name, target] of Object.entries(manifest.exports ?? {})) {
    const { types, default: script } = target as Exported // every target was derived above
    const node = script.replace('./', './joined/')
    const found = existsSync(join(dist, node)) ? { types, node, default: script } : target
    manifest.exports = { ...manifest.exports, [name]: found }
  }
}

/** Style sheets, scripts, pictures and samples lie beside the code that serves them, and move with it. */
function copyAssets(source: string, dist: string) {
  const assets = globSync('**/*', { cwd: source, withFileTypes: true, exclude: ['**/*.ts', '**/fixtures/**'] })
  for (const asset of assets.filter((entry) => entry.isFile())) {
    const target = join(dist, asset.parentPath.slice(source.length), asset.name)
    mkdirSync(dirname(target), { recursive: true })
    cpSync(join(asset.parentPath, asset.name), target)
  }
}

/** The compiler rewrites `./name.ts` in scripts only; not every tool looks for `name.d.ts` behind it. */
function pointDeclarationsAtScripts(dist: string) {
  for (const path of globSync('**/*.d.ts', { cwd: dist })) {
    const text = readFileSync(join(dist, path), 'utf8')
    writeFileSync(join(dist, path), text.replaceAll(/(\b(?:from |import\()'\.{1,2}\/[^'\n]+)\.ts'/g, "$1.js'"))
  }
}

type Manifest = {
  name: string
  version: string
  bin?: Record<string, string>
  exports?: Record<string, unknown>
  imports?: Record<string, Record<string, string>>
  peerDependencies?: Record<string, string>
}

function derivedManifest(text: string): Manifest {
  const manifest = JSON.parse(text) as Manifest
  for (const [name, program] of Object.entries(manifest.bin ?? {})) {
    manifest.bin = { ...manifest.bin, [name]: program.replace(/^\.\/src\//, '').replace(/\.ts$/, '.js') }
  }
  for (const [name, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target !== 'string') throw new Error(`${manifest.name}: exports["${name}"] must name one file`)
    manifest.exports = { ...manifest.exports, [name]: exported(target) }
  }
  // The runtime chooses among these by condition; they are nobody's types.
  for (const [name, targets] of Object.entries(manifest.imports ?? {})) {
    const scripts = Object.entries(targets).map(([condition, target]) => [condition, emitted(target, '.js')])
    manifest.imports = { ...manifest.imports, [name]: Object.fromEntries(scripts) }
  }
  return manifest
}

type Exported = { types: string; default: string }

/** Types stand before the script, because the first condition that matches wins. */
function exported(source: string): unknown {
  if (!source.endsWith('.ts')) return source.replace('./src/', './')
  return { types: emitted(source, '.d.ts'), default: emitted(source, '.js') }
}

function emitted(source: string, extension: string): string {
  return source.replace(/^\.\/src\/(.+)\.(?:ts|js)$/, `./$1${extension}`)
}
