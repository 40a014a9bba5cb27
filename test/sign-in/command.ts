/** Runs `portico` as a person's shell does: a process of its own, in a home folder of its own. */
import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Home } from './home.ts'

/** How a command ended, and all that it said. */
export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** A command that runs. */
export type Running = {
  readonly ended: Promise<Ended>
  /** Waits until standard error matches. @throws Error when the command ends first */
  said(pattern: RegExp): Promise<string>
  signal(name: NodeJS.Signals): void
}

const launcher = join(import.meta.dirname, '../../packages/portico/src/cli/launcher.js')

/** Starts a command. `input` is its standard input, which is never a terminal. */
export function start(home: Home, args: readonly string[], { input = '', env = {} } = {}): Running {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { PATH: process.env.PATH, ...home.env, ...env },
    stdio: 'pipe',
  })
  child.stdin.end(input)
  const said = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
      for (const listener of listeners) listener()
    })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...said }))
  })
  return {
    ended,
    signal: (name) => void child.kill(name),
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(said.stderr)
          if (found) resolve(found[1] ?? found[0])
        }
        listeners.add(look)
        look()
        ended.then(() => reject(new Error(`it ended and never said ${pattern}:\n${said.stderr}`)), reject)
      }),
  }
}

/** Runs a command to its end. */
export function portico(
  home: Home,
  args: readonly string[],
  options: { input?: string; env?: object } = {},
): Promise<Ended> {
  return start(home, args, options).ended
}

/** Runs a line of a shell in which `portico` is a command. */
export function shell(home: Home, line: string): Promise<Ended> {
  const command = `portico() { '${process.execPath}' '${launcher}' "$@"; }; ${line}`
  const options = { env: { PATH: process.env.PATH, ...home.env } }
  return new Promise((resolve) => {
    const child = execFile('/bin/sh', ['-c', command], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

/** Runs a command that must succeed, and reads the JSON that it prints. */
export async function porticoJson<T>(
  home: Home,
  args: readonly string[],
  options: { input?: string } = {},
): Promise<T> {
  const { code, stdout, stderr } = await portico(home, args, options)
  if (code !== 0) throw new Error(`portico ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`)
  return JSON.parse(stdout) as T // what it is, the test says
}
