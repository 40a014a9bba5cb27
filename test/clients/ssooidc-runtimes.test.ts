/**
 * The published client on every runtime that it promises: each runs the same exercise against the same stub, with the
 * package as it would be installed. The runtimes are npm packages of their own, which `install.sh` fetches.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { packageProgram, testPrograms, webProgram, webTests } from '../client/runtimes/programs.ts'
import { type Stub, startStub } from '../client/stub.ts'

const root = join(import.meta.dirname, '../..')
const runtimes = join(root, 'test/client/runtimes')
const installed = join(runtimes, 'node_modules')

const folder = mkdtempSync(join(tmpdir(), 'ssooidc-runtimes-'))
// Nothing of the person who runs the tests.
const env = { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' }
let stub: Stub

before(async () => {
  if (!existsSync(installed)) throw new Error('the runtimes are not installed: run `npm run test:clients`')
  execFileSync(process.execPath, [join(root, 'scripts/build.ts')])
  cpSync(join(root, 'packages/ssooidc/dist'), join(folder, 'node_modules/ssooidc'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "dependencies": { "ssooidc": "0.1.0" } }')
  writeFileSync(join(folder, 'program.js'), await packageProgram())
  stub = await startStub()
})
after(async () => {
  rmSync(folder, { recursive: true })
  await stub[Symbol.asyncDispose]()
})

const bun = '@oven/bun-linux-x64/bin/bun'
const deno = '@deno/linux-x64-glibc/deno'

for (const [runtime, program, ...args] of [
  ['Node.js 20', 'node-20/bin/node'],
  ['Node.js 22', 'node-22/bin/node'],
  ['Node.js 24', 'node-24/bin/node'],
  ['Node.js 26', process.execPath],
  ['Bun', bun, 'run'],
  ['Deno', deno, 'run', '--allow-all', '--no-config', '--node-modules-dir=manual'],
] as const)
  test(`the client does all it must on ${runtime}`, async () => {
    const path = program.startsWith('/') ? program : join(installed, program)
    const child = spawn(path, [...args, 'program.js', stub.url], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let last = 'null'
    for await (const line of createInterface({ input: child.stdout })) last = line
    assert.deepEqual(JSON.parse(last), [])
  })

// The tests behind the parity table, but for those of what only Node.js has: its connections, its clock that can be set.
const portable = [
  'packages/ssooidc/src/client/client.test.ts',
  'packages/ssooidc/src/client/operations.test.ts',
  'packages/ssooidc/src/client/options.test.ts',
  'packages/ssooidc/src/client/oauth2/oauth2.test.ts',
  'packages/ssooidc/src/config/config.test.ts',
  'packages/ssooidc/src/paws/paws.test.ts',
]
const ofNode = [...portable, ...['failures', 'signing', 'transport'].map((name) => `test/client/${name}.test.ts`)]

for (const [runtime, program, files, ...args] of [
  ['Node.js 20', 'node-20/bin/node', ofNode, '--test', '--test-force-exit'],
  ['Node.js 22', 'node-22/bin/node', ofNode, '--test', '--test-force-exit'],
  ['Node.js 24', 'node-24/bin/node', ofNode, '--test', '--test-force-exit'],
  ['Bun', bun, portable, 'test'],
  ['Deno', deno, portable, 'test', '--allow-all', '--no-check', '--no-config', '--node-modules-dir=manual'],
] as const)
  test(`every test behind the parity table passes on ${runtime}`, async () => {
    const programs = await testPrograms(files, join(folder, 'tests'))
    for (const scope of ['@aws-sdk', '@smithy']) {
      const link = join(folder, 'node_modules', scope)
      if (!existsSync(link)) symlinkSync(join(root, 'node_modules', scope), link)
    }
    execFileSync(join(installed, program), [...args, ...programs], { cwd: folder, env, stdio: 'pipe' })
  })

test('the client does all it must on workerd, where there is no Node.js', async () => {
  const worker = `export default { fetch: async () => Response.json(await exercise(client, ${JSON.stringify(stub.url)})) }`
  assert.deepEqual(await answerOfWorkerd(await webProgram(worker, 'esm')), [])
})

test('every test of the client that needs no Node.js passes on workerd', async () => {
  const worker = 'export default { fetch: async () => Response.json(await runTests()) }'
  const { count, failed } = (await answerOfWorkerd(await webTests(worker, 'esm'))) as {
    count: number
    failed: string[]
  }
  assert.deepEqual(failed, [])
  assert.ok(count > 50, `${count} tests`)
})

/** What a worker answers when it is asked. */
async function answerOfWorkerd(script: string): Promise<unknown> {
  writeFileSync(join(folder, 'worker.js'), script)
  writeFileSync(
    join(folder, 'workerd.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "net", network = (allow = ["private", "local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  globalOutbound = "net"
);
`,
  )
  const path = join(installed, '@cloudflare/workerd-linux-64/bin/workerd')
  const child = spawn(path, ['serve', '--control-fd=1', 'workerd.capnp'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
      createInterface({ input: child.stdout }).on('line', (line) => {
        const message = JSON.parse(line) as { event: string; port: number }
        if (message.event === 'listen') resolve(message.port)
      })
    })
    const response = await fetch(`http://127.0.0.1:${port}/`)
    return await response.json()
  } finally {
    child.kill()
  }
}
