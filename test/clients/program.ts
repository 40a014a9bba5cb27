/** Runs somebody else's program: starts it, waits for what it says, and explains itself when that does not come. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** How a program ended. */
export type Ended = { code: number | null; stdout: string; stderr: string }

/** A program that runs. */
export type Started = {
  ended: Promise<Ended>
  /** Ends it, if it runs. */
  kill(): void
  /** Types something. */
  type(text: string): void
  /** Waits until its standard output matches. @throws Error with its output, if it ends or that never happens. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Waits until `look` finds something. @throws Error with its output, if it ends or that never happens. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>
  /** An account of the program and all that it said, for messages. */
  explain(problem: string): string
}

/** What a machine that many share may take for what takes seconds elsewhere. */
const limitMs = 120_000

/** Starts a program with that environment and no other. `context` is printed when something goes wrong. */
export function startProgram(
  program: string,
  args: readonly string[],
  { env, cwd, context }: { env: Record<string, string>; cwd: string; context: () => string },
): Started {
  if (!existsSync(program)) throw new Error(`${program} is not installed: run \`npm run test:clients\``)
  const child = spawn(program, args, { env, cwd, stdio: 'pipe' })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  }
  let over = false
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      over = true
      resolve({ code, ...said })
    })
  })
  const explain = (problem: string) =>
    `\`${program} ${args.join(' ')}\` ${problem}\nstdout: ${said.stdout}\nstderr: ${said.stderr}\n${context()}`

  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    // Another process and its files: there is nothing to await but the moment itself.
    for (const end = Date.now() + limitMs; ; await delay(50)) {
      const last = over || Date.now() > end
      const found = await look()
      if (found !== undefined) return found
      if (!last) continue
      child.kill()
      throw new Error(explain(`${what} ${over ? 'before it ended' : `within ${limitMs / 1000} s`}`))
    }
  }

  return {
    ended,
    explain,
    until,
    kill: () => void child.kill(),
    type: (text) => void child.stdin.write(text),
    printed: (pattern) => until(`never printed ${pattern}`, async () => pattern.exec(said.stdout) ?? undefined),
  }
}
