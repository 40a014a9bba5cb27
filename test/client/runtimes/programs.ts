/** The exercise as programs that a runtime can be given. */
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../../..')

/** Everything in one script, as a browser or a worker gets it: the client is bundled with the conditions of the web. */
export function webProgram(start: string, format: 'esm' | 'iife'): Promise<string> {
  return bundle(`import * as client from 'ssooidc'; import { exercise } from './exercise.ts'; ${start}`, format)
}

/** The exercise alone, which imports the published package by name. */
export function packageProgram(): Promise<string> {
  const start = 'console.log(JSON.stringify(await exercise(client, process.argv.at(-1))))'
  return bundle(`import * as client from 'ssooidc'; import { exercise } from './exercise.ts'; ${start}`, 'esm', [
    'ssooidc',
  ])
}

async function bundle(
  contents: string,
  format: 'esm' | 'iife',
  external: string[] = [],
  alias?: Record<string, string>,
): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, 'test/client/runtimes'), loader: 'ts' },
    bundle: true,
    write: false,
    format,
    external,
    // The package says that its modules do nothing by being loaded; its tests do.
    ...(alias === undefined ? {} : { alias, ignoreAnnotations: true }),
    platform: 'browser',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}

/** The client's own tests as one script for where there is no Node.js; `start` may call `runTests()`. */
export async function webTests(start: string, format: 'esm' | 'iife'): Promise<string> {
  const files = ['client/client', 'client/operations', 'client/oauth2/oauth2']
  const imports = files.map((file) => `import '../../../packages/ssooidc/src/${file}.test.ts'`)
  const contents = [...imports, `import { runTests } from 'node:test'`, start].join('\n')
  return bundle(contents, format, [], {
    'node:test': join(root, 'test/client/runtimes/node-test.ts'),
    'node:assert/strict': join(root, 'test/client/runtimes/node-assert.ts'),
  })
}

/**
 * Test files as any runtime with Node's test runner can take them, below `folder` where they stand in the repository. The
 * client is bundled into each; the packages of AWS have to be found beside them.
 */
export async function testPrograms(files: readonly string[], folder: string): Promise<string[]> {
  await build({
    absWorkingDir: root,
    entryPoints: [...files],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: ['@aws-sdk/*', '@smithy/*'],
    outbase: root,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  })
  return files.map((file) => join(folder, file.replace(/\.ts$/, '.mjs')))
}
