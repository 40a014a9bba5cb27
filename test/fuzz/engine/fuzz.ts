/**
 * The fuzzer: changes inputs that led somewhere, and keeps those that lead somewhere new. "Somewhere" is what V8 counted.
 *
 * Asking V8 costs as much as many runs of a small parser, so inputs run in batches, and only a batch in which something was
 * new is run again, one by one. The first of each batch is looked at alone in any case, for how often each piece of code ran.
 *
 * Not its job: what is right. A target says that, by throwing.
 */
import { type Blocks, startCoverage } from './coverage.ts'
import { growing, LONGEST, overwork } from './growth.ts'
import { type Attempt, minimise } from './minimise.ts'
import { mutate } from './mutate.ts'
import { type Dice, dice } from './random.ts'
import { shorten } from './shorten.ts'

/** What is fuzzed. */
export type Subject = {
  /** Throws when a promise is broken. */
  check(input: Buffer): void | Promise<void>
  seeds: readonly Buffer[]
  words: readonly Buffer[]
  /** No input gets longer, in bytes, but those that are grown. */
  longest: number
  /** The files whose blocks are counted in the outcome, by the ends of their URLs. */
  files: readonly string[]
}

/** A broken promise: what was thrown, and for which input. */
export type Finding = { message: string; input: Buffer }

/** What a run came to. */
export type Outcome = {
  executions: number
  seconds: number
  /** A few short inputs that reach all that was reached. */
  corpus: readonly Buffer[]
  blocks: Blocks
  findings: readonly Finding[]
}

/** How a run goes. */
export type Options = {
  seconds: number
  /** Decides every draw. How many inputs make a batch, and so what comes when, is the machine's affair. */
  seed: number
  /** Stops at so many findings; 10 unless said. */
  enough?: number
  /** Whether a script's blocks lead the search, by its URL. */
  leads(url: string): boolean
  /** Loads what is fuzzed: not before counting has begun. */
  load(): Promise<Subject>
  /** Told each input before it runs, for whoever must know it if that never ends. */
  before?(input: Buffer): void
}

const MOST_IN_BATCH = 256
/** As much of the time goes into growing inputs, apart from those that are new. */
const GROWTH_SHARE = 0.1

/** Fuzzes for some seconds. */
export async function fuzz({ seconds, seed, enough = 10, leads, load, before }: Options): Promise<Outcome> {
  const coverage = startCoverage(leads)
  const subject = await load()
  coverage.add() // every function that was loaded is known from now on
  coverage.forget()
  const random = dice(seed)
  const corpus: Buffer[] = []
  const findings: Finding[] = []
  let executions = 0
  /** Milliseconds that went into growing. */
  let growth = 0

  /** What the check threw. Without a promise where there is none: most parsers are faster than one. */
  const attempt: Attempt = (input) => {
    executions += 1
    before?.(input)
    try {
      const pending = subject.check(input)
      return pending instanceof Promise ? pending.then(() => undefined, asError) : undefined
    } catch (thrown) {
      return asError(thrown)
    }
  }
  const report = async (input: Buffer, error: Error) => {
    const kind = kindOf(error)
    if (findings.some(({ message }) => kindOf(message) === kind)) return
    const shortest = await shorten(input, async (shorter) => {
      const again = await attempt(shorter)
      return again !== undefined && kindOf(again) === kind
    })
    const { stack, message } = (await attempt(shortest)) ?? error
    findings.push({ message: stack ?? message, input: shortest })
  }
  /** Grows an input, and watches the work. */
  const grow = async (input: Buffer) => {
    if (input.length === 0) return
    const start = performance.now()
    const grown = growing(input, random)
    const sentence = await overwork(grown, attempt)
    growth += performance.now() - start
    if (sentence === undefined) return
    const message = `the work grows faster than the input: ${sentence}`
    if (findings.some((known) => kindOf(known.message) === kindOf(message))) return
    findings.push({ message, input: grown(LONGEST) })
  }
  /** Runs one input alone, and keeps it when it led somewhere new. */
  const look = async (input: Buffer) => {
    coverage.skip()
    const error = await attempt(input)
    if (error !== undefined) return report(input, error)
    if (!coverage.add()) return
    corpus.push(input)
    await grow(input)
  }

  const began = performance.now()
  const elapsed = () => (performance.now() - began) / 1000
  for (const input of subject.seeds) await look(input)
  if (corpus.length === 0) corpus.push(Buffer.alloc(0))
  let size = 2
  while (elapsed() < seconds && findings.length < enough) {
    const { words, longest } = subject
    const [first, ...others] = Array.from({ length: size }, () =>
      mutate(choose(corpus, random), { dice: random, words, others: corpus, longest }),
    )
    if (first !== undefined) await look(first)
    coverage.skip()
    const start = performance.now()
    for (const input of others) {
      const result = attempt(input)
      const error = result instanceof Promise ? await result : result
      if (error !== undefined) await report(input, error)
    }
    const took = performance.now() - start
    if (coverage.peek()) for (const input of others) await look(input)
    if (growth < (performance.now() - began) * GROWTH_SHARE) await grow(choose(corpus, random))
    // So many that running them takes about as long as asking.
    size = took < 1 ? Math.min(MOST_IN_BATCH, size * 2) : Math.max(2, Math.floor(size / 2))
  }
  const spent = elapsed()
  const few = await minimise(corpus, attempt, coverage, (seconds * 1_000) / 20)
  return { executions, seconds: spent, corpus: few, blocks: coverage.blocks(subject.files), findings }
}

/** One that led somewhere; half of the time one of the latest. */
function choose(corpus: readonly Buffer[], random: Dice): Buffer {
  const latest = corpus.slice(-Math.ceil(corpus.length / 8))
  return random.pick(random.below(2) === 0 ? latest : corpus)
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`thrown, and no error: ${String(thrown)}`)
}

/** Two findings are one when they have the same first line, apart from what it quotes, and come from the same place. */
function kindOf(error: Error | string): string {
  const text = typeof error === 'string' ? error : (error.stack ?? error.message)
  const place = /\n\s+at (?!.*node:)(.*)/.exec(text)?.[1] ?? ''
  const [line = ''] = text.split('\n', 1)
  return `${line.replace(/(["'“`]).*["'”`]|\d+/g, '')} ${place}`
}
