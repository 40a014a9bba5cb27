/**
 * `portico` in a terminal, as a person has it before them: `script`, which every Debian has, makes one. What a person types goes
 * in, and what they would see comes out.
 */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { formBrowser } from '../support/form-browser.ts'
import { type RunningPortico, startPortico } from '../support/portico.ts'
import { type AwsHome, createAwsHome, firstRole } from './aws-home.ts'
import type { Started } from './program.ts'

let server: RunningPortico
before(async () => {
  server = await startPortico()
})
after(async () => {
  await server?.[Symbol.asyncDispose]()
})

const launcher = join(import.meta.dirname, '../../packages/portico/src/cli/launcher.js')

/** Alice's machine, with a session and one profile in its config file. */
function alicesMachine(): Promise<AwsHome> {
  return createAwsHome(server, { ...firstRole(server), startUrl: server.startUrlAlias })
}

/** Starts a command in a terminal of that many columns; it ends with the exit code of the command. */
function inTerminal(home: AwsHome, args: string, columns = 100): Started {
  const command = `stty cols ${columns} rows 60; exec '${process.execPath}' '${launcher}' ${args}`
  return home.start('/usr/bin/script', ['-qec', command, '/dev/null'])
}

/** Decides as the person at the terminal does, who sees the number that the page asks for. */
async function approve(running: Started): Promise<void> {
  const url = await verificationUrl(running)
  const [, number] = await running.printed(/which number you see here\. It is\s+\u001b\[1m(\d\d)/)
  await formBrowser().decide(url, server.person('alice'), 'approve', undefined, number)
}

async function verificationUrl(running: Started): Promise<string> {
  const [url] = await running.printed(/http\S+user_code=[A-Z-]{9}/)
  return url
}

const noFiles = async ({ folder }: AwsHome) =>
  assert.deepEqual(await readdir(join(folder, '.aws/sso/cache')).catch(() => []), [])

describe('in a terminal', () => {
  test('login draws a code for the phone, says how long it waits, and takes the line away when it is done', async () => {
    await using home = await alicesMachine()
    const running = inTerminal(home, 'login --profile dev --method device --no-browser')
    await running.printed(/▄▄▄▄▄▄▄/)
    await running.printed(/Waiting for approval, 10 min left/)
    await approve(running)
    // The line is cleared before the last word.
    await running.printed(/\r\u001b\[2KSigned in to corp, until \S+.*, and renewed by itself\.\r\n/)
    assert.equal((await running.ended).code, 0)
  })

  test('a code that does not fit is left out', async () => {
    await using home = await alicesMachine()
    const running = inTerminal(home, 'login --profile dev --method device --no-browser', 30)
    await running.printed(/Waiting for approval/)
    running.type('\u0003')
    const { stdout } = await running.ended
    assert.doesNotMatch(stdout, /▄▄▄/)
  })

  for (const method of ['device', 'pkce'])
    test(`Ctrl-C while it waits (${method}) ends it with 130, and nothing is left`, async () => {
      await using home = await alicesMachine()
      const running = inTerminal(home, `login --profile dev --method ${method} --no-browser`)
      await running.printed(/Waiting for/)
      running.type('\u0003')
      assert.equal((await running.ended).code, 130)
      assert.match((await running.ended).stdout, /Interrupted; nothing was changed\./)
      await noFiles(home)
    })

  test('a terminal that is closed ends it, and nothing is left', async () => {
    await using home = await alicesMachine()
    const pids = join(home.folder, 'pids')
    const command = `echo $$ $PPID >'${pids}'; exec '${process.execPath}' '${launcher}' login --profile dev --method device`
    const running = home.start('/usr/bin/script', ['-qec', command, '/dev/null'])
    await verificationUrl(running)
    const [login = 0, terminal = 0] = (await readFile(pids, 'utf8')).split(' ').map(Number)
    const other = home.start('/bin/sleep', ['60'])
    process.kill(terminal, 'SIGKILL')
    // Nobody may be there to take note of its end: what has ended says so.
    const state = () => readFile(`/proc/${login}/stat`, 'utf8').catch(() => `${login} (gone) X`)
    await other.until('still runs', async () => (/\) [XZ]/.test(await state()) ? true : undefined))
    await noFiles(home)
  })

  test('an address that a person pastes is taken, and another is not', async () => {
    await using home = await alicesMachine()
    const running = inTerminal(home, 'login --profile dev --method pkce --no-browser', 2_000)
    // Followed by something: all of it has come.
    const [, url = ''] = await running.printed(/(http\S+response_type=\S+)\s/)
    await running.printed(/paste that here/)
    running.type('http://127.0.0.1/oauth/callback?code=x\r')
    await running.printed(/That is not the address that was asked for\./)
    const { location } = await formBrowser().decide(url, server.person('alice'))
    running.type(`${location}\r`)
    assert.equal((await running.ended).code, 0)
  })

  test('a token is shown only to whoever insists', async () => {
    await using home = await alicesMachine()
    const running = inTerminal(home, 'token --profile dev')
    await running.printed(/this is a terminal.*add --show/)
    assert.equal((await running.ended).code, 2)
  })

  test('configure profile asks which role, and --no-input does not', async () => {
    await using home = await alicesMachine()
    const login = inTerminal(home, 'login --profile dev --method device --no-browser --no-qr')
    await approve(login)
    await login.printed(/Signed in/)
    const running = inTerminal(home, 'configure profile')
    await running.printed(/Which role\?[\s\S]*AdministratorAccess/)
    running.type('\r')
    assert.equal((await running.ended).code, 0)
    assert.match(
      await readFile(join(home.folder, '.aws/config'), 'utf8'),
      /\[profile development-administratoraccess\]/,
    )
    const silent = inTerminal(home, 'configure profile --no-input')
    await silent.printed(/Nobody can be asked here: give --account and --role\./)
    assert.equal((await silent.ended).code, 2)
  })
})
