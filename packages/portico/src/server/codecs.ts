/** The server's half of each dialect, under one form. */
import type {
  Dialect,
  Input,
  Operation,
  Output,
  Service,
  ServiceException,
  WireRequest,
  WireResponse,
} from 'ssooidc/protocol'
import * as restJson from 'ssooidc/protocol/rest-json'
import * as awsJson from '../protocol/aws-json.ts'
import * as awsQuery from '../protocol/aws-query.ts'
import * as oauth2Dialect from '../protocol/oauth2-dialect.ts'

/** Reads inputs and writes answers in one dialect. */
export type Codec = {
  decodeRequest<O extends Operation>(service: Service, operation: O, request: WireRequest): Input<O>
  encodeOutput<O extends Operation>(service: Service, operation: O, output: Output<O>, requestId: string): WireResponse
  encodeError(service: Service, exception: ServiceException, requestId: string): WireResponse
}

const restJson1: Codec = {
  decodeRequest: restJson.decodeRequest,
  encodeOutput: (_service, operation, output) => restJson.encodeOutput(operation, output),
  encodeError: restJson.encodeError,
}

const oauth2: Codec = {
  decodeRequest: oauth2Dialect.decodeRequest,
  encodeOutput: (_service, operation, output) => oauth2Dialect.encodeOutput(operation, output),
  encodeError: oauth2Dialect.encodeError,
}

const awsJson1_1: Codec = {
  decodeRequest: awsJson.decodeRequest,
  encodeOutput: (_service, operation, output) => awsJson.encodeOutput(operation, output),
  encodeError: awsJson.encodeError,
}

const byDialect: Partial<Record<Dialect, Codec>> = { restJson1, awsQuery, awsJson1_1, oauth2 }

/** The codec of a service. */
export function codecOf(service: Service): Codec {
  const codec = byDialect[service.dialect]
  if (codec === undefined) throw new Error(`${service.name} speaks ${service.dialect}, which has no codec here`)
  return codec
}
