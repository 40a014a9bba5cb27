/**
 * restJson1, the server's half: a request's parts become an operation's input, its output or an error becomes an answer.
 * Decides nothing else.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
import type { ServiceException } from '../error.ts'
import { parseJsonObject } from '../json.ts'
import type { Input, Operation, Output, Service } from '../operation.ts'
import { ownValue } from '../read.ts'
import { readInput } from '../read-input.ts'
import type { Members, Shape } from '../shape.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

/**
 * Reads an operation's input. Content types are not looked at: clients of every age send JSON under various names.
 *
 * @throws the service's `malformed` error, naming every problem; its `unauthenticated` error where a bearer token is missing
 */
export function decodeRequest<O extends Operation>(service: Service, operation: O, request: WireRequest): Input<O> {
  const { takesBody, bearers, takesQuery } = planOf(operation)
  // The member that carries the bearer token must be there, and more than blanks.
  if (operation.authentication === 'bearer' && bearers.every((name) => (request.header(name) ?? '').trim() === ''))
    throw new service.edge.unauthenticated('Session token not found or invalid')
  const problems: string[] = []
  const body = takesBody ? parseJsonObject(request.body) : {}
  if (typeof body === 'string') throw new service.edge.malformed(`${body.charAt(0).toUpperCase()}${body.slice(1)}.`)
  const query = new URLSearchParams(takesQuery ? request.query : '')
  return readInput(
    service,
    operation,
    (name, shape) => {
      const wireName = shape.wireName ?? name
      if (shape.location === 'body') return ownValue(body, name)
      if (shape.location === 'header') return request.header(wireName)
      const values = query.getAll(wireName)
      if (values.length > 1) problems.push(`${wireName} is given twice`)
      return fromText(shape, values[0])
    },
    problems,
  )
}

/** Writes an operation's output: declared members in the order of the alphabet, null where there is none, as AWS does. */
export function encodeOutput<O extends Operation>(operation: O, output: Output<O>): WireResponse {
  if (Object.keys(operation.output).length === 0) return { status: 200, headers: {}, body: '' }
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(structureToJson(operation.output, output)),
  }
}

/**
 * Writes an error. The type travels in a header, which is where every SDK looks first, and bare: one of them would not
 * strip a namespace there.
 */
export function encodeError(service: Service, exception: ServiceException): WireResponse {
  const { name, error } = exception.spec
  const members = Object.fromEntries(Object.entries(exception.members).filter(([, value]) => value !== undefined))
  const body =
    service.errorBody === 'oauth'
      ? // `message` is ours: SDKs that do not read OAuth's member then show the text as well.
        { error, error_description: exception.message, message: exception.message, ...members }
      : { message: exception.message, ...members, __type: `${service.errorNamespace}#${name}` }
  return {
    status: exception.spec.status,
    headers: {
      'Content-Type': 'application/json',
      'x-amzn-ErrorType': name,
      ...(exception.retryAfter === undefined ? {} : { 'Retry-After': String(exception.retryAfter) }),
    },
    body: JSON.stringify(body),
  }
}

/** What every request of an operation asks about its members: found out once. */
type Plan = { takesBody: boolean; takesQuery: boolean; bearers: readonly string[] }

const plans = new WeakMap<Operation, Plan>()

function planOf(operation: Operation): Plan {
  let plan = plans.get(operation)
  if (plan === undefined) {
    const members = Object.entries<Shape>(operation.input)
    plan = {
      takesBody: members.some(([, { location }]) => location === 'body'),
      takesQuery: members.some(([, { location }]) => location === 'query'),
      bearers: members
        .filter(([, { location, secret }]) => location === 'header' && secret)
        .map(([name, { wireName = name }]) => wireName),
    }
    plans.set(operation, plan)
  }
  return plan
}

function fromText(shape: Shape, text: string | undefined): unknown {
  if (text === undefined) return undefined
  if (shape.kind === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (shape.kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

function toJson(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return null
  const { kind, item, members } = shape
  if (kind === 'timestamp') return (value as number) / 1000 // checked when it was built; epoch seconds in JSON
  if (kind === 'structure' && members) return structureToJson(members, value)
  if (kind === 'list' && item) return (value as readonly unknown[]).map((each) => toJson(item, each))
  if (kind === 'map' && item)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toJson(item, each)]))
  return value
}

function structureToJson(members: Members, value: object): Record<string, unknown> {
  const values = value as Readonly<Record<string, unknown>> // its members are looked up by declared name only
  const json: Record<string, unknown> = {}
  for (const [name, shape] of sorted(members))
    if (!shape.extension || values[name] !== undefined) json[name] = toJson(shape, values[name])
  return json
}

const alphabets = new WeakMap<Members, readonly [string, Shape][]>()

function sorted(members: Members): readonly [string, Shape][] {
  let alphabet = alphabets.get(members)
  if (alphabet === undefined) {
    alphabet = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))
    alphabets.set(members, alphabet)
  }
  return alphabet
}
