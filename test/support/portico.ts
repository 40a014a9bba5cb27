/**
 * Starts the server as its users do: a process of its own, a data folder of its own, a port that the system chooses.
 *
 * Not its job: tests of single routes or rules, which call the app or the use case in memory.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A person of the demo organization, password included: what `serve --demo --json` prints. */
export type DemoPerson = { username: string; password: string; administrator: boolean }

/** The line that `serve --json` prints when it listens. */
export type Announcement = {
  url: string
  startUrl: string
  startUrlAlias: string
  region: string
  instanceId: string
  dataDir: string
  people: DemoPerson[]
  accounts: { accountId: string; name: string; roles: string[] }[]
}

/** A server that runs. `await using` ends it and removes what it stored. */
export type RunningPortico = Announcement & {
  /** The person of that user name. @throws Error if the demo organization has none. */
  person(username: string): DemoPerson
  /** What the server has written to standard error so far: its log. */
  log(): string
  /** Ends the process: `SIGTERM` for the orderly end, `SIGKILL` for the other. Keeps the data folder. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** How a server differs from `serve --demo`. */
export type StartOptions = {
  /** Further arguments of `serve`. */
  args?: readonly string[]
  /** Further environment variables. */
  env?: Readonly<Record<string, string>>
  /** A data folder to go on with. It is not removed. */
  dataDir?: string
  /** The program and its first arguments, in place of this repository's sources. */
  command?: readonly [string, ...string[]]
}

const main = join(import.meta.dirname, '..', '..', 'packages', 'portico', 'src', 'cli', 'main.ts')
const startLimitMs = 120_000

/**
 * Starts a demo server on loopback and waits until it listens.
 *
 * @throws Error with the server's own words, if it ends or stays silent instead.
 */
export async function startPortico(options: StartOptions = {}): Promise<RunningPortico> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'portico-test-')))
  const [program, ...first] = options.command ?? [process.execPath, main]
  const args = [...first, 'serve', '--demo', '--port', '0', '--json', '--data', dataDir, ...(options.args ?? [])]
  const child = spawn(program, args, { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })

  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  try {
    const announced = await announcement(child, () => log)
    return {
      ...announced,
      person(username) {
        const person = announced.people.find((one) => one.username === username)
        if (person === undefined) throw new Error(`the demo organization has no ${username}`)
        return person
      },
      log: () => log,
      stop,
      async [Symbol.asyncDispose]() {
        await stop()
        if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await stop('SIGKILL')
    throw error
  }
}

async function announcement(child: ChildProcess, log: () => string): Promise<Announcement> {
  const { promise, resolve, reject } = Promise.withResolvers<Announcement>()
  const fail = (what: string) => reject(new Error(`portico serve ${what}; it said:\n${log()}`))
  const timer = setTimeout(() => fail(`printed no JSON line within ${startLimitMs / 1000} s`), startLimitMs)
  child.once('error', reject)
  child.once('exit', (code, signal) => fail(`ended with ${signal ?? `exit code ${code}`} before it listened`))
  if (child.stdout === null) throw new Error('the server was started without a pipe for its output')
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) resolve(JSON.parse(line) as Announcement)
  })
  try {
    return await promise
  } finally {
    clearTimeout(timer)
  }
}
