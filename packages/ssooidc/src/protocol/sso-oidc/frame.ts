/** What all operations of the service have in common. */

import type { Frame } from '../operation.ts'
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

/** The service without its operations. */
export const ssoOidcFrame = {
  name: 'sso-oidc',
  serviceId: 'SSO OIDC',
  apiVersion: '2019-06-10',
  endpointPrefix: 'oidc',
  signingName: 'sso-oauth',
  dialect: 'restJson1',
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
} as const satisfies Frame
