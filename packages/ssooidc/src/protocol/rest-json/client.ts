/** restJson1, the client's half: an input becomes a request's parts, an answer becomes an output or an exception. */
import { defineError, type ServiceException } from '../error.ts'
import { errorsOf, type Frame, type Input, isRepeatable, type Operation, type Output } from '../operation.ts'
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
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined
  /** Whether asking again, unchanged, does no harm. */
  readonly retrySafe: boolean
  constructor(operation: Operation, problem: string, response: ResponseParts) {
    super(`${operation.name}: ${problem}`)
    this.name = 'MalformedResponseError'
    this.status = response.status
    this.requestId = response.header('x-amzn-RequestId')
    this.retryAfter = retryAfter(response)
    this.retrySafe = isRetrySafe(operation, response.status)
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
  const headers: Record<string, string> = {}
  let query = ''
  const ask = (name: string, value: unknown) => {
    query += `${query === '' ? '?' : '&'}${encode(name)}=${encode(String(value))}`
  }
  for (const name in operation.fixedQuery) ask(name, operation.fixedQuery[name])
  const body: Record<string, unknown> = {}
  let hasBody = false
  for (const name in operation.input) {
    const { location, wireName = name } = operation.input[name] as Shape // a name of its own members
    const value: unknown = values[name]
    hasBody ||= location === 'body'
    if (value === undefined) continue
    if (location === 'query') ask(wireName, value)
    else if (location === 'header') {
      headers[wireName] = String(value)
      // Refused here, since transports would repeat the value in their complaint.
      if (!isHeaderValue(String(value)))
        throw new TypeError(`${operation.name}: ${name} has a character that no header may`)
    } else body[name] = value
  }
  if (hasBody) headers['content-type'] = 'application/json'
  return {
    method: operation.method,
    target: operation.path + query,
    headers,
    body: hasBody ? JSON.stringify(body) : undefined,
  }
}

/** Whether a header may have this value: printable ASCII, blanks, and what is above it. @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}

/** All but unreserved characters as %XX, as SigV4 has it. @see https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/**
 * Reads an answer.
 *
 * @throws ServiceException the error the service named, by header, then by body
 * @throws MalformedResponseError an answer that is neither an output nor an error of the service
 */
export function decodeResponse<O extends Operation>(service: Frame, operation: O, response: ResponseParts): Output<O> {
  const succeeded = response.status >= 200 && response.status < 300
  const empty = Object.keys(operation.output).length === 0
  if (succeeded && empty) return {} as Output<O> // an output without members
  const body = parse(response.body)
  if (!succeeded) throw toException(service, operation, response, body)
  if (body === undefined)
    throw new MalformedResponseError(operation, `the answer is ${kindOf(response.body)}, not a JSON object`, response)
  const problems: string[] = []
  const output = readMembers(operation.output, (name) => ownValue(body, name), '', problems)
  if (problems.length > 0)
    throw new MalformedResponseError(operation, `the answer is wrong: ${problems.join('; ')}`, response)
  return output as Output<O> // readMembers read exactly this operation's output
}

function toException(
  service: Frame,
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
    return new MalformedResponseError(
      operation,
      `HTTP ${response.status} without an error type; the answer is ${kindOf(response.body)}`,
      response,
    )
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
  const after = retryAfter(response)
  return new Exception(description ?? error ?? Exception.spec.name, {
    members,
    status: response.status,
    retrySafe: isRetrySafe(operation, response.status),
    ...(requestId === undefined ? {} : { requestId }),
    ...(after === undefined ? {} : { retryAfter: after }),
  })
}

/** Below 500 nothing was done, and an overloaded server did nothing either. Behind any other failure something may have been. */
function isRetrySafe(operation: Operation, status: number): boolean {
  return isRepeatable(operation) || (status >= 400 && status < 500) || status === 503
}

/** Whether a status stands for something that may pass by itself: too many requests, or a server in trouble. */
export function transience(status: number): 'throttled' | 'failing' | undefined {
  if (status === 429) return 'throttled'
  return [500, 502, 503, 504].includes(status) ? 'failing' : undefined
}

/** Seconds only: the date form would need a clock. */
function retryAfter(response: ResponseParts): number | undefined {
  const said = response.header('Retry-After')
  return said !== undefined && /^\d{1,9}$/.test(said) ? Number(said) : undefined
}

/** What a body looks like, for the person who must find out what stands in between. Never its text, which may be a secret. */
function kindOf(body: string): string {
  if (body === '') return 'empty'
  if (!/^\s*</.test(body)) return 'text'
  const title = /<title[^>]*>([^<]{1,80})/i.exec(body)?.[1]?.trim()
  return title ? `an HTML page titled "${title}"` : 'an HTML page'
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
