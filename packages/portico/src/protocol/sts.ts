/**
 * `sts`, API version 2011-06-15: the part that people signed in through Portico need. It says whose role credentials these
 * are, which is what brokers and other services ask before they trust them.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
 */
import { type Output, operation, service, shapes } from 'ssooidc/protocol'

import {
  AccessDenied,
  ExpiredToken,
  IncompleteSignature,
  InternalFailure,
  InvalidAction,
  InvalidClientTokenId,
  MethodNotAllowed,
  MissingAuthenticationToken,
  RequestEntityTooLarge,
  ServiceUnavailable,
  SignatureDoesNotMatch,
  Throttling,
  ValidationError,
} from './sts-errors.ts'

export const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  method: 'POST',
  path: '/',
  authentication: 'sigv4',
  input: {},
  output: { Arn: shapes.string(), UserId: shapes.string(), Account: shapes.string() },
  errors: [],
})

export const sts = service({
  name: 'sts',
  serviceId: 'STS',
  apiVersion: '2011-06-15',
  endpointPrefix: 'sts',
  signingName: 'sts',
  dialect: 'awsQuery',
  errorBody: 'message',
  errorNamespace: '',
  operations: { getCallerIdentity },
  edge: {
    malformed: ValidationError,
    unauthenticated: MissingAuthenticationToken,
    forbidden: AccessDenied,
    unknownOperation: InvalidAction,
    methodNotAllowed: MethodNotAllowed,
    tooLarge: RequestEntityTooLarge,
    tooManyRequests: Throttling,
    unavailable: ServiceUnavailable,
    internal: InternalFailure,
  },
  signature: {
    missing: MissingAuthenticationToken,
    incomplete: IncompleteSignature,
    'unknown-access-key': InvalidClientTokenId,
    mismatch: SignatureDoesNotMatch,
    'clock-skew': SignatureDoesNotMatch,
    'expired-credentials': ExpiredToken,
  },
})

export type GetCallerIdentityOutput = Output<typeof getCallerIdentity>
