/**
 * awsQuery, the server's half: a form becomes an operation's input, its output or an error becomes XML. Decides nothing else.
 *
 * Forms are read strictly, and only in a body: AWS would also take an action from the query, where it ends up in logs.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import {
  type Input,
  type Operation,
  type Output,
  readInput,
  type Service,
  type ServiceException,
  type Shape,
  type WireRequest,
  type WireResponse,
} from 'ssooidc/protocol'

import { readForm } from './form.ts'
import { writeXml, type XmlElement } from './xml.ts'

/**
 * Reads an operation's input from the form that names it. Parameters are plain text and numbers: no operation here has a
 * list or a structure in its input.
 *
 * @throws the service's `unknownOperation` error for another action or version, its `malformed` error for anything else
 */
export function decodeRequest<O extends Operation>(service: Service, operation: O, request: WireRequest): Input<O> {
  const form = readForm(request.body)
  if (typeof form === 'string') throw new service.edge.malformed(form)
  if (form.get('Action') !== operation.name || form.get('Version') !== service.apiVersion)
    throw new service.edge.unknownOperation(
      `The form must name an action of this service and its version: Action=${operation.name}&Version=${service.apiVersion}.`,
    )
  return readInput(service, operation, (name, shape) => fromText(shape, form.get(name)))
}

/** Writes an operation's output, with the request's id, which here is part of the body. */
export function encodeOutput<O extends Operation>(
  service: Service,
  { name, output: members }: O,
  output: Output<O>,
  requestId: string,
): WireResponse {
  const values = output as Readonly<Record<string, unknown>> // its members are looked up by declared name only
  return {
    status: 200,
    headers: { 'Content-Type': 'text/xml' },
    body: writeRoot(service, `${name}Response`, [
      {
        name: `${name}Result`,
        content: Object.entries(members).flatMap(([member, shape]) => toXml(member, shape, values[member])),
      },
      { name: 'ResponseMetadata', content: [{ name: 'RequestId', content: requestId }] },
    ]),
  }
}

/** Writes an error: whose fault it is, its code, and what was wrong. */
export function encodeError(service: Service, exception: ServiceException, requestId: string): WireResponse {
  const { name, code = name, fault, status } = exception.spec
  return {
    status,
    headers: {
      'Content-Type': 'text/xml',
      'x-amzn-ErrorType': code,
      ...(exception.retryAfter === undefined ? {} : { 'Retry-After': String(exception.retryAfter) }),
    },
    body: writeRoot(service, 'ErrorResponse', [
      {
        name: 'Error',
        content: [
          { name: 'Type', content: fault === 'client' ? 'Sender' : 'Receiver' },
          { name: 'Code', content: code },
          { name: 'Message', content: exception.message },
        ],
      },
      { name: 'RequestId', content: requestId },
    ]),
  }
}

/** Every query service of AWS puts its answers into a namespace of this form. */
function writeRoot({ endpointPrefix, apiVersion }: Service, name: string, content: readonly XmlElement[]): string {
  const xmlns = `https://${endpointPrefix}.amazonaws.com/doc/${apiVersion}/`
  return writeXml({ name, attributes: { xmlns }, content })
}

function fromText(shape: Shape, value: string | undefined): unknown {
  if (value === undefined) return undefined
  if (shape.kind === 'integer') return /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (shape.kind === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  return value
}

function toXml(name: string, shape: Shape, value: unknown): readonly XmlElement[] {
  if (value === undefined || value === null) return []
  if (shape.kind === 'string' || shape.kind === 'integer' || shape.kind === 'boolean')
    return [{ name, content: String(value) }]
  throw new Error(`awsQuery writes no ${shape.kind} here, which ${name} is`)
}
