import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseJsonObject } from './json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const refusal = (body: Uint8Array | string) => parseJsonObject(typeof body === 'string' ? bytes(body) : body)

/** Names and texts with everything that a scanner could trip over. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('"', '\\', ':', ',', '{', '}', 'u', '\n', '\u2028', 'é', '😀') }),
  fc.constantFrom('__proto__', 'constructor', 'a":1,"a', '\\"', '": "'),
)
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('any')), { maxLength: 4 }).map(Object.fromEntries),
  ),
})).any
const object = fc.array(fc.tuple(text, value), { maxLength: 5 }).map<Record<string, unknown>>(Object.fromEntries)

describe('a request body', () => {
  it('is read as what it says, whatever its names and texts hold', () => {
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const written = JSON.stringify(value, null, space)
        assert.deepEqual(refusal(written), JSON.parse(written))
      }),
    )
  })

  it('that names a member twice is refused, at any depth and however the name is spelt', () => {
    const spellOut = (name: string) =>
      `"${name.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
    fc.assert(
      fc.property(
        object,
        text,
        value,
        value,
        fc.integer({ min: 0, max: 5 }),
        fc.boolean(),
        (around, name, a, b, depth, escaped) => {
          const rest = Object.entries(around).filter(([other]) => other !== name)
          const members = [
            `${JSON.stringify(name)}:${JSON.stringify(a)}`,
            ...rest.map(([other, each]) => `${JSON.stringify(other)}:${JSON.stringify(each)}`),
            `${escaped ? spellOut(name) : JSON.stringify(name)}:${JSON.stringify(b)}`,
          ]
          const twice = `{${members.join(',')}}`
          const nested = '{"in":['.repeat(depth) + twice + ']}'.repeat(depth)
          assert.equal(refusal(nested), 'the request body names a member twice')
        },
      ),
    )
  })

  for (const [what, body, problem] of [
    ['empty', '', /is empty/],
    ['blank', '  ', /not valid JSON/],
    ['cut short', '{"a":1', /not valid JSON/],
    ['a form', 'grant_type=refresh_token&client_id=x', /not valid JSON/],
    ['a list', '[]', /must be a JSON object/],
    ['null', 'null', /must be a JSON object/],
    ['a string', '"{}"', /must be a JSON object/],
    ['after a byte order mark', '\ufeff{}', /not valid JSON/],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /not valid UTF-8/],
    [
      'an overlong encoding of a slash',
      new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]),
      /not valid UTF-8/,
    ],
    ['64 KiB of opening brackets', '['.repeat(2 ** 16), /not valid JSON/],
    [
      'nested as deep as 64 KiB allow',
      `{"a":${'['.repeat(2 ** 15)}${']'.repeat(2 ** 15)}}`,
      /nests more than 32 levels/,
    ],
    ['objects nested as deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, /nests more than 32 levels/],
  ] as const)
    it(`that is ${what} is refused`, () => {
      const answer = refusal(body)
      assert.ok(typeof answer === 'string' && problem.test(answer), String(answer))
    })

  it('may hold a text of a megabyte', () => {
    const long = 'x"\\'.repeat(2 ** 18)
    assert.deepEqual(refusal(JSON.stringify({ long })), { long })
  })

  it('cannot change what objects inherit', () => {
    const read = refusal('{"__proto__":{"polluted":true}}')
    assert.equal(Object.getPrototypeOf(read), Object.prototype)
    assert.equal(({} as { polluted?: boolean }).polluted, undefined)
  })
})
