import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { credentialFormats, exportCredentials } from './credential-formats.ts'

const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: "se/cr+et'with\\quotes",
  sessionToken: 'ptc_st_token==',
  expiration: Date.UTC(2026, 10, 24, 12, 0, 0, 123),
}

test('POSIX shells get export lines', () => {
  assert.equal(
    exportCredentials('sh', credentials),
    `export AWS_ACCESS_KEY_ID='ASIAEXAMPLE'
export AWS_SECRET_ACCESS_KEY='se/cr+et'\\''with\\quotes'
export AWS_SESSION_TOKEN='ptc_st_token=='
export AWS_CREDENTIAL_EXPIRATION='2026-11-24T12:00:00Z'
`,
  )
})

test('fish gets set lines, with its two escapes', () => {
  assert.match(exportCredentials('fish', credentials), /^set -gx AWS_SECRET_ACCESS_KEY 'se\/cr\+et\\'with\\\\quotes'$/m)
})

test('PowerShell gets assignments, and no kind of single quote ends a value', () => {
  assert.match(
    exportCredentials('powershell', credentials),
    /^\$Env:AWS_SECRET_ACCESS_KEY = 'se\/cr\+et''with\\quotes'$/m,
  )
  const typographic = exportCredentials('powershell', { ...credentials, sessionToken: 'a\u2019; exit; \u2018b' })
  assert.match(typographic, /^\$Env:AWS_SESSION_TOKEN = 'a\u2019\u2019; exit; \u2018\u2018b'$/m)
})

test('the shared credentials file gets one section', () => {
  assert.equal(
    exportCredentials('profile', { ...credentials, secretAccessKey: 'secret' }, 'production-readonly'),
    `[production-readonly]
aws_access_key_id = ASIAEXAMPLE
aws_secret_access_key = secret
aws_session_token = ptc_st_token==
`,
  )
})

test('the shared credentials file never gets a value that would be read as something else', () => {
  for (const sessionToken of ['a\nb = c', 'a #b', '#a', '']) {
    assert.throws(() => exportCredentials('profile', { ...credentials, sessionToken }), /cannot hold/)
  }
  assert.throws(() => exportCredentials('profile', credentials, 'a]\n[b'), /cannot hold/)
})

test('JSON is what credential_process must print', () => {
  assert.deepEqual(JSON.parse(exportCredentials('json', credentials)), {
    Version: 1,
    AccessKeyId: 'ASIAEXAMPLE',
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: 'ptc_st_token==',
    Expiration: '2026-11-24T12:00:00Z',
  })
})

test('whatever a value holds, sh reads it back as it was', () => {
  const value = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !text.includes('\0') && text.isWellFormed())
  fc.assert(
    fc.property(value, value, (secretAccessKey, sessionToken) => {
      const script = `${exportCredentials('sh', { ...credentials, secretAccessKey, sessionToken })}
        printf '%s\\0%s' "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"`
      const read = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
      assert.deepEqual(read.split('\0'), [secretAccessKey, sessionToken])
    }),
    { numRuns: 40, examples: [["'; exit 1; '", '$(exit 1)`exit 1`\\']] },
  )
})

test('whatever a value holds, fish and PowerShell find where it ends', () => {
  const readers = {
    fish: {
      literal: /^set -gx AWS_SESSION_TOKEN '((?:[^\\']|\\[\\'])*)'$/mu,
      plain: (text: string) => text.replaceAll(/\\([\\'])/g, '$1'),
    },
    powershell: {
      literal: /^\$Env:AWS_SESSION_TOKEN = '((?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*)'$/mu,
      plain: (text: string) => text.replaceAll(/(['\u2018-\u201b])['\u2018-\u201b]/g, '$1'),
    },
  }
  const value = fc.string({
    unit: fc.constantFrom('a', "'", '\\', '\u2018', '\u2019', '\u201a', '\u201b', ';', '$', ' '),
  })
  for (const [format, { literal, plain }] of Object.entries(readers)) {
    fc.assert(
      fc.property(value, (sessionToken) => {
        const written = exportCredentials(format as keyof typeof readers, { ...credentials, sessionToken })
        assert.equal(plain(literal.exec(written)?.[1] ?? 'no literal'), sessionToken)
      }),
    )
  }
})

test('every format carries the three secrets', () => {
  const plain = { ...credentials, secretAccessKey: 'secret' }
  for (const format of credentialFormats) {
    for (const value of [plain.accessKeyId, plain.secretAccessKey, plain.sessionToken]) {
      assert.ok(exportCredentials(format, plain).includes(value), `${format} lacks ${value}`)
    }
  }
})
