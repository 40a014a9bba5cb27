/** One page for each service: its operations, where each member travels, what it means, and what may be answered. */
import { type ErrorClass, errorsOf, type Members, type Operation, type Service, type Shape } from 'ssooidc/protocol'
import { whyNotAnswered } from '../../packages/portico/src/protocol/not-answered.ts'
import { code, DRAWN, links, page, table } from './markdown.ts'
import type { Documented, Words } from './services.ts'

const authentications = {
  none: 'none: the body says who is calling',
  bearer: 'an access token, as a bearer token',
  sigv4: 'AWS Signature Version 4',
} as const

const dialects = {
  restJson1:
    'JSON in bodies; a success is 200. Members without a value are written as null, and null is read as left out.',
  awsQuery: 'A form with `Action` and `Version` in the body, XML in the answer.',
  oauth2:
    'A form in the request, JSON in the answer; an error is `error` and `error_description`. A client’s id and secret may come as HTTP Basic instead.',
  awsJson1_1: 'JSON 1.1; the operation is in `X-Amz-Target`.',
} as const

/** The page of one service. */
export function servicePage({ service, docs }: Documented): string {
  const operations = Object.entries(service.operations)
  return page(
    DRAWN,
    `# ${service.name}`,
    docs.text,
    table(
      ['', ''],
      [
        ...(service.dialect === 'oauth2' ? [] : awsNames(service)),
        ['Form', dialects[service.dialect]],
        ['See', links(docs.see)],
      ],
    ),
    table(
      ['Operation', 'Request', 'What it is for'],
      operations.map(([method, operation]) => [
        `[${operation.name}](#${operation.name.toLowerCase()})`,
        code(requestLine(operation)),
        docs.operations[method]?.text ?? '',
      ]),
    ),
    ...operations.flatMap(([method, operation]) =>
      operationBlocks(service, operation, method, docs.operations[method]),
    ),
    '## Around every operation',
    'The edge may answer these before an operation is asked, or instead of its answer.',
    errorTable(Object.values(service.edge), docs.errors),
  )
}

/** What AWS's own tools know a service by. */
function awsNames(service: Service): string[][] {
  return [
    ['API version', service.apiVersion],
    [
      'Service id',
      `${service.serviceId}: settings such as ${code(`AWS_ENDPOINT_URL_${service.serviceId.replaceAll(' ', '_')}`)} derive from it`,
    ],
    ['Signing name', service.signingName],
  ]
}

function operationBlocks(
  service: Service,
  operation: Operation,
  method: string,
  docs: Documented['docs']['operations'][string] | undefined,
): string[] {
  if (docs === undefined) throw new Error(`no words about ${operation.name}`)
  const around = new Set(Object.values(service.edge))
  const declared = errorsOf(service, operation).filter((each) => !around.has(each) || operation.errors.includes(each))
  const why = ({ spec }: ErrorClass) => whyNotAnswered(service.name, operation.name, spec.name)
  const errors = declared.filter((each) => why(each) === undefined)
  const silent = declared.filter((each) => why(each) !== undefined)
  return [
    `## ${operation.name}`,
    docs.text,
    table(
      ['', ''],
      [
        ['Request', code(requestLine(operation))],
        ['Authentication', authentications[operation.authentication]],
        ...(service.dialect === 'restJson1'
          ? [['In the client', code(`${clientOf(service)}(…).${method}(input)`)]]
          : []),
        ['See', links(docs.see)],
      ],
    ),
    '### Input',
    membersBlock(operation.input, docs.input, true),
    '### Output',
    membersBlock(operation.output, docs.output, false),
    ...(errors.length === 0
      ? []
      : [
          '### Errors',
          errors.map(({ spec }) => `${linkTo(service, spec.name)} ${spec.status}`).join(' · '),
          ...silent.map((each) => `Declared, and not answered here: ${linkTo(service, each.spec.name)}. ${why(each)}`),
        ]),
  ]
}

function linkTo(service: Service, error: string): string {
  return `[${error}](errors.md#${anchor(service, error)})`
}

function membersBlock(members: Members, words: Words, travels: boolean): string {
  const rows = Object.entries(members).flatMap(([name, shape]) => memberRows(name, shape, words[name], travels))
  if (rows.length === 0) return 'None.'
  return table(['Member', 'Type', ...(travels ? ['Travels in'] : []), 'Required', 'Meaning'], rows)
}

function memberRows(name: string, shape: Shape, words: Words[string] | undefined, travels: boolean): string[][] {
  const text = typeof words === 'string' ? words : (words?.text ?? '')
  const row = [
    code(name),
    typeOf(shape),
    ...(travels ? [shape.location === 'body' ? 'body' : `${shape.location} ${code(shape.wireName ?? name)}`] : []),
    shape.optional ? '' : 'yes',
    `${text}${shape.secret ? ' Secret: never printed.' : ''}`,
  ]
  const inner = innerMembers(shape)
  const nested = typeof words === 'object' ? words.members : {}
  const prefix = shape.kind === 'list' ? `${name}[].` : `${name}.`
  return [
    row,
    ...Object.entries(inner).flatMap(([each, of]) => memberRows(`${prefix}${each}`, of, nested[each], travels)),
  ]
}

function innerMembers(shape: Shape): Members {
  return shape.members ?? (shape.item ? innerMembers(shape.item) : {})
}

function typeOf({ kind, item, values, min, max }: Shape): string {
  if (values) return values.map((value) => code(value)).join(' or ')
  const bounds =
    min !== undefined && max !== undefined
      ? `, ${min} to ${max}`
      : min !== undefined
        ? `, from ${min}`
        : max !== undefined
          ? `, to ${max}`
          : ''
  if (item) return `${kind} of ${typeOf(item)}${bounds}`
  return `${kind}${bounds}${kind === 'string' && bounds ? ' characters' : ''}`
}

/** Rows of errors. */
function errorTable(errors: readonly ErrorClass[], docs: Documented['docs']['errors']): string {
  return table(
    ['Error', 'Status', 'Meaning'],
    errors.map(({ spec }) => [code(spec.name), `${spec.status}`, docs[spec.name]?.text ?? '']),
  )
}

/** Method, path, and the query members that belong to the address. */
function requestLine({ method, path, fixedQuery }: Operation): string {
  const query = fixedQuery ? `?${new URLSearchParams(fixedQuery)}` : ''
  return `${method} ${path}${query}`
}

/** Where an error is on the page of errors: two services have errors of the same name. */
export const anchor = (service: Service, error: string): string => `${service.name}-${error}`.toLowerCase()

const clientOf = (service: Service): string => (service.name === 'sso-portal' ? 'sso' : 'ssooidc')
