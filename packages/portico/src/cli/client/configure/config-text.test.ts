import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatSection, headingsOf, setBlock, setSection } from './config-text.ts'
import { lineDiff } from './line-diff.ts'
import { populate } from './populate.ts'

const file = `# about everything
[default]
region = eu-west-1   # where I live

; old
[sso-session work]
sso_start_url = https://old.example.com/start
sso_region=us-east-1
unknown_key = stays

[profile "my-own"]
region = us-east-1
`

describe('setting a section', () => {
  test('changes what differs, adds what is missing, and keeps the rest', () => {
    const after = setSection(file, {
      heading: 'sso-session work',
      settings: [
        ['sso_start_url', 'https://new.example.com/start'],
        ['sso_region', 'us-east-1'],
        ['sso_registration_scopes', 'sso:account:access'],
      ],
    })
    assert.equal(
      after,
      file
        .replace('old.example.com', 'new.example.com')
        .replace('unknown_key = stays\n', 'unknown_key = stays\nsso_registration_scopes = sso:account:access\n'),
    )
  })

  test('keeps a comment beside a value that is right', () => {
    assert.equal(setSection(file, { heading: 'default', settings: [['region', 'eu-west-1']] }), file)
  })

  test('finds a heading in quotes', () => {
    const after = setSection(file, { heading: 'profile my-own', settings: [['region', 'eu-west-1']] })
    assert.equal(
      after,
      file.replace('[profile "my-own"]\nregion = us-east-1', '[profile "my-own"]\nregion = eu-west-1'),
    )
  })

  test('reads headings as the client does, which overlooks what is only like one', () => {
    const section = { heading: 'profile dev', settings: [['region', 'us-east-1']] as const }
    assert.equal(setSection('[profile dev]\n[\nregion = a\n', section), '[profile dev]\n[\nregion = us-east-1\n')
    assert.equal(setSection('[profile dev] x\n', section), '[profile dev] x\n\n[profile dev]\nregion = us-east-1\n')
    assert.equal(setSection('[profile dev] # x\nregion = a\n', section), '[profile dev] # x\nregion = us-east-1\n')
  })

  test('changes the later of two sections or keys that have one name, which is the one that counts', () => {
    const section = { heading: 'profile dev', settings: [['region', 'us-east-1']] as const }
    const twice = '[profile dev]\nregion = a\n[profile dev]\nregion = b\nregion = c\n'
    assert.equal(setSection(twice, section), twice.replace('= c', '= us-east-1'))
  })

  test('ends a section at the next heading, even one without a name', () => {
    const section = { heading: 'profile dev', settings: [['region', 'us-east-1']] as const }
    const text = setSection('[profile dev]\n[ ]\nregion = a\n', section)
    assert.equal(text, '[profile dev]\nregion = us-east-1\n[ ]\nregion = a\n')
  })

  test('replaces what stands below a key together with it', () => {
    const services = { heading: 'services w', settings: [['sso', [['endpoint_url', 'http://a']]]] as const }
    const before = setSection(file, services)
    const after = setSection(before, { ...services, settings: [['sso', [['endpoint_url', 'http://b']]]] })
    assert.equal(after, before.replace('http://a', 'http://b'))
  })

  test('leaves nothing of what stood below a key, and keeps the indent of a section that has one', () => {
    const section = { heading: 'profile dev', settings: [['region', 'us-east-1']] as const }
    const gap = setSection('[profile dev]\nregion=\n\n region=\n\n# next\n', section)
    assert.equal(gap, '[profile dev]\nregion = us-east-1\n\n# next\n')
    const indented = '[profile dev]\n  region = a\n  output = json\n'
    assert.equal(setSection(indented, section), indented.replace('= a', '= us-east-1'))
    const other = '[profile dev]\ns3 =\n  region = a\n'
    assert.equal(setSection(other, section), `${other}region = us-east-1\n`)
  })

  test('appends a section that is not there, to a file that may lack its last line break', () => {
    const section = { heading: 'profile dev', settings: [['region', 'us-east-1']] as const }
    assert.equal(setSection('', section), '[profile dev]\nregion = us-east-1\n')
    assert.equal(setSection('[default]', section), '[default]\n\n[profile dev]\nregion = us-east-1\n')
  })

  test('done twice is the same as once, whatever the file says', () => {
    const line = fc.constantFrom(
      '[default]',
      '[profile dev]',
      'region = x',
      '  below = y',
      '# c',
      '',
      's3 =',
      'a=b # c',
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const section = { heading: 'profile dev', settings: [['region', 'us-east-1']] as const }
        const once = setSection(lines.join('\n'), section)
        assert.equal(setSection(once, section), once)
        assert.ok(headingsOf(once).includes('profile dev'))
      }),
    )
  })

  for (const value of ['two\nlines', 'a #comment', '; all of it'])
    test(`refuses ${JSON.stringify(value)}, which would become something else`, () => {
      assert.throws(() => formatSection({ heading: 'default', settings: [['region', value]] }), /cannot hold/)
    })

  test('refuses a name that some AWS tools cannot read', () => {
    assert.throws(() => formatSection({ heading: 'profile a]b', settings: [] }), /cannot read/)
  })
})

describe('the block that populate keeps', () => {
  const made = (...names: string[]) =>
    new Map(names.map((name) => [`profile ${name}`, `[profile ${name}]\nrole = ${name}\n`]))

  test('comes, changes and goes without a trace in the rest', () => {
    const one = populate(file, 'work', made('a', 'b'), {}).after
    assert.ok(one.startsWith(file))
    const two = populate(one, 'work', made('b', 'c'), {}).after
    assert.deepEqual(headingsOf(two).slice(3), ['profile a', 'profile b', 'profile c'])
    const pruned = populate(two, 'work', made('c'), { prune: true }).after
    assert.deepEqual(headingsOf(pruned).slice(3), ['profile c'])
    assert.equal(setBlock(pruned, 'profiles of work', '').trimEnd(), file.trimEnd())
  })

  test('leaves alone what a person wrote outside of it', () => {
    const { after, taken } = populate(file, 'work', made('my-own', 'b'), {})
    assert.deepEqual(taken, ['profile my-own'])
    assert.equal(headingsOf(after).filter((heading) => heading === 'profile my-own').length, 1)
  })

  test('of another session is another block', () => {
    const both = populate(populate(file, 'work', made('a'), {}).after, 'home', made('b'), {}).after
    assert.deepEqual(headingsOf(populate(both, 'home', made(), { prune: true }).after).slice(3), ['profile a'])
  })

  test('without its end is not guessed at', () => {
    const torn = populate(file, 'work', made('a'), {}).after.replace('# end profiles of work\n', '')
    assert.throws(() => populate(torn, 'work', made('a'), {}), /has no line/)
  })
})

test('a diff shows what went and what came, with two lines around it', () => {
  assert.equal(lineDiff('a\nb\nc\nd\ne', 'a\nb\nc\nx\ne'), '  b\n  c\n- d\n+ x\n  e')
  assert.equal(lineDiff('a', 'a'), '')
})
