/** How the service answers, and what around its operations. */
import type { Edge } from '../operation.ts'
import {
  ExpiredCredentialsException,
  ForbiddenException,
  IncompleteSignatureException,
  InternalServerException,
  InvalidRequestException,
  InvalidSignatureException,
  MethodNotAllowedException,
  MissingAuthenticationTokenException,
  RequestTooLargeException,
  ServiceUnavailableException,
  TooManyRequestsException,
  UnknownOperationException,
  UnrecognizedClientException,
} from './errors.ts'

/** Around operations, and around signatures. */
export const ssoOidcEdge = {
  apiVersion: '2019-06-10',
  errorBody: 'oauth',
  errorNamespace: 'com.amazonaws.ssooidc',
  edge: {
    malformed: InvalidRequestException,
    unauthenticated: MissingAuthenticationTokenException,
    forbidden: ForbiddenException,
    unknownOperation: UnknownOperationException,
    methodNotAllowed: MethodNotAllowedException,
    tooLarge: RequestTooLargeException,
    tooManyRequests: TooManyRequestsException,
    unavailable: ServiceUnavailableException,
    internal: InternalServerException,
  },
  signature: {
    missing: MissingAuthenticationTokenException,
    incomplete: IncompleteSignatureException,
    'unknown-access-key': UnrecognizedClientException,
    mismatch: InvalidSignatureException,
    'clock-skew': InvalidSignatureException,
    'expired-credentials': ExpiredCredentialsException,
  },
} as const satisfies Edge
