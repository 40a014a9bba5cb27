/**
 * The files that all AWS tools share. Portico and the SDK for JavaScript pass over a line that they cannot read; the AWS CLI
 * and boto3 then read nothing of the whole file, and do not say where it is at fault.
 */
import { existsSync, readFileSync } from 'node:fs'
import { readSharedFiles } from 'ssooidc/config'
import { type Finding, problem } from './doctor.ts'

/** Looks whether they are there, and whether every AWS tool can read them. */
export function lookAtSharedFiles(): Finding[] {
  const check = 'shared files'
  try {
    const files = readSharedFiles()
    const paths = [files.configPath, files.credentialsPath]
    const faults = paths.filter(existsSync).flatMap((path) => {
      const fault = firstFault(readFileSync(path, 'utf8'))
      return fault === undefined ? [] : [`${path}, ${fault}: the AWS CLI and boto3 read nothing of such a file`]
    })
    const seen = paths.map((path) => (existsSync(path) ? path : `no ${path}`)).join(', ')
    return [
      ...(faults.length === 0 ? [{ check, result: 'ok', detail: seen } as const] : []),
      ...faults.map((detail) => ({ check, result: 'problem', detail }) as const),
      ...files.missing.map(
        (path) =>
          ({ check, result: 'warning', detail: `the environment names ${path}, which does not exist` }) as const,
      ),
    ]
  } catch (thrown) {
    return [problem(check, thrown)]
  }
}

/**
 * What Python's `configparser`, by which those tools read, refuses first, with its line; undefined when it refuses nothing.
 *
 * @see https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
export function firstFault(text: string): string | undefined {
  const sections = new Map<string, number>()
  let keys: Map<string, number> | undefined
  // Lines that are indented deeper than a key go on with its value.
  let keyIndent: number | undefined
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '' || /^[#;]/.test(line)) continue
    const at = `line ${index + 1}`
    const indent = raw.search(/\S/)
    if (keyIndent !== undefined && indent > keyIndent) continue
    keyIndent = undefined
    const [, heading] = /^\[(.+)\]/.exec(line) ?? []
    if (heading !== undefined) {
      const before = sections.get(heading)
      if (before !== undefined) return `${at} begins [${heading}] again, which line ${before} has begun`
      sections.set(heading, index + 1)
      keys = new Map()
      continue
    }
    if (keys === undefined) return `${at} stands before the first [section]`
    const [, key] = /^([^=:]+?)\s*[=:]/.exec(line) ?? []
    if (key === undefined) return `${at} is neither a [section] nor a key = value`
    const before = keys.get(key.toLowerCase())
    if (before !== undefined) return `${at} says ${key} again, which line ${before} has said`
    keys.set(key.toLowerCase(), index + 1)
    keyIndent = indent
  }
  return undefined
}
