/**
 * The JSON services as one OpenAPI 3.1 document. Services in other forms, such as sts, cannot be said in it and are left out.
 *
 * Two operations may share method and path and differ by a query member; OpenAPI knows one, so they become one here, whose
 * body is either's.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
import { errorsOf, type Members, type Operation, type Service, type Shape } from 'ssooidc/protocol'
import { encodeError } from 'ssooidc/protocol/rest-json'
import type { Documented, Words } from './services.ts'

type Json = Record<string, unknown>
type Entry = { documented: Documented; method: string; operation: Operation }

/** The document. */
export function openapi(all: readonly Documented[]): Json {
  const restful = all.filter(({ service }) => service.dialect === 'restJson1')
  const entries = restful.flatMap((documented) =>
    Object.entries(documented.service.operations).map(([method, operation]) => ({ documented, method, operation })),
  )
  const paths: Record<string, Json> = {}
  for (const [address, sharing] of Object.entries(Object.groupBy(entries, addressOf))) {
    const [path = '', method = ''] = address.split(' ')
    paths[path] = { ...paths[path], [method]: operationObject(sharing ?? []) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'IAM Identity Center sign-in, as Portico serves it',
      version: '2019-06-10',
      description: restful.map(({ service, docs }) => `**${service.name}**: ${docs.text}`).join('\n\n'),
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: '{origin}',
        description: 'One origin serves everything; there is never a path before the operation’s own.',
        variables: { origin: { default: 'http://127.0.0.1:8000' } },
      },
    ],
    tags: restful.map(({ service, docs }) => ({
      name: service.name,
      description: docs.text,
      ...(docs.see[0] === undefined ? {} : { externalDocs: { url: docs.see[0] } }),
    })),
    paths,
    components: {
      schemas: Object.fromEntries(entries.flatMap(schemasOf)),
      examples: Object.fromEntries(restful.flatMap(examplesOf)),
      headers: {
        RequestId: { description: 'Finds the request in the server’s log.', schema: { type: 'string' } },
        RetryAfter: { description: 'Seconds to wait, where waiting helps.', schema: { type: 'integer' } },
      },
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'AWS Signature Version 4.',
        },
      },
    },
  }
}

const addressOf = ({ operation }: Entry) => `${operation.path} ${operation.method.toLowerCase()}`

function operationObject(sharing: readonly Entry[]): Json {
  const [first] = sharing
  if (first === undefined) throw new Error('a path without an operation')
  const { service } = first.documented
  const fixed = sharing.flatMap(({ operation }) => Object.entries(operation.fixedQuery ?? {}))
  const optionalFixed = sharing.some(({ operation }) => operation.fixedQuery === undefined)
  const parameters = [
    ...sharing.flatMap(parametersOf),
    ...fixed.map(([name, value]) => ({
      name,
      in: 'query',
      required: !optionalFixed,
      description: `Chooses ${sharing.find(({ operation }) => operation.fixedQuery?.[name] === value)?.operation.name}.`,
      schema: { const: value },
    })),
  ]
  const bodies = sharing
    .filter(({ operation }) => bodyOf(operation.input).length > 0)
    .map(({ operation }) => reference(`${operation.name}Input`))
  return {
    operationId: first.operation.name,
    tags: [service.name],
    summary: sharing.map(({ method, documented }) => wordsOf(documented, method).text).join(' Or: '),
    externalDocs: { url: wordsOf(first.documented, first.method).see[0] },
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(bodies.length === 0 ? {} : { requestBody: { required: true, content: json(anyOf(bodies)) } }),
    responses: { 200: success(sharing), ...failures(sharing) },
    security: sharing.map(({ operation }) => (operation.authentication === 'sigv4' ? { sigv4: [] } : {})),
  }
}

function parametersOf({ documented, method, operation }: Entry): Json[] {
  const words = wordsOf(documented, method).input
  return Object.entries(operation.input)
    .filter(([, { location }]) => location !== 'body')
    .map(([name, shape]) => ({
      name: shape.wireName ?? name,
      in: shape.location,
      required: !shape.optional,
      description: textOf(words[name]),
      schema: schemaOf(shape, undefined),
    }))
}

function success(sharing: readonly Entry[]): Json {
  const outputs = sharing.filter(({ operation }) => Object.keys(operation.output).length > 0)
  const content = anyOf(outputs.map(({ operation }) => reference(`${operation.name}Output`)))
  return {
    description: outputs.length === 0 ? 'Done. The body is empty.' : 'Done.',
    headers: { 'x-amzn-RequestId': { $ref: '#/components/headers/RequestId' } },
    ...(outputs.length === 0 ? {} : { content: json(content) }),
  }
}

