/**
 * Signs with AWS's own signer, and finds credentials with AWS's own chain. Neither is installed with this package; they are
 * loaded when the first call must be signed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */

import { makeSigner } from '#platform'
import { isServiceException } from '../protocol/error.ts'
import type { Frame } from '../protocol/operation.ts'
import type { ResponseParts } from '../protocol/rest-json/client.ts'
import type { Connection } from './connection.ts'
import type { SignableRequest, Signer } from './credentials.ts'
import { ConfigError } from './errors.ts'
import { prefixOf, type TransportRequest } from './transport/transport.ts'

/**
 * The request with its signature.
 *
 * @throws ConfigError when something is missing that signing needs, naming it
 */
export async function sign(
  connection: Connection,
  service: Frame,
  request: TransportRequest,
): Promise<TransportRequest> {
  const signer = await signerOf(connection, service, request.operation)
  const signingDate = new Date(Date.now() + connection.clockOffset)
  const signable = toSignable(connection.endpoint, request)
  const { headers } = await signer.sign(signable, { signingDate }).catch((cause) => {
    if (cause instanceof ConfigError) throw cause // of the credentials
    throw new ConfigError(`${request.operation} cannot be signed: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  })
  const { host: _, ...signed } = headers // the transport says the host itself
  return { ...request, headers: { ...request.headers, ...signed } }
}

/** Takes over the clock of a service that refused, when it is ahead of ours, or behind, by enough to spoil a signature. */
export function correctClock(
  connection: Connection,
  response: ResponseParts | undefined,
  error: unknown,
  attempt: number,
): 0 | undefined {
  const { options, clockOffset } = connection
  if (!isServiceException(error) || !error.retrySafe || attempt >= options.maxAttempts) return undefined
  const offset = Date.parse(response?.header('date') ?? '') - Date.now()
  if (!(Math.abs(offset - clockOffset) > TOLERANCE)) return undefined
  connection.clockOffset = offset
  return 0
}

// Services accept five minutes; whole seconds and the way there take some of it.
const TOLERANCE = 240_000

async function signerOf({ options }: Connection, { signingName }: Frame, operation: string): Promise<Signer> {
  const { anonymous, signer, region } = options
  if (anonymous) throw new ConfigError(`${operation} is signed with AWS credentials, and anonymous forbids them`)
  if (signer) return signer
  if (!region) throw new ConfigError(`${operation} is signed, and a signature needs a region`)
  return makeSigner(operation, options, region, signingName)
}

function toSignable(endpoint: URL, { method, target, headers, body }: TransportRequest): SignableRequest {
  const [path = '', query = ''] = target.split('?', 2)
  // Only what no proxy on the way changes.
  const steady = Object.entries(headers).filter(([name]) => name.startsWith('amz-') || name === 'content-type')
  return {
    method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: prefixOf(endpoint) + path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: { ...Object.fromEntries(steady), host: endpoint.host },
    body,
  }
}
