import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type OperationDocs, type ServiceDocs, ssoOidcDocs, ssoPortalDocs } from './docs.ts'
import { errorsOf, operation, type Service } from './operation.ts'
import { list, optional, string, structure } from './shape.ts'
import { ssoOidc } from './sso-oidc/index.ts'
import type * as portalErrors from './sso-portal/errors.ts'
import { ssoPortal } from './sso-portal/index.ts'

const listPets = operation({
  name: 'ListPets',
  method: 'GET',
  path: '/pets',
  authentication: 'none',
  input: { owner: optional(string()) },
  output: { pets: list(structure({ petName: string() })) },
  errors: [],
})
type Words = OperationDocs<typeof listPets>

describe('words about a service', () => {
  const said = { text: 'Lists pets.', see: [] }
  const input = { owner: 'Whose pets.' }

  it('are whole when every member has a sentence, inside lists too', () => {
    const whole: Words = { ...said, input, output: { pets: { text: 'The pets.', members: { petName: 'Its name.' } } } }
    assert.equal(whole.output.pets.members.petName, 'Its name.')
  })

  it('do not compile when a sentence is missing, or speaks of a member that does not exist', () => {
    const output = { pets: { text: 'The pets.', members: { petName: 'Its name.' } } }
    // @ts-expect-error an input member has no sentence
    const noInput: Words = { ...said, input: {}, output }
    // @ts-expect-error a member of a structure in a list has no sentence
    const noNested: Words = { ...said, input, output: { pets: { text: 'The pets.', members: {} } } }
    // @ts-expect-error a list of structures needs more than a sentence
    const noMembers: Words = { ...said, input, output: { pets: 'The pets.' } }
    // @ts-expect-error there is no such member
    const tooMuch: Words = { ...said, input: { owner: 'Whose pets.', age: 'How old.' }, output }
    // @ts-expect-error errors need their sentences too
    const noErrors: ServiceDocs<typeof ssoPortal, typeof portalErrors> = { ...ssoPortalDocs, errors: {} }
    assert.ok([noInput, noNested, noMembers, tooMuch, noErrors].every(Boolean))
  })

  it('are sentences, and lead to where the facts come from', () => {
    for (const { text, see, operations } of [ssoOidcDocs, ssoPortalDocs]) {
      assert.match(text, /^[A-Z].*\.$/)
      const links = [...see, ...Object.values(operations).flatMap((words) => words.see)]
      for (const link of links) assert.match(link, /^https:\/\/(?:docs\.aws\.amazon\.com|www\.rfc-editor\.org)\//)
    }
    for (const words of everyText([ssoOidcDocs, ssoPortalDocs])) assert.match(words, /^[A-Z].*[.`]$/, words)
  })

  it('are there for every error that a caller may meet', () => {
    for (const [service, { errors }] of [
      [ssoOidc as Service, ssoOidcDocs],
      [ssoPortal as Service, ssoPortalDocs],
    ] as const)
      for (const each of Object.values(service.operations))
        for (const { spec } of errorsOf(service, each)) assert.ok(Object.hasOwn(errors, spec.name), spec.name)
  })
})

function everyText(value: unknown): string[] {
  if (typeof value === 'string') return value.startsWith('https:') ? [] : [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(everyText) : []
}
