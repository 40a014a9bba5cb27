/**
 * Changes the text of a shared AWS file and keeps the rest of it: order, comments, and what we do not know. Text in, text out;
 * reading and writing files is not its job.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
import {
  type AwsSection,
  type AwsSetting,
  formatSection as format,
  formatSetting,
} from '../../../core/access/aws-config.ts'
import { Failure } from '../../failure.ts'

/** Sets the settings of a section: in their place where they have one, else at its end. A section that is not there is added. */
export function setSection(text: string, section: AwsSection): string {
  const { heading, settings } = section
  const whole = formatSection(section)
  const lines = linesOf(text)
  // Of two that have one name, the later one wins.
  const start = lines.findLastIndex((line) => headingOf(line) === heading)
  if (start === -1) return appended(text, whole)
  const old = lines.slice(start, endOf(lines, start))
  const next = settings.reduce(setInLines, old)
  return joined([...lines.slice(0, start), ...next, ...lines.slice(start + old.length)])
}

/** A section's text. @throws Failure for what the format cannot hold */
export function formatSection(section: AwsSection): string {
  try {
    return format(section)
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    throw new Failure('usage', `This would be ${thrown.message}.`, { cause: thrown })
  }
}

/** The headings of all sections, in order. */
export function headingsOf(text: string): string[] {
  return linesOf(text).flatMap((line) => headingOf(line) ?? [])
}

/** The lines between the marks of a managed block, or undefined when there is none. */
export function readBlock(text: string, name: string): string | undefined {
  const lines = linesOf(text)
  const [start, end] = marksOf(lines, name)
  return start === -1 ? undefined : joined(lines.slice(start + 1, end))
}

/** Puts a text between the marks of a managed block; an empty one takes the block away. */
export function setBlock(text: string, name: string, content: string): string {
  const lines = linesOf(text)
  const [start, end] = marksOf(lines, name)
  const block = content === '' ? [] : [beginMark(name), ...linesOf(content), endMark(name)]
  if (start === -1) return content === '' ? text : appended(text, joined(block))
  return joined([...lines.slice(0, start), ...block, ...lines.slice(end + 1)])
}

const beginMark = (name: string) => `# begin ${name}: kept by \`portico configure populate\`, do not edit`
const endMark = (name: string) => `# end ${name}`

function marksOf(lines: readonly string[], name: string): [start: number, end: number] {
  const start = lines.indexOf(beginMark(name))
  const end = lines.indexOf(endMark(name), start)
  if (start !== -1 && end === -1)
    throw new Failure(
      'configuration',
      `The block that begins with "${beginMark(name)}" has no line "${endMark(name)}".`,
    )
  return [start, end]
}

function setInLines(section: readonly string[], setting: AwsSetting): string[] {
  const [key, value] = setting
  const at = lastPlaceOf(section, key)
  if (at === -1) {
    // Before the blank lines and comments that lead to the next section.
    const last = section.findLastIndex((line, index) => index === 0 || (line.trim() !== '' && !isComment(line)))
    return [...section.slice(0, last + 1), ...formatSetting(setting), ...section.slice(last + 1)]
  }
  const line = section[at] ?? ''
  const written = formatSetting(setting).map((each) => line.slice(0, indentOf(line)) + each)
  const end = endOfValue(section, at)
  const isSame = textAfter(line) === value || section.slice(at, end).join('\n') === written.join('\n')
  return isSame ? [...section] : [...section.slice(0, at), ...written, ...section.slice(end)]
}

/** Where a key is set, as the client reads it: an indented line is a key of its own unless the key above it has no value. */
function lastPlaceOf(section: readonly string[], key: string): number {
  let [at, isNested] = [-1, false]
  section.forEach((line, index) => {
    const read = keyOf(line)
    if (index === 0 || read === undefined || (isNested && indentOf(line) > 0)) return
    isNested = textAfter(line) === ''
    if (read === key) at = index
  })
  return at
}

/** Where the lines end that belong to the key above them, with the blank lines and comments among them. */
function endOfValue(section: readonly string[], at: number): number {
  const line = section[at] ?? ''
  const isBelow = (indent: number) => indent > (textAfter(line) === '' ? 0 : indentOf(line))
  let end = at + 1
  for (let index = end; index < section.length; index++) {
    const next = section[index] ?? ''
    if (next.trim() === '' || isComment(next)) continue
    if (!isBelow(indentOf(next))) break
    end = index + 1
  }
  return end
}

function headingOf(line: string): string | undefined {
  const [, inner] = /^\[(.+)\]$/s.exec(withoutComment(line).trimEnd()) ?? []
  if (inner === undefined) return undefined
  // Even a blank name is one, and ends the section before it.
  const [, kind = '', rest = ''] = /^(\S+)(.*)$/s.exec(inner.trim()) ?? []
  const name = rest
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim()
  return `${kind} ${name}`.trim()
}

function keyOf(line: string): string | undefined {
  const [, key] = /^([^=]*)=/.exec(withoutComment(line)) ?? []
  return key?.trim().toLowerCase() || undefined
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function textAfter(line: string): string {
  return line
    .slice(line.indexOf('=') + 1)
    .replace(/\s[#;].*$/s, '')
    .trim()
}

function withoutComment(line: string): string {
  return line.replace(/(?:^|\s)[#;].*$/s, '')
}

function isComment(line: string): boolean {
  return /^\s*[#;]/.test(line)
}

function endOf(lines: readonly string[], start: number): number {
  const next = lines.findIndex(
    (line, index) => index > start && (headingOf(line) !== undefined || /^# (?:begin|end) /.test(line)),
  )
  return next === -1 ? lines.length : next
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function appended(text: string, more: string): string {
  if (text.trim() === '') return more
  // A search that begins only before the first of several line feeds stays quick in a file full of them.
  return `${text.replace(/(?<!\n)\n*$/, '\n')}\n${more}`
}
