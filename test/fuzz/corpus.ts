/**
 * Corpora on disk: for each target the few inputs that reach everything that was ever reached, as a JSON list of strings with
 * one character a byte. Small, so that they are replayed with every `npm test`, and readable in a review.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const folder = join(import.meta.dirname, '../corpora/fuzz')

/** The kept inputs of a target. */
export function readCorpus(name: string): Buffer[] {
  const path = join(folder, `${name}.json`)
  if (!existsSync(path)) return []
  const texts: string[] = JSON.parse(readFileSync(path, 'utf8'))
  return texts.map((text) => Buffer.from(text, 'latin1'))
}

/** Keeps these inputs and no others. */
export function writeCorpus(name: string, inputs: readonly Buffer[]): void {
  const path = join(folder, `${name}.json`)
  mkdirSync(dirname(path), { recursive: true })
  const texts = inputs.map((input) => input.toString('latin1')).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const lines = texts.map(literal)
  // As the formatter has it: on one line when it fits.
  const short = `[${lines.join(', ')}]`
  writeFileSync(path, short.length <= 120 ? `${short}\n` : `[\n${lines.map((line) => `  ${line}`).join(',\n')}\n]\n`)
}

/** ASCII only, so that no editor changes a byte. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\xff]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)
}
