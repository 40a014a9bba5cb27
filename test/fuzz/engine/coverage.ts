/**
 * Which code ran, as V8 counts it: by blocks, exactly, in the `.ts` files that run here as they are. Nothing is instrumented,
 * so what is fuzzed is what is shipped.
 *
 * V8 tells ranges of characters with a count each, and leaves out a range that has its surroundings' count. So the same block
 * comes and goes, and only characters can be compared: for each one it is remembered how often, roughly, it was seen to run.
 *
 * Counting must start before the code is loaded: what was compiled earlier has no counters.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Profiler, Session } from 'node:inspector'
import { fileURLToPath } from 'node:url'

/** Blocks of some files: those that ran, of all. */
export type Blocks = { covered: number; all: number }

/** Counts what runs in this thread. Each call speaks of what ran since the one before. */
export type Coverage = {
  /** Takes it in; says whether it was new anywhere: a character, or roughly how often one ran. */
  add(): boolean
  /** Says whether a character ran that no run before did. Takes nothing in. */
  peek(): boolean
  /** Which characters ran, as a text that is the same for the same ones. Takes nothing in. */
  trace(): string
  /** Looks away. */
  skip(): void
  /** Forgets all that was taken in. */
  forget(): void
  /** Blocks, of the files whose paths end in one of these, that were taken in. */
  blocks(files: readonly string[]): Blocks
}

type Script = {
  /** For each character, the magnitudes of count that were seen, as bits. */
  seen: Uint8Array
  /** Where some range began or ended. */
  bounds: Set<number>
  /** Characters that belong to a function. */
  known: Uint8Array
}

/** Starts counting in scripts whose URL passes. */
export function startCoverage(isOurs: (url: string) => boolean): Coverage {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const scripts = new Map<string, Script>()

  const take = (): Profiler.ScriptCoverage[] => {
    let taken: Profiler.ScriptCoverage[] = []
    // The thread talks to itself: the answer is there before `post` returns.
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error
      taken = result
    })
    return taken.filter(({ url }) => isOurs(url))
  }

  const each = () =>
    take().map(({ url, functions }) => {
      const script = scripts.get(url) ?? newScript(url)
      scripts.set(url, script)
      return { url, script, painted: paint(script, functions) }
    })

  return {
    // All of them are taken in, so that the first new one does not hide the others.
    add: () => each().filter(({ script, painted }) => takeIn(script, painted)).length > 0,
    peek: () => each().some(({ script, painted }) => painted.some((count, at) => count > 0 && script.seen[at] === 0)),
    trace() {
      const traced = createHash('sha256')
      for (const { url, painted } of each()) traced.update(url).update(painted.map((count) => (count > 0 ? 1 : 0)))
      return traced.digest('hex')
    },
    skip: () => void take(),
    forget() {
      take()
      for (const { seen } of scripts.values()) seen.fill(0)
    },
    blocks(files) {
      const total = { covered: 0, all: 0 }
      for (const [url, script] of scripts) {
        if (!files.some((file) => url.endsWith(file))) continue
        const { covered, all } = blocksOf(script)
        total.covered += covered
        total.all += all
      }
      return total
    },
  }
}

function newScript(url: string): Script {
  const { length } = readFileSync(fileURLToPath(url), 'utf8')
  return { seen: new Uint8Array(length + 1), known: new Uint8Array(length + 1), bounds: new Set() }
}

/** How often each character ran. What stands outside every function ran once, when the file was loaded, and is left out. */
function paint(script: Script, functions: readonly Profiler.FunctionCoverage[]): Int32Array {
  const painted = new Int32Array(script.seen.length)
  for (const { ranges } of functions) {
    const [whole] = ranges
    if (whole === undefined || (whole.startOffset === 0 && whole.endOffset >= painted.length - 1)) continue
    script.known.fill(1, whole.startOffset, whole.endOffset)
    // Inner functions and inner ranges come after outer ones, and say more.
    for (const { startOffset, endOffset, count } of ranges) {
      painted.fill(count, startOffset, endOffset)
      script.bounds.add(startOffset).add(endOffset)
    }
  }
  return painted
}

function takeIn(script: Script, painted: Int32Array): boolean {
  let isNew = false
  for (let at = 0; at < painted.length; at++) {
    const count = painted[at] ?? 0
    if (count === 0) continue
    const known = script.seen[at] ?? 0
    script.seen[at] = known | magnitude(count)
    if (script.seen[at] !== known) isNew = true
  }
  return isNew
}

/** One bit for each of: ran, twice, three times, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more. The first is always there. */
function magnitude(count: number): number {
  if (count < 4) return 1 | (1 << (count - 1))
  if (count < 8) return 1 | 8
  if (count < 16) return 1 | 16
  if (count < 32) return 1 | 32
  return count < 128 ? 1 | 64 : 1 | 128
}

function blocksOf({ seen, known, bounds }: Script): Blocks {
  const sorted = [...bounds].sort((a, b) => a - b)
  const begun = sorted.slice(0, -1).filter((at) => known[at] === 1)
  return { covered: begun.filter((at) => seen[at] !== 0).length, all: begun.length }
}
