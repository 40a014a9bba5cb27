/**
 * One sign-in for every tool of a machine: `portico login` makes it and the AWS tools use and renew it, or the AWS CLI makes it
 * and `portico` goes on with it. All of them meet in `~/.aws/sso/cache` and nowhere else.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../browser/chromium.ts'
import { decideInBrowser } from '../support/approve.ts'
import { formBrowser } from '../support/form-browser.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { type AwsHome, createAwsHome, firstRole } from './aws-home.ts'
import { cli1, cli2, cliOfDebian12, pythonWithBoto3 } from './installed.ts'
import { clients } from './versions.ts'

let server: RunningPortico
let browser: Browser
before(async () => {
  ;[server, browser] = await Promise.all([startPortico(), launchChromium()])
})
after(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

const launcher = join(import.meta.dirname, '../../packages/portico/src/cli/launcher.js')
const porticoLogin = [launcher, 'login', '--profile', 'dev']
const soon = () => new Date(Date.now() + 60_000).toISOString().replace(/\.\d+Z$/, 'Z')

/** Alice's machine, with the config file that the AWS tools share. */
function alicesMachine(): Promise<AwsHome> {
  return createAwsHome(server, { ...firstRole(server), startUrl: server.startUrlAlias })
}

function portico(home: AwsHome, ...args: string[]): Promise<string> {
  return home.run(process.execPath, [launcher, ...args])
}

/** Signs in with a program that opens the browser of the machine. */
async function signIn(home: AwsHome, program: string, args: readonly string[]): Promise<void> {
  const running = home.start(program, args)
  await decideInBrowser(browser, { url: await home.openedUrl(running), person: server.person('alice') })
  const { code, stderr } = await running.ended
  assert.equal(code, 0, stderr)
}

async function accessToken(home: AwsHome): Promise<string> {
  return (await home.token())?.accessToken ?? ''
}

function assertAlices(printed: string): void {
  const { Account, Arn } = JSON.parse(printed) as { Account: string; Arn: string }
  assert.equal(Account, firstRole(server).accountId)
  assert.match(Arn, /AWSReservedSSO_\w+\/alice$/)
}

const identity = ['sts', 'get-caller-identity', '--profile', 'dev', '--output', 'json']
const theCli = (client: keyof typeof clients) => `the AWS CLI ${clients[client].version}`
const tools: [name: string, program: string, args: readonly string[]][] = [
  [theCli('aws-cli-2-of-debian-12'), cliOfDebian12, identity],
  [theCli('aws-cli-2'), cli2, identity],
  [theCli('aws-cli-1'), cli1, identity],
  ['boto3', pythonWithBoto3, [join(import.meta.dirname, 'boto3-identity.py'), 'dev']],
  ['the AWS SDK for JavaScript', process.execPath, [join(import.meta.dirname, 'js-identity.ts'), 'dev']],
]

for (const [name, program, args] of tools)
  describe(`after \`portico login\`, ${name}`, () => {
    test('is signed in, renews the sign-in when it nears its end, and portico goes on with that', async () => {
      await using home = await alicesMachine()
      await signIn(home, process.execPath, [...porticoLogin, '--method', 'pkce', '--browser', `${home.folder}/browser`])
      assertAlices(await home.run(program, args))

      const ours = await accessToken(home)
      await home.editToken({ expiresAt: soon() })
      await home.forgetCredentials()
      assertAlices(await home.run(program, args))
      const theirs = await accessToken(home)
      assert.notEqual(theirs, ours)
      assert.equal((await portico(home, 'token', '--profile', 'dev')).trim(), theirs)
    })

    test('goes on with what portico renewed', async () => {
      await using home = await alicesMachine()
      const running = home.start(process.execPath, [...porticoLogin, '--method', 'device', '--no-browser'])
      const shown = (pattern: RegExp) =>
        running.until(`never said ${pattern}`, async () => pattern.exec(running.explain(''))?.[1])
      const url = await shown(/(http\S+user_code=[A-Z-]{9})/)
      const number = await shown(/which number you see here\. It is\s+(\d\d)/)
      await formBrowser().decide(url, server.person('alice'), 'approve', undefined, number)
      assert.equal((await running.ended).code, 0)
      const first = await accessToken(home)
      await home.editToken({ expiresAt: soon() })
      const renewed = (await portico(home, 'token', '--profile', 'dev')).trim()
      assert.notEqual(renewed, first)
      assertAlices(await home.run(program, args))
      assert.equal(await accessToken(home), renewed)
    })
  })

const signIns: [name: string, cli: string, args: readonly string[]][] = [
  [theCli('aws-cli-2-of-debian-12'), cliOfDebian12, []],
  [`${theCli('aws-cli-2')}, by a code`, cli2, ['--use-device-code']],
  [`${theCli('aws-cli-2')}, through the browser`, cli2, []],
]

for (const [name, cli, args] of signIns)
  describe(`after \`aws sso login\` of ${name}`, () => {
    test('portico is signed in, renews the sign-in, and ends it for both', async () => {
      await using home = await alicesMachine()
      await signIn(home, cli, ['sso', 'login', '--profile', 'dev', ...args])
      const theirs = await accessToken(home)
      assert.equal((await portico(home, 'token', '--profile', 'dev')).trim(), theirs)
      assertAlices(
        await portico(home, 'exec', '--profile', 'dev', '--', cli, ...identity.slice(0, 2), '--output', 'json'),
      )

      await home.editToken({ expiresAt: soon() })
      const renewed = (await portico(home, 'token', '--profile', 'dev')).trim()
      assert.notEqual(renewed, theirs)
      assertAlices(await home.run(cli, identity))

      await portico(home, 'logout', '--profile', 'dev')
      assert.equal(await home.token(), undefined)
      assert.match((await home.runToFailure(cli, identity)).stderr, /sso/i)
    })
  })
