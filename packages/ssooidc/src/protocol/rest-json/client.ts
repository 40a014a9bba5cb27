/** restJson1, the client's half: an input becomes a request's parts, an answer becomes an output or an exception. */
import { NamedError, ServiceException, typeOfCode } from '../error.ts'
import { type Frame, type Input, isRepeatable, type OperationWire, type Output } from '../operation.ts'
import { isObject, ownValue, readMembers } from '../read.ts'
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
  const { name: asked, method, path, fixedQuery = {} } = operation
  const problems: string[] = []
  const values = readMembers<Members>(operation.input, (name) => ownValue(input, name), '', problems)
  if (problems.length > 0) throw new TypeError(`${asked}: ${problems.join('; ')}`)
  const headers: Record<string, string> = {}
  const query: (readonly [string, unknown])[] = Object.entries(fixedQuery)
  let body: Record<string, unknown> | undefined
  for (const name in operation.input) {
    const { location, wireName = name } = operation.input[name] as Shape // a name of its own members
    if (location === 'body') body ??= {}
    const value: unknown = values[name]
    if (value === undefined) continue
    if (body !== undefined && location === 'body') body[name] = value
    else if (location === 'query') query.push([wireName, value])
    else {
      headers[wireName] = String(value)
      // Refused here, since transports would repeat the value in their complaint.
      if (!isHeaderValue(String(value))) throw new TypeError(`${asked}: ${name} has a character that no header may`)
    }
  }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const search = query.map((pair) => pair.map((text) => encodeURIComponent(String(text))).join('=')).join('&')
  return { method, target: path + (search && `?${search}`), headers, body: body && JSON.stringify(body) }
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
  const succeeded = response.status >= 200 && response.status < 300
  const empty = Object.keys(operation.output).length === 0
  if (succeeded && empty) return {} as Output<O> // an output without members
  const body = parse(response.body)
  if (!succeeded) throw toException(service, operation, response, body ?? {})
  if (body === undefined)
    throw new MalformedResponseError(operation, `the answer is ${kindOf(response.body)}, not a JSON object`, response)
  const problems: string[] = []
  const output = readMembers(operation.output, (name) => ownValue(body, name), '', problems)
  if (problems.length > 0)
    throw new MalformedResponseError(operation, `the answer is wrong: ${problems.join('; ')}`, response)
  return output as Output<O> // readMembers read exactly this operation's output
}

/** What the service said, under the name that it gave: no table of errors has to be in a page for that. */
function toException(
  { errorMembers = [] }: Frame,
  operation: OperationWire,
  response: ResponseParts,
  body: Record<string, unknown>,
): ServiceException | MalformedResponseError {
  const { status } = response
  const said = (name: string) => {
    const value = ownValue(body, name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const error = said('error')
  const name =
    bareType(response.header('x-amzn-ErrorType')) ??
    bareType(said('code')) ??
    bareType(said('__type')) ??
    (error && typeOfCode(error, status))
  if (!name)
    return new MalformedResponseError(
      operation,
      `HTTP ${status} without an error type; the answer is ${kindOf(response.body)}`,
      response,
    )
  const description = said('error_description') ?? said('message') ?? said('Message') ?? error ?? name
  const members = Object.fromEntries(errorMembers.map((each) => [each, said(each)]).filter(([, value]) => value))
  const spec = { name, status, fault: status < 500 ? 'client' : 'server', error } as const
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
