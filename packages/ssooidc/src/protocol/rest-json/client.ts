/** restJson1, the client's half: an input becomes a request's parts, an answer becomes an output or an exception. */
import { NamedError, ServiceException, typeOfCode } from '../error.ts'
import { type Frame, type Input, isRepeatable, type OperationWire, type Output } from '../operation.ts'
import { isObject, ownValue, readObject } from '../read.ts'
import type { Members, Shape } from '../shape.ts'

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
export class MalformedResponseError extends NamedError {
  declare readonly status: number
  declare readonly requestId: string | undefined
  /** Seconds after which trying again makes sense. */
  declare readonly retryAfter: number | undefined
  /** Whether asking again, unchanged, does no harm. */
  declare readonly retrySafe: boolean
  constructor(operation: OperationWire, problem: string, response: ResponseParts) {
    super('MalformedResponseError', `${operation.name}: ${problem}`, outcomeOf(operation, response))
  }
}

/**
 * Writes an input.
 *
 * @throws TypeError naming every member that is missing or wrong
 */
export function encodeRequest<O extends OperationWire>(operation: O, input: Input<O>): RequestParts {
  const { name: asked, method, path, fixedQuery } = operation
  const wrong = (problems: string) => new TypeError(`${asked}: ${problems}`)
  const values = readObject<Members>(operation.input, input, wrong)
  const headers: Record<string, string> = {}
  const query: Record<string, string> = { ...fixedQuery }
  let body: Record<string, unknown> | undefined
  for (const name in operation.input) {
    const { location, wireName = name } = operation.input[name] as Shape // a name of its own members
    const value = values[name]
    if (location === 'body') {
      body ??= {}
      body[name] = value
    } else if (value !== undefined) (location === 'query' ? query : headers)[wireName] = String(value)
    // Refused here, since transports would repeat the value in their complaint.
    if (location === 'header' && !isHeaderValue(`${value}`)) throw wrong(`${name} has a character that no header may`)
  }
  if (body) headers['content-type'] = 'application/json'
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return {
    method,
    target: [path, search.join('&')].filter(Boolean).join('?'),
    headers,
    body: body && JSON.stringify(body),
  }
}

/** Whether a header may have this value: printable ASCII, blanks, and what is above it. @see https://www.rfc-editor.org/rfc/rfc9110#section-5.5 */
export function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}

/**
 * Reads an answer.
 *
 * @throws ServiceException the error the service named, by header, then by body
 * @throws MalformedResponseError an answer that is neither an output nor an error of the service
 */
export function decodeResponse<O extends OperationWire>(
  service: Frame,
  operation: O,
  response: ResponseParts,
): Output<O> {
  const { status, body: text } = response
  const malformed = (problem: string) => new MalformedResponseError(operation, problem, response)
  const succeeded = status >= 200 && status < 300
  if (succeeded && Object.keys(operation.output).length === 0) return {} as Output<O> // an output without members
  const body = parse(text)
  if (succeeded && body)
    // readObject read exactly this operation's output
    return readObject(operation.output, body, (problems) => malformed(`the answer is wrong: ${problems}`)) as Output<O>
  if (succeeded) throw malformed(`the answer is ${kindOf(text)}, not a JSON object`)
  throw (
    toException(service, operation, response, body) ??
    malformed(`HTTP ${status} without an error type; the answer is ${kindOf(text)}`)
  )
}

/** What the service said, under the name that it gave: no table of errors has to be in a page for that. */
function toException(
  { errorMembers = [] }: Frame,
  operation: OperationWire,
  response: ResponseParts,
  body: Record<string, unknown> = {},
): ServiceException | undefined {
  const { status, header } = response
  const said = (name: string) => {
    const value = ownValue(body, name)
    return typeof value === 'string' ? value : ''
  }
  const error = said('error')
  const name =
    [header('x-amzn-ErrorType'), said('code'), said('__type')].map(bareType).find(Boolean) ||
    (error && typeOfCode(error, status))
  if (!name) return undefined
  const description = said('error_description') || said('message') || said('Message') || error || name
  const members = Object.fromEntries(errorMembers.map((each) => [each, said(each)]).filter(([, value]) => value))
  const spec = { name, status, fault: status < 500 ? 'client' : 'server', error: error || undefined } as const
  return new ServiceException(spec, description, { members, ...outcomeOf(operation, response) })
}

/** What every error says about the answer that it came from. */
function outcomeOf(operation: OperationWire, { status, header }: ResponseParts) {
  // Seconds only: the date form would need a clock.
  const after = header('Retry-After')
  return {
    status,
    requestId: header('x-amzn-RequestId'),
    retryAfter: after && /^\d{1,9}$/.test(after) ? Number(after) : undefined,
    // Below 500 nothing was done, and an overloaded server did nothing either. Behind any other failure something may have been.
    retrySafe: isRepeatable(operation) || (status >= 400 && status < 500) || status === 503,
  }
}

/** Whether a status stands for something that may pass by itself: too many requests, or a server in trouble. */
export function transience(status: number | undefined): 'throttled' | 'failing' | undefined {
  if (status === 429) return 'throttled'
  return [500, 502, 503, 504].includes(status ?? 0) ? 'failing' : undefined
}

/** What a body looks like, for the person who must find out what stands in between. Never its text, which may be a secret. */
function kindOf(body: string): string {
  if (body === '') return 'empty'
  if (!/^\s*</.test(body)) return 'text'
  // Attributes are bounded, so that a page which begins a title over and over is not searched to its end each time.
  const title = /<title[^>]{0,200}>([^<]{1,80})/i.exec(body)?.[1]?.trim()
  return title ? `an HTML page titled "${title}"` : 'an HTML page'
}

/** `Name`, `Name:uri` and `namespace#Name` all mean `Name`. */
function bareType(type = ''): string {
  return type.replace(/:.*|^[^:]*#/gs, '').trim()
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
