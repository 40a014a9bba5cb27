/**
 * The command line as people use it: a folder, commands that run in it to their end, and servers that run until told.
 *
 * Not its job: the demo server that most tests of the service need; that is `portico.ts`.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The program, as the repository's sources. */
export const main = join(import.meta.dirname, '..', '..', 'packages', 'portico', 'src', 'cli', 'main.ts')

/** A small organization file, whose only person has no password. */
export const ORGANIZATION = `
users:
  - { userName: carol, groups: [Staff], administrator: true }
groups:
  - { displayName: Staff }
accounts:
  - { id: 333333333333, name: Shop }
permissionSets:
  - { name: Reader }
assignments:
  - { account: 333333333333, permissionSet: Reader, group: Staff }
`

/** A password that will do. */
export const PASSWORD = 'umbrella gravel tulip nine'

/** A folder in which commands run, with its own data. Servers that were started in it end with it. */
export function workplace() {
  const cwd = mkdtempSync(join(tmpdir(), 'portico-cli-'))
  const env = { PATH: process.env.PATH, HOME: cwd }
  const servers: ChildProcess[] = []

  /** Runs a command to its end. */
  const run = (args: readonly string[], { input = '', ...more }: { input?: string; [name: string]: string } = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      ...{ cwd, input, env: { ...env, ...more }, encoding: 'utf8', timeout: 120_000 },
    })
    return { code: status, out: stdout, err: stderr }
  }

  /** Runs a command to its end while this process goes on, for commands that talk to it. */
  async function runBeside(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...env, ...more } })
    servers.push(child)
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const [code] = await once(child, 'close')
    return { code: code as number | null, out, err } // what the event says first
  }

  /** Starts `serve` and waits for its JSON line. Further variables of the environment may stand before the arguments. */
  async function serve(...given: readonly (string | { env: Readonly<Record<string, string>> })[]) {
    const args = given.filter((each) => typeof each === 'string')
    const more = given.filter((each) => typeof each !== 'string').map((each) => each.env)
    const child = spawn(process.execPath, [main, 'serve', '--json', '--port', '0', ...args], {
      ...{ cwd, env: Object.assign({}, env, ...more) },
    })
    servers.push(child)
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    // With all that it said.
    const ended = once(child, 'close')
    const lines = createInterface({ input: child.stdout })
    const line = await Promise.race([
      once(lines, 'line').then(([first]) => String(first)),
      ended.then(([code]) => assert.fail(`serve ended with ${code}: ${err}`)),
    ])
    return {
      said: JSON.parse(line),
      err: () => err,
      /** Waits until standard error says something. */
      async says(what: RegExp): Promise<RegExpExecArray> {
        for (;;) {
          const match = what.exec(err)
          if (match) return match
          await once(child.stderr, 'data')
        }
      },
      async stop(signal: NodeJS.Signals = 'SIGTERM') {
        child.kill(signal)
        return (await ended)[0] as number | null // what the event says first
      },
    }
  }

  return {
    run,
    runBeside,
    serve,
    path: (name: string) => join(cwd, name),
    write: (name: string, text: string) => writeFileSync(join(cwd, name), text),
    async [Symbol.asyncDispose]() {
      for (const child of servers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}
