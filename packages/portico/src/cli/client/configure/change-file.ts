/** Writes what a configure command made of a file, or only shows it. */
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../../failure.ts'
import { makeFolder } from '../../folder.ts'
import { printJson, say } from '../terminal.ts'
import { lineDiff } from './line-diff.ts'

/** A file, and what it is to hold. */
export type Change = { readonly path: string; readonly before: string; readonly after: string }

/** The text of a file; empty when there is none. @throws Failure */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException // node:fs throws nothing else
    if (code === 'ENOENT') return ''
    throw new Failure('configuration', `${path} cannot be read (${code}).`, { cause: thrown })
  }
}

/** Makes the changes, each file whole or not at all, or shows them with `dryRun`. */
export function makeChanges(
  changes: readonly Change[],
  { dryRun = false, json = false, notes = [] }: { dryRun?: boolean; json?: boolean; notes?: readonly string[] },
): void {
  const real = changes.filter(({ before, after }) => before !== after)
  if (!dryRun) for (const { path, after } of real) replace(path, after)
  if (json) {
    const files = real.map(({ path, before, after }) => ({ path, diff: lineDiff(before, after) }))
    printJson({ written: !dryRun, files, notes })
    return
  }
  if (real.length === 0) say('Nothing to change.')
  for (const { path, before, after } of real) {
    if (dryRun) console.log(`${path}\n${lineDiff(before, after)}`)
    else say(`Wrote ${path}.`)
  }
  for (const note of notes) say(note)
}

function replace(path: string, text: string): void {
  const target = realPath(path)
  const draft = `${target}.${process.pid}.new`
  makeFolderOf(path)
  try {
    writeFileSync(draft, text, { mode: modeOf(target), flush: true })
    renameSync(draft, target)
  } catch (thrown) {
    rmSync(draft, { force: true })
    const { code } = thrown as NodeJS.ErrnoException // node:fs throws nothing else
    throw new Failure('configuration', `${path} cannot be written (${code}), and is as it was.`, { cause: thrown })
  }
}

function makeFolderOf(path: string): void {
  const folder = dirname(path)
  try {
    makeFolder(folder)
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException // node:fs throws nothing else
    const problem = `The folder ${folder} cannot be made (${code}), and nothing was written.`
    throw new Failure('configuration', problem, { cause: thrown })
  }
}

/** A link, as people have who keep their files in a repository, stays one. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function modeOf(path: string): number {
  try {
    return statSync(path).mode & 0o777
  } catch {
    return 0o600
  }
}
