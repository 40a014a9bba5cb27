/**
 * What is published works as published: both tarballs are installed into an empty folder with nothing but npm, the modules
 * are imported by name, the program is run, and a person signs in.
 *
 * Run by `npm run check`, since it needs the built packages.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { formBrowser } from './support/form-browser.ts'
import { startPortico } from './support/portico.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-packed-'))
  const dists = ['ssooidc', 'portico'].map((name) => join(root, 'packages', name, 'dist'))
  const { stdout } = await run('npm', ['pack', ...dists, '--pack-destination', folder, '--json'])
  const tarballs = (JSON.parse(stdout) as { filename: string }[]).map(({ filename }) => `./${filename}`)
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], { cwd: folder })
})
after(() => rm(folder, { recursive: true, force: true }))

/** Runs a module in the folder and returns what it prints. */
async function evaluate(source: string, node = process.execPath): Promise<string> {
  const { stdout } = await run(node, ['--input-type=module', '--eval', source], { cwd: folder })
  return stdout.trim()
}

/** The Node.js that runs npm: on a machine that brings its own, an older one than the repository's. */
const machinesNode = process.env.npm_node_execpath ?? process.execPath

for (const node of new Set([process.execPath, machinesNode])) {
  test(`the client is imported by name, and its contract beside it, by the Node.js ${node === machinesNode ? 'of the machine' : 'of the repository'}`, async () => {
    const source = `
      import { ssooidc } from 'ssooidc'
      import { ssoOidc } from 'ssooidc/protocol'
      console.log(typeof ssooidc, ssoOidc.operations.createToken.name)
    `
    assert.equal(await evaluate(source, node), 'function CreateToken')
  })
}

test('every export of both packages can be imported', async () => {
  for (const name of ['ssooidc', 'portico']) {
    const manifest = JSON.parse(await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>
    }
    for (const path of Object.keys(manifest.exports)) {
      await evaluate(`await import(${JSON.stringify(name + path.slice(1))})`)
    }
  }
})

test('the client brings no other package', async () => {
  const { stdout } = await run('npm', ['ls', 'ssooidc', '--json', '--all'], { cwd: folder })
  const tree = JSON.parse(stdout) as { dependencies: { ssooidc: { dependencies?: Record<string, unknown> } } }
  assert.equal(tree.dependencies.ssooidc.dependencies, undefined)
})

test('`portico --version` prints the version of the package', async () => {
  const { stdout } = await run(join(folder, 'node_modules/.bin/portico'), ['--version'], { cwd: folder })
  const { version } = JSON.parse(await readFile(join(root, 'packages/portico/package.json'), 'utf8')) as {
    version: string
  }
  assert.equal(stdout.trim(), version)
})

test('`portico serve --demo` serves, and a person signs a device in', async () => {
  await using portico = await startPortico({ command: [join(folder, 'node_modules/.bin/portico')] })
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(portico.url + path, { method: 'POST', body: JSON.stringify(body) })
    assert.equal(response.status, 200, `${path} answered ${response.status}`)
    return (await response.json()) as Record<string, string>
  }
  const { clientId, clientSecret } = await post('/client/register', { clientName: 'packed', clientType: 'public' })
  const client = { clientId, clientSecret }
  const device = await post('/device_authorization', { ...client, startUrl: portico.startUrl })
  await formBrowser().decide(device.verificationUriComplete ?? '', portico.person('alice'))
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code'
  const { accessToken = '' } = await post('/token', { ...client, grantType, deviceCode: device.deviceCode })
  assert.match(accessToken, /^ptc_at_/)
})
