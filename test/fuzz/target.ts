/**
 * What a fuzzer is given: a parser, and what must hold for every input. A target is a file in `targets/`, named as it names
 * itself; it is loaded after counting has begun, so it imports what it checks as any test would.
 *
 * Not its job: how inputs are found (`engine/`), and which ones are kept (`test/corpora/fuzz/`).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A parser, and what is promised of it. */
export type Target = {
  /** What it reads, for people. */
  reads: string
  /** What holds for every input, for people. */
  promises: string
  /** The files whose blocks count as this parser's, from the root of the repository. */
  files: readonly string[]
  /** Inputs to begin with: such as reach far into the parser. Bytes, one character each. */
  seeds: readonly string[]
  /** Words that mean something to the parser, besides those that its files quote. */
  words?: readonly string[]
  /** The longest input worth making, in bytes; 1,024 unless said. */
  longest?: number
  /** Throws when a promise is broken. It gives the same answer for the same input, each time. */
  check(input: Buffer): void | Promise<void>
  /** Closes what it opened. */
  end?(): Promise<void>
}

const root = join(import.meta.dirname, '../..')

/** The names of all targets. */
export const targetNames: readonly string[] = readdirSync(join(import.meta.dirname, 'targets'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .sort()

/** Loads a target, and with it the code that it checks. */
export async function loadTarget(name: string): Promise<Target> {
  if (!targetNames.includes(name)) throw new Error(`There is no target ${name}. There are: ${targetNames.join(', ')}.`)
  const { target }: { target: Target } = await import(`./targets/${name}.ts`)
  return target
}

/** The words of a target, and what its files quote: names of members, headers, schemes. Sentences are left out. */
export function wordsOf(target: Target): Buffer[] {
  const sources = target.files.map((file) => readFileSync(join(root, file), 'utf8'))
  const quoted = sources.flatMap((source) => [...source.matchAll(/'([^'\n\\]{1,40})'/g)].map(([, text = '']) => text))
  const words = quoted.filter((text) => text.split(' ').length < 3 && !text.endsWith('.ts'))
  return [...new Set([...(target.words ?? []), ...words])].map((word) => Buffer.from(word, 'latin1'))
}
