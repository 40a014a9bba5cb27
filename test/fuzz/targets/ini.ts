/** The files that all AWS tools share, as the client reads them. */
import assert from 'node:assert/strict'
import { parseIni, type Section } from '../../../packages/ssooidc/src/config/ini.ts'
import type { Target } from '../target.ts'

export const target: Target = {
  reads: '`~/.aws/config`, as the client reads it',
  promises: 'Always read; keys are lower-case and never empty; what was read, written and read again is the same.',
  files: ['packages/ssooidc/src/config/ini.ts'],
  seeds: [
    '[default]\nregion = eu-central-1\n\n[profile  "my own"]\nsso_session=work # comment\nservices = s\n  x =\n',
    '[services s]\nsso =\n  endpoint_url = http://127.0.0.1:8000\n  Other=\nsso_oidc =\n  endpoint_url = http://a;b\n',
    '[sso-session work]\r\nsso_start_url = https://a/start#/\r\n; comment\r\n[sso-session work]\nsso_start_url=b\n',
    '[a\n]\nx=1\n[]\n[ ]\ny=2\n=3\n [b]\nz=4',
    "[profile 'a']\nkey = a = b\nkey =\n\tnested = 1\n",
  ],
  words: [
    '[default]',
    '[profile ',
    '[sso-session ',
    ' = ',
    '=\n  ',
    '\n',
    '\r\n',
    ' #',
    ' ;',
    '"',
    "'",
    ']',
    '\t',
    '\u00c2\u00a0',
  ],
  check(input) {
    const sections = new Map(parseIni(input.toString('utf8')))
    // What stands below `[ ]` belongs to no section that could be asked for, or written.
    sections.delete('')
    for (const section of sections.values())
      for (const [key, value] of section) {
        assert.ok(key !== '' && key === key.toLowerCase())
        if (typeof value !== 'string') for (const nested of value.keys()) assert.ok(nested !== '')
      }
    // Neither does a key that begins as a heading does, unless it is indented.
    for (const section of sections.values()) for (const key of section.keys()) if (key.startsWith('[')) return
    const text = [...sections].map(([heading, section]) => `[${quoted(heading)}]\n${write(section)}`).join('')
    assert.deepEqual(parseIni(text), sections)
  },
}

/** A name may begin as a comment does. */
function quoted(heading: string): string {
  return heading.replace(/ (.*)$/s, ' "$1"')
}

function write(section: Section): string {
  return [...section]
    .map(([key, value]) => {
      if (typeof value === 'string') return `${key}=${value}\n`
      return `${key} =\n${[...value].map(([nested, text]) => `  ${nested}=${text}\n`).join('')}`
    })
    .join('')
}
