/**
 * awsJson 1.1, the server's half: the operation is named in a header, its input and output are JSON objects, and an error's
 * type is in its body. Decides nothing else.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
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

/** The header that names the operation, after the service's prefix and a dot. */
export const TARGET_HEADER = 'x-amz-target'

/** The operation that a target names, if it is one of this service. */
export function operationOf(service: Service, target: string): Operation | undefined {
  return Object.values(service.operations).find(({ name }) => target === `${service.targetPrefix}.${name}`)
}

/**
 * Reads an operation's input. The content type is not looked at: the target says what the body is.
 *
 * @throws the service's `malformed` error, naming every problem
 */
export function decodeRequest<O extends Operation>(service: Service, operation: O, request: WireRequest): Input<O> {
  const body = parseJsonObject(request.body)
  if (typeof body === 'string') throw new service.edge.malformed(`${body.charAt(0).toUpperCase()}${body.slice(1)}.`)
  return readInput(service, operation, (name) => ownValue(body, name))
}

/** Writes an operation's output. A member without a value is left out. */
export function encodeOutput<O extends Operation>(operation: O, output: Output<O>): WireResponse {
  const values = output as Readonly<Record<string, unknown>> // its members are looked up by declared name only
  const members = Object.keys(operation.output).map((name) => [name, values[name]] as const)
  return { status: 200, headers: CONTENT, body: JSON.stringify(Object.fromEntries(members)) }
}

/** Writes an error. Its type is also in a header, where some SDKs look first. */
export function encodeError(_service: Service, exception: ServiceException, requestId: string): WireResponse {
  const { name, status } = exception.spec
  return {
    status,
    headers: {
      ...CONTENT,
      'x-amzn-ErrorType': name,
      ...(exception.retryAfter === undefined ? {} : { 'Retry-After': String(exception.retryAfter) }),
    },
    body: JSON.stringify({ __type: name, Message: exception.message, RequestId: requestId, ...exception.members }),
  }
}

const CONTENT = { 'Content-Type': 'application/x-amz-json-1.1' }
