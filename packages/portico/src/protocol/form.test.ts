import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import hostile from '../../../../test/corpora/forms.json' with { type: 'json' }
import { readForm } from './form.ts'

/** It drops one question mark in front, which in a body is a part of the name. */
const platformReads = (text: string) => [...new URLSearchParams(`?${text}`)]

const bytes = (text: string) => new TextEncoder().encode(text)

test('a form is read as the platform writes it', () => {
  const pairs = fc.uniqueArray(
    fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })),
    {
      selector: ([name]) => name,
    },
  )
  fc.assert(
    fc.property(pairs, (all) => {
      const read = readForm(bytes(new URLSearchParams(all).toString()))
      assert.deepEqual(read, new Map(all))
    }),
  )
})

test('whatever bytes come, the platform’s reader would have read the same, or the form is refused with a sentence', () => {
  const likely = fc.stringMatching(/^[a-z%0-9a-f=&+]{0,30}$/).map(bytes)
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), likely), (body) => {
      const read = readForm(body)
      if (typeof read === 'string') return assert.match(read, /^The .*\.$/)
      assert.deepEqual([...read], platformReads(Buffer.from(body).toString('utf8')))
    }),
    { numRuns: 2_000 },
  )
})

test('of two parameters of one name neither counts, however they are spelled', () => {
  for (const form of ['a=1&a=2', 'a=1&%61=2', 'a&a', 'a=1&b=2&a=1'])
    assert.equal(readForm(bytes(form)), 'The form names a parameter twice.', form)
})

for (const form of hostile)
  test(`${JSON.stringify(form)} has one reading or none`, () => {
    const read = readForm(bytes(form))
    if (typeof read !== 'string') assert.deepEqual([...read], platformReads(form))
  })
