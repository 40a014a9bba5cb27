/** StartDeviceAuthorization: a sign-in by device code begins. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html */
import { type Input, type Output, operation } from '../operation.ts'
import { integer, optional, secret, string } from '../shape.ts'
import {
  InternalServerException,
  InvalidClientException,
  InvalidRequestException,
  SlowDownException,
  UnauthorizedClientException,
} from './errors.ts'

export const startDeviceAuthorization = operation({
  name: 'StartDeviceAuthorization',
  method: 'POST',
  path: '/device_authorization',
  authentication: 'none',
  repeatable: true,
  input: { clientId: string(), clientSecret: secret(), startUrl: string() },
  output: {
    deviceCode: secret(),
    userCode: secret(),
    verificationUri: string(),
    verificationUriComplete: secret(),
    expiresIn: integer(),
    interval: optional(integer()),
  },
  errors: [
    InvalidRequestException,
    InvalidClientException,
    UnauthorizedClientException,
    SlowDownException,
    InternalServerException,
  ],
})

export type StartDeviceAuthorizationInput = Input<typeof startDeviceAuthorization>
export type StartDeviceAuthorizationOutput = Output<typeof startDeviceAuthorization>
