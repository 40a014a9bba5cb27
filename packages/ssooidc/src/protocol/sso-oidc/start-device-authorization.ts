/** StartDeviceAuthorization: a sign-in by device code begins. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html */
import { type Input, type Output, wire } from '../operation.ts'
import { extension, header, integer, oneOf, optional, secret, string } from '../shape.ts'
import {
  InternalServerException,
  InvalidClientException,
  InvalidRequestException,
  SlowDownException,
  UnauthorizedClientException,
} from './errors.ts'

/** The wire of StartDeviceAuthorization. */
export const startDeviceAuthorization = wire({
  name: 'StartDeviceAuthorization',
  method: 'POST',
  path: '/device_authorization',
  authentication: 'none',
  repeatable: true,
  input: {
    clientId: string(),
    clientSecret: secret(),
    startUrl: string(),
    numberMatch: extension(header('x-portico-number-match', optional(oneOf('show')))),
  },
  output: {
    deviceCode: secret(),
    userCode: secret(),
    verificationUri: string(),
    verificationUriComplete: secret(),
    expiresIn: integer(),
    interval: optional(integer()),
    matchNumber: extension(optional(secret())),
  },
})

/** What it declares. */
export const startDeviceAuthorizationErrors = [
  InvalidRequestException,
  InvalidClientException,
  UnauthorizedClientException,
  SlowDownException,
  InternalServerException,
] as const

export type StartDeviceAuthorizationInput = Input<typeof startDeviceAuthorization>
export type StartDeviceAuthorizationOutput = Output<typeof startDeviceAuthorization>