function failures(sharing: readonly Entry[]): Json {
  const [first] = sharing
  if (first === undefined) return {}
  const { service, docs } = first.documented
  const errors = [...new Set(sharing.flatMap(({ operation }) => errorsOf(service, operation)))]
  const byStatus = Object.groupBy(errors, ({ spec }) => spec.status)
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group = []]) => [
      status,
      {
        description: group.map(({ spec }) => `${spec.name}: ${docs.errors[spec.name]?.text ?? ''}`).join('\n\n'),
        headers: {
          'x-amzn-ErrorType': {
            description: 'Which error it is.',
            required: true,
            schema: { enum: group.map(({ spec }) => spec.name) },
          },
          'x-amzn-RequestId': { $ref: '#/components/headers/RequestId' },
          'Retry-After': { $ref: '#/components/headers/RetryAfter' },
        },
        content: {
          'application/json': {
            schema: reference(errorSchema(service)),
            examples: Object.fromEntries(
              group.map(({ spec }) => [
                spec.name,
                { $ref: `#/components/examples/${exampleName(service, spec.name)}` },
              ]),
            ),
          },
        },
      },
    ]),
  )
}

const exampleName = (service: Service, error: string) => `${service.name}.${error}`

/** Each error's body, as the server's own codec writes it. */
function examplesOf({ service, docs, errors }: Documented): [string, Json][] {
  return Object.values(errors).map((Exception) => {
    const { name, members = {} } = Exception.spec
    const values = Object.fromEntries(
      Object.entries(members).map(([member, { values }]) => [member, values?.[0] ?? '…']),
    )
    const text = docs.errors[name]?.text ?? ''
    const { body } = encodeError(service, new Exception(text, { members: values }))
    return [exampleName(service, name), { summary: text, value: JSON.parse(body) as unknown }]
  })
}

function schemasOf({ documented, method, operation }: Entry): [string, Json][] {
  const words = wordsOf(documented, method)
  const inBody = Object.fromEntries(bodyOf(operation.input))
  return [
    ...(Object.keys(inBody).length > 0
      ? [[`${operation.name}Input`, structure(inBody, words.input)] satisfies [string, Json]]
      : []),
    ...(Object.keys(operation.output).length > 0
      ? [[`${operation.name}Output`, structure(operation.output, words.output)] satisfies [string, Json]]
      : []),
    [errorSchema(documented.service), errorBody(documented.service)],
  ]
}

const errorSchema = (service: Service) => `${service.errorBody === 'oauth' ? 'Oidc' : 'Portal'}Error`

function errorBody(service: Service): Json {
  const text = { type: 'string' }
  return service.errorBody === 'oauth'
    ? {
        type: 'object',
        properties: { error: text, error_description: text, message: text },
        required: ['error', 'error_description'],
      }
    : { type: 'object', properties: { message: text, __type: text }, required: ['message'] }
}

function structure(members: Members, words: Words): Json {
  const required = Object.keys(members).filter((name) => !members[name]?.optional)
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(members).map(([name, shape]) => [
        name,
        { ...schemaOf(shape, words[name]), description: textOf(words[name]) },
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
  }
}

const types = {
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
  timestamp: 'number',
  list: 'array',
  map: 'object',
  structure: 'object',
} as const

function schemaOf(shape: Shape, words: Words[string] | undefined): Json {
  const { kind, item, values, min, max, secret } = shape
  if (kind === 'document') return {}
  const nested = typeof words === 'object' ? words.members : {}
  // A member that may be left out may be null, which means the same.
  const nullable = shape.optional && shape.location === 'body'
  const type = nullable ? [types[kind], 'null'] : types[kind]
  const bounds = (least: string, most: string) => ({
    ...(min === undefined ? {} : { [least]: min }),
    ...(max === undefined ? {} : { [most]: max }),
  })
  switch (kind) {
    case 'string':
      return {
        type,
        ...bounds('minLength', 'maxLength'),
        ...(secret ? { format: 'password' } : {}),
        ...(values ? { enum: nullable ? [...values, null] : values } : {}),
      }
    case 'integer':
      return { type, ...bounds('minimum', 'maximum') }
    case 'list':
      return { type, ...bounds('minItems', 'maxItems'), items: item ? schemaOf(item, words) : {} }
    case 'map':
      return { type, additionalProperties: item ? schemaOf(item, words) : {} }
    case 'structure':
      return { ...structure(shape.members ?? {}, nested), type }
    default:
      return { type }
  }
}

const bodyOf = (members: Members) => Object.entries(members).filter(([, { location }]) => location === 'body')

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

const anyOf = (schemas: readonly Json[]): Json => (schemas.length === 1 ? { ...schemas[0] } : { anyOf: schemas })

const json = (schema: Json): Json => ({ 'application/json': { schema } })

const textOf = (words: Words[string] | undefined): string => (typeof words === 'string' ? words : (words?.text ?? ''))

function wordsOf({ docs }: Documented, method: string) {
  const words = docs.operations[method]
  if (words === undefined) throw new Error(`no words about ${method}`)
  return words
}
