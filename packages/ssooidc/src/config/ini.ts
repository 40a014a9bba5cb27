/**
 * The format of the files that all AWS tools share: sections, keys, and one level of keys below a key.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */

/** A section's keys, in lower case. A key with nothing after its `=` has the indented lines below it as its value. */
export type Section = ReadonlyMap<string, string | ReadonlyMap<string, string>>

/** Sections by their heading, blanks and quotes made regular: `default`, `profile dev`, `sso-session work`. */
export type Sections = ReadonlyMap<string, Section>

/** Reads a shared file. A section that comes twice is one section, whose later lines win; what is no key is passed over. */
export function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string | Map<string, string>>>()
  let section: Map<string, string | Map<string, string>> | undefined
  let nested: Map<string, string> | undefined
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/(?:^|\s)[#;].*$/s, '').trimEnd()
    const heading = /^\[(.+)\]$/s.exec(line)
    if (heading) {
      const name = regular(heading[1] ?? '')
      section = sections.get(name) ?? new Map()
      sections.set(name, section)
      nested = undefined
      continue
    }
    const equals = line.indexOf('=')
    const [key, value] = [line.slice(0, Math.max(0, equals)).trim(), line.slice(equals + 1).trim()]
    if (key === '' || section === undefined) continue
    if (/^\s/.test(line) && nested !== undefined) nested.set(key.toLowerCase(), value)
    else {
      nested = value === '' ? new Map() : undefined
      section.set(key.toLowerCase(), nested ?? value)
    }
  }
  return sections
}

/** `profile  "my own"` and `profile my own` are the same heading. */
function regular(heading: string): string {
  const [, kind = '', name = ''] = /^(\S+)(.*)$/s.exec(heading.trim()) ?? []
  return `${kind} ${name
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim()}`.trim()
}
