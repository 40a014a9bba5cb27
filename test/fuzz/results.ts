/** What fuzzing came to so far, as data for the reference page. `npm run test:fuzz -- --keep` adds to it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Blocks } from './engine/coverage.ts'
import type { Outcome } from './engine/fuzz.ts'

/** Figures of one target. Executions and seconds are of all kept runs together, the rest is as the last one left it. */
export type Figures = { target: string; executions: number; seconds: number; corpus: number; blocks: Blocks }

/** What fuzzing found, written down by who mended it: the target, what was wrong, and the test that holds it. */
export type Found = { target: string; wrong: string; test: string }

const folder = import.meta.dirname

/** The figures of all targets, by name. */
export function readFigures(): Figures[] {
  return read('results.json')
}

/** All findings so far, the first one first. */
export function readFound(): Found[] {
  return read('found.json')
}

/** Adds a run to the figures. */
export function keepFigures(target: string, { executions, seconds, corpus, blocks }: Outcome): void {
  const all = readFigures()
  const before = all.find((figures) => figures.target === target)
  const figures: Figures = {
    target,
    executions: (before?.executions ?? 0) + executions,
    seconds: Math.round((before?.seconds ?? 0) + seconds),
    corpus: corpus.length,
    blocks,
  }
  const others = all.filter((each) => each !== before)
  const sorted = [...others, figures].sort((a, b) => (a.target < b.target ? -1 : 1))
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(sorted, null, 2)}\n`)
}

function read<T>(file: string): T[] {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'))
}
