/** restJson1, the client's half: an input becomes a request's parts, an answer becomes an output or an exception. */
import { defineError, type ServiceException } from '../error.ts'
import { errorsOf, type Input, type Operation, type Output, type Service } from '../operation.ts'
import { isObject, ownValue, readMembers } from '../read.ts'
import type { Shape } from '../shape.ts'

/** What a transport needs in order to ask. */
export type RequestParts = {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** An answer in full. */
export type ResponseParts = {
  readonly status: number
  header(name: string): string | undefined
  readonly body: string
}

/** An answer that the contract does not allow: the server is something else than it should be, or something stands between. */
export class MalformedResponseError extends Error {
  readonly status: number
  readonly requestId: string | undefined
  constructor(message: string, response: ResponseParts) {
    super(message)
    this.name = 'MalformedResponseError'
    this.status = response.status
    this.requestId = response.header('x-amzn-RequestId')
  }
}

/**
 * Writes an input.
 *
 * @throws TypeError naming every member that is missing or wrong
 */
export function encodeRequest<O extends Operation>(operation: O, input: Input<O>): RequestParts {
  const problems: string[] = []
  const given = input as Readonly<Record<string, unknown>>
  const values = readMembers(operation.input, (name) => ownValue(given, name), '', problems)
  if (problems.length > 0) throw new TypeError(`${operation.name}: ${problems.join('; ')}`)
  const query = new URLSearchParams(operation.fixedQuery)
  const headers: Record<string, string> = {}
  const body: Record<string, unknown> = {}
  let hasBody = false
  for (const [name, shape] of Object.entries<Shape>(operation.input)) {
    const value: unknown = values[name]
    hasBody ||= shape.location === 'body'
    if (value === undefined) continue
    if (shape.location === 'query') query.append(shape.wireName ?? name, String(value))
    else if (shape.location === 'header') headers[shape.wireName ?? name] = String(value)
    else body[name] = value
  }
  if (hasBody) headers['content-type'] = 'application/json'
  // %20, not +: SigV4 and some servers tell them apart.
  const search = query.size === 0 ? '' : `?${query.toString().replaceAll('+', '%20')}`
  return {
    method: operation.method,
    target: operation.path + search,
    headers,
    body: hasBody ? JSON.stringify(body) : undefined,
  }
}

/**
 * Reads an answer.
 *
 * @throws ServiceException the error the service named, by header, then by body
 * @throws MalformedResponseError an answer that is neither an output nor an error of the service
 */
export function decodeResponse<O extends Operation>(
  service: Service,
  operation: O,
  response: ResponseParts,
): Output<O> {
  const succeeded = response.status >= 200 && response.status < 300
  const empty = Object.keys(operation.output).length === 0
  if (succeeded && empty) return {} as Output<O> // an output without members
  const body = parse(response.body)
  if (!succeeded) throw toException(service, operation, response, body)
  if (body === undefined)
    throw new MalformedResponseError(`${operation.name}: the answer is not a JSON object.`, response)
  const problems: string[] = []
  const output = readMembers(operation.output, (name) => ownValue(body, name), '', problems)
  if (problems.length > 0)
    throw new MalformedResponseError(`${operation.name}: the answer is wrong: ${problems.join('; ')}.`, response)
  return output as Output<O> // readMembers read exactly this operation's output
}

function toException(
  service: Service,
  operation: Operation,
  response: ResponseParts,
  body: Record<string, unknown> | undefined,
): ServiceException | MalformedResponseError {
  const said = (name: string) => {
    const value = body && ownValue(body, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const type = bareType(response.header('x-amzn-ErrorType')) ?? bareType(said('code')) ?? bareType(said('__type'))
  const error = said('error')
  const declared = errorsOf(service, operation)
  const found =
    declared.find(({ spec }) => spec.name === type) ??
    (type === undefined ? declared.find(({ spec }) => spec.error !== undefined && spec.error === error) : undefined)
  const description = said('error_description') ?? said('message') ?? said('Message')
  if (found === undefined && type === undefined && error === undefined)
    return new MalformedResponseError(`${operation.name}: HTTP ${response.status} without an error type.`, response)
  const Exception =
    found ??
    defineError({
      name: type ?? 'UnknownException',
      status: response.status,
      fault: response.status < 500 ? 'client' : 'server',
      ...(error === undefined ? {} : { error }),
    })
  const members: Record<string, string> = {}
  for (const name of Object.keys(Exception.spec.members ?? {})) {
    const value = said(name)
    if (value !== undefined) members[name] = value
  }
  const requestId = response.header('x-amzn-RequestId')
  const retryAfter = response.header('Retry-After')
  return new Exception(description ?? error ?? Exception.spec.name, {
    members,
    status: response.status,
    ...(requestId === undefined ? {} : { requestId }),
    // Seconds only: the date form would need a clock.
    ...(retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter) ? { retryAfter: Number(retryAfter) } : {}),
  })
}

/** `Name`, `Name:uri` and `namespace#Name` all mean `Name`. */
function bareType(type: string | undefined): string | undefined {
  return type?.split(':', 1)[0]?.split('#').pop()?.trim() || undefined
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
