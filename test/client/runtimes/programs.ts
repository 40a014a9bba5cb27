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

async function bundle(contents: string, format: 'esm' | 'iife', external: string[] = []): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(root, 'test/client/runtimes'), loader: 'ts' },
    bundle: true,
    write: false,
    format,
    external,
    platform: 'browser',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}
