/**
 * OAuth's own form, the server's half: forms come in, JSON goes out, and an error is `error` and `error_description`. Decides
 * nothing else.
 *
 * A client's id and secret may come in the form or in `Authorization: Basic`, never in both.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2
 */
import {
  type Input,
  type Operation,
  type Output,
  ownValue,
  parseJsonObject,
  readInput,
  type Service,
  type ServiceException,
  type WireRequest,
  type WireResponse,
} from 'ssooidc/protocol'

import { readForm } from './form.ts'

/**
 * Reads an operation's input. A parameter without a value counts as left out, and none may come twice.
 *
 * @throws the service's `malformed` error, naming every problem
 */
export function decodeRequest<O extends Operation>(service: Service, operation: O, request: WireRequest): Input<O> {
  const parameters = parametersOf(operation, request)
  if (typeof parameters === 'string') throw new service.edge.malformed(parameters)
  return readInput(service, operation, (name, { location, wireName }) =>
    location === 'header' ? request.header(wireName ?? name) : ownValue(parameters, name),
  )
}

/** Writes an operation's output. A member without a value is left out. */
export function encodeOutput<O extends Operation>(operation: O, output: Output<O>): WireResponse {
  const { success = 200, cacheFor } = operation
  const caching = cacheFor === undefined ? NOT_KEPT : { 'Cache-Control': `public, max-age=${cacheFor}` }
  if (Object.keys(operation.output).length === 0) return { status: success, headers: caching, body: '' }
  const values = output as Readonly<Record<string, unknown>> // its members are looked up by declared name only
  const members = Object.keys(operation.output).map((name) => [name, values[name]] as const)
  return {
    status: success,
    headers: { 'Content-Type': 'application/json', ...caching },
    body: JSON.stringify(Object.fromEntries(members.filter(([, value]) => value !== undefined))),
  }
}

/** Writes an error. */
export function encodeError(_service: Service, exception: ServiceException): WireResponse {
  const { status, error } = exception.spec
  return {
    status,
    headers: {
      'Content-Type': 'application/json',
      ...NOT_KEPT,
      ...challengeOf(exception),
      ...(exception.retryAfter === undefined ? {} : { 'Retry-After': String(exception.retryAfter) }),
    },
    body: JSON.stringify({ error, error_description: asciiOf(exception.message) }),
  }
}

// RFC 6749 §5.1 asks for both.
const NOT_KEPT = { 'Cache-Control': 'no-store', Pragma: 'no-cache' }

const ABOUT_BEARERS: readonly (string | undefined)[] = ['invalid_token', 'insufficient_scope']

// RFC 9110 §15.5.2: whoever is refused for want of a credential is told which kind. RFC 6750 §3: so is whoever shows a token
// that does not reach so far, with the error repeated.
function challengeOf({ status, error }: ServiceException): Record<string, string> {
  if (ABOUT_BEARERS.includes(error)) return { 'WWW-Authenticate': `Bearer realm="portico", error="${error}"` }
  return status === 401 ? { 'WWW-Authenticate': 'Basic realm="portico"' } : {}
}

/** RFC 6749 §5.2 lets a description have printable ASCII only, without quotes of either kind that would end it. */
function asciiOf(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll('\\', '/')
    .replace(/[^\x20-\x7e]/g, '?')
}

type Parameters = Readonly<Record<string, unknown>>

function parametersOf(operation: Operation, request: WireRequest): Parameters | string {
  if (operation.method === 'GET') return {}
  if (operation.jsonBody) {
    const body = parseJsonObject(request.body)
    return typeof body === 'string' ? `${body.charAt(0).toUpperCase()}${body.slice(1)}.` : body
  }
  // Where tokens travel in an address, logs keep them. RFC 6749 §3.2: parameters come in the body.
  if (request.query !== '') return 'Send the parameters in the body, and none in the address.'
  const form = readForm(request.body)
  if (typeof form === 'string') return form
  const parameters = Object.fromEntries([...form].filter(([, value]) => value !== ''))
  // Where no client proves itself, the header holds something else, which its own member reads.
  const basic = 'client_id' in operation.input ? basicCredentials(request.header('authorization')) : undefined
  if (basic === undefined) return parameters
  if (basic === 'malformed') return 'The Authorization header is not HTTP Basic with an id and a secret.'
  if (parameters.client_secret !== undefined) return 'The client proves itself twice, in a header and in the form.'
  if (parameters.client_id !== undefined && parameters.client_id !== basic.client_id)
    return 'The header and the form name different clients.'
  return { ...parameters, ...basic }
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(header: string | undefined) {
  if (header === undefined) return undefined
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? []
  if (encoded === undefined) return 'malformed'
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) return 'malformed'
  try {
    const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replaceAll('+', ' ')),
    )
    // RFC 6749 §2.3.1: an empty secret may be left out, so one that is there says no more.
    return secret === '' ? { client_id: id } : { client_id: id, client_secret: secret }
  } catch {
    return 'malformed'
  }
}
