/** JSON, as every operation that takes it reads it. */
import assert from 'node:assert/strict'
import { parseJsonObject } from 'ssooidc/protocol'
import type { Target } from '../target.ts'

export const target: Target = {
  reads: 'JSON bodies',
  promises:
    'Refused with a sentence, or an object that `JSON.parse` gives too, with no member twice at any depth (by a scanner of our own) and 32 levels at most.',
  files: ['packages/ssooidc/src/protocol/json.ts'],
  seeds: [
    '{}',
    '{"a":1,"b":[true,null,{"c":"d:e"}],"\\u0061b":"\\"{"}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1,"b":2}}',
    '{"__proto__":{"a":1},"constructor":2,"1":3}',
    '[1]',
    `${'{"a":'.repeat(31)}{}${'}'.repeat(31)}`,
    `${'{"a":'.repeat(33)}{}${'}'.repeat(33)}`,
    '\u00ef\u00bb\u00bf{}',
  ],
  words: [
    '"a":',
    '":',
    '\\u0061',
    '\\"',
    '\\\\',
    '__proto__',
    '{"',
    '"}',
    '[[',
    ']]',
    ',',
    '1e999',
    '-0',
    'null',
    'true',
  ],
  check(input) {
    const read = parseJsonObject(input)
    const text = input.toString('utf8')
    if (typeof read === 'string') {
      assert.match(read, /^the request body \w.*[^.]$/)
      if (/twice/.test(read)) assert.notEqual(repeatedName(text), undefined, 'no name comes twice')
      return
    }
    assert.deepEqual(read, JSON.parse(text))
    assert.equal(repeatedName(text), undefined, 'a name comes twice')
    assert.ok(depthOf(read) <= 32)
    if (!text.includes('__proto__') && !text.includes('\\u'))
      assert.deepEqual(parseJsonObject(Buffer.from(JSON.stringify(read))), JSON.parse(JSON.stringify(read)))
  },
}

/** The first name that an object of this valid JSON has twice. */
function repeatedName(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  for (const match of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[[{\]}]/g)) {
    const [token, literal, colon] = match
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (literal !== undefined && colon !== undefined) {
      const name: string = JSON.parse(literal)
      const names = open.at(-1)
      if (names?.has(name)) return name
      names?.add(name)
    }
  }
  return undefined
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}
