/** Forms, as the query services and the standard endpoints read them. */
import assert from 'node:assert/strict'
import { readForm } from '../../../packages/portico/src/protocol/form.ts'
import hostile from '../../corpora/forms.json' with { type: 'json' }
import type { Target } from '../target.ts'

export const target: Target = {
  reads: 'form-encoded bodies',
  promises:
    'Refused with a sentence, or read as `URLSearchParams` reads it, with no name twice; written and read again, the same.',
  files: ['packages/portico/src/protocol/form.ts'],
  seeds: ['Action=GetCallerIdentity&Version=2011-06-15', 'a=%C3%A9+b&c', ...hostile.map(utf8)],
  words: ['%C3', '%A9', '%00', '%26', '%3D', '%2B', '&', '=', '+'],
  check(input) {
    const read = readForm(input)
    if (typeof read === 'string') return assert.match(read, /^The .*\.$/)
    // It drops one question mark in front, which in a body is a part of the name.
    const platform = [...new URLSearchParams(`?${input.toString('utf8')}`)]
    assert.deepEqual([...read], platform)
    assert.deepEqual(readForm(Buffer.from(new URLSearchParams([...read]).toString())), read)
  },
}

function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
