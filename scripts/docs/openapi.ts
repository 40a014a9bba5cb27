/**
 * The services that have a path for each operation, as one OpenAPI 3.1 document. Those that have one path for all, such as sts,
 * cannot be said in it and are left out.
 *
 * Two operations may share method and path and differ by a query member; OpenAPI knows one, so they become one here, whose
 * body is either's.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 */
import {
  errorsOf,
  type Members,
  type Operation,
  type Service,
  type ServiceException,
  type Shape,
} from 'ssooidc/protocol'
import * as restJson from 'ssooidc/protocol/rest-json'
import * as oauth2Dialect from '../../packages/portico/src/protocol/oauth2-dialect.ts'
import type { Documented, Words } from './services.ts'

type Json = Record<string, unknown>
type Entry = { documented: Documented; method: string; operation: Operation }

/** The document. */
export function openapi(all: readonly Documented[]): Json {
  const restful = all.filter(({ service }) => service.dialect in forms)
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
        client: {
          type: 'http',
          scheme: 'basic',
          description: 'The client’s id and secret, both form-encoded. They may come in the form instead.',
        },
        accessToken: { type: 'http', scheme: 'bearer', description: 'An access token.' },
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

/** What differs between the forms that can be said here. */
type Form = {
  /** How an input's body is written, unless its operation says that it is JSON. */
  input: string
  /** Whether a member without a value may be written as null. */
  nulls: boolean
  errorSchema: (service: Service) => string
  encodeError: (service: Service, exception: ServiceException) => { body: string }
}

const forms: Readonly<Record<string, Form>> = {
  restJson1: {
    input: 'application/json',
    nulls: true,
    errorSchema: ({ errorBody }) => (errorBody === 'oauth' ? 'OidcError' : 'PortalError'),
    encodeError: (service, exception) => restJson.encodeError(service, exception),
  },
  oauth2: {
    input: 'application/x-www-form-urlencoded',
    nulls: false,
    errorSchema: () => 'OAuthError',
    encodeError: oauth2Dialect.encodeError,
  },
}

function formOf({ dialect, name }: Service): Form {
  const form = forms[dialect]
  if (form === undefined) throw new Error(`${name} speaks ${dialect}, which OpenAPI has no words for`)
  return form
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
    ...(bodies.length === 0
      ? {}
      : { requestBody: { required: true, content: { [inputTypeOf(first)]: { schema: anyOf(bodies) } } } }),
    responses: { [first.operation.success ?? 200]: success(sharing), ...failures(sharing) },
    security: sharing.flatMap(securityOf),
  }
}

function inputTypeOf({ documented, operation }: Entry): string {
  return operation.jsonBody ? 'application/json' : formOf(documented.service).input
}

/** How a caller proves who it is: one of these. */
function securityOf({ operation }: Entry): Json[] {
  if (operation.authentication === 'sigv4') return [{ sigv4: [] }]
  if (takesBearer(operation.input)) return [{ accessToken: [] }]
  return 'client_id' in operation.input ? [{ client: [] }, {}] : [{}]
}

/** `Authorization` is no parameter to OpenAPI, but what a security scheme says. */
const isAuthorization = ({ location, wireName }: Shape) => location === 'header' && wireName === 'Authorization'
const takesBearer = (input: Members) => Object.values(input).some(isAuthorization)

function parametersOf({ documented, method, operation }: Entry): Json[] {
  const words = wordsOf(documented, method).input
  return Object.entries(operation.input)
    .filter(([, shape]) => shape.location !== 'body' && !isAuthorization(shape))
    .map(([name, shape]) => ({
      name: shape.wireName ?? name,
      in: shape.location,
      required: !shape.optional,
      description: textOf(words[name]),
      schema: schemaOf(shape, undefined, false),
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
  const { errorSchema } = formOf(service)
  const errors = [...new Set(sharing.flatMap(({ operation }) => errorsOf(service, operation)))]
  const byStatus = Object.groupBy(errors, ({ spec }) => spec.status)
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group = []]) => [
      status,
      {
        description: group.map(({ spec }) => `${spec.name}: ${docs.errors[spec.name]?.text ?? ''}`).join('\n\n'),
        headers: {
          ...errorHeaders(service, status, group),
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

type ErrorClasses = readonly { spec: { name: string } }[]

function errorHeaders(service: Service, status: string, group: ErrorClasses): Json {
  if (service.dialect === 'restJson1') {
    const schema = { enum: group.map(({ spec }) => spec.name) }
    return { 'x-amzn-ErrorType': { description: 'Which error it is.', required: true, schema } }
  }
  const challenge = { description: 'What is asked for.', required: true, schema: { type: 'string' } }
  return status === '401' ? { 'WWW-Authenticate': challenge } : {}
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
    const { body } = formOf(service).encodeError(service, new Exception(text, { members: values }))
    return [exampleName(service, name), { summary: text, value: JSON.parse(body) as unknown }]
  })
}

function schemasOf({ documented, method, operation }: Entry): [string, Json][] {
  const words = wordsOf(documented, method)
  const { nulls, errorSchema } = formOf(documented.service)
  const inBody = Object.fromEntries(bodyOf(operation.input))
  return [
    ...(Object.keys(inBody).length > 0
      ? [[`${operation.name}Input`, structure(inBody, words.input, nulls)] satisfies [string, Json]]
      : []),
    ...(Object.keys(operation.output).length > 0
      ? [[`${operation.name}Output`, structure(operation.output, words.output, nulls)] satisfies [string, Json]]
      : []),
    [errorSchema(documented.service), errorBody(documented.service)],
  ]
}

function errorBody(service: Service): Json {
  const text = { type: 'string' }
  if (service.dialect === 'oauth2')
    return {
      type: 'object',
      properties: { error: text, error_description: text },
      required: ['error', 'error_description'],
    }
  return service.errorBody === 'oauth'
    ? {
        type: 'object',
        properties: { error: text, error_description: text, message: text },
        required: ['error', 'error_description'],
      }
    : { type: 'object', properties: { message: text, __type: text }, required: ['message'] }
}

function structure(members: Members, words: Words, nulls: boolean): Json {
  const required = Object.keys(members).filter((name) => !members[name]?.optional)
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(members).map(([name, shape]) => [
        name,
        { ...schemaOf(shape, words[name], nulls), description: textOf(words[name]) },
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

function schemaOf(shape: Shape, words: Words[string] | undefined, nulls: boolean): Json {
  const { kind, item, values, min, max, secret } = shape
  if (kind === 'document') return {}
  const nested = typeof words === 'object' ? words.members : {}
  // A member that may be left out may be null, which means the same.
  const nullable = nulls && shape.optional && shape.location === 'body'
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
      return { type, ...bounds('minItems', 'maxItems'), items: item ? schemaOf(item, words, nulls) : {} }
    case 'map':
      return { type, additionalProperties: item ? schemaOf(item, words, nulls) : {} }
    case 'structure':
      return { ...structure(shape.members ?? {}, nested, nulls), type }
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
