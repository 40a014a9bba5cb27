/**
 * `sso-oidc`, API version 2019-06-10: how a program registers itself and turns a person's approval into tokens.
 *
 * Each operation has a file of its own, so that a bundler can leave out those that nobody calls.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 */
import { declares, service } from '../operation.ts'
import * as oidc from './create-token.ts'
import * as iam from './create-token-with-iam.ts'
import { ssoOidcEdge } from './edge.ts'
import { InvalidRequestRegionException } from './errors.ts'
import { ssoOidcFrame } from './frame.ts'
import * as registration from './register-client.ts'
import * as device from './start-device-authorization.ts'

export { AUTHORIZATION_PATH } from './authorization-endpoint.ts'
export type { CreateTokenInput, CreateTokenOutput } from './create-token.ts'
export type { CreateTokenWithIAMInput, CreateTokenWithIAMOutput } from './create-token-with-iam.ts'
export * from './errors.ts'
export { ssoOidcFrame } from './frame.ts'
export { GRANT_TYPES, TOKEN_TYPES } from './grant-types.ts'
export type { RegisterClientInput, RegisterClientOutput } from './register-client.ts'
export type {
  StartDeviceAuthorizationInput,
  StartDeviceAuthorizationOutput,
} from './start-device-authorization.ts'

export const ssoOidc = service({
  ...ssoOidcFrame,
  ...ssoOidcEdge,
  operations: {
    registerClient: declares(registration.registerClient, ...registration.registerClientErrors),
    startDeviceAuthorization: declares(device.startDeviceAuthorization, ...device.startDeviceAuthorizationErrors),
    createToken: declares(oidc.createToken, ...oidc.tokenErrors),
    createTokenWithIAM: declares(iam.createTokenWithIAM, ...oidc.tokenErrors, InvalidRequestRegionException),
  },
})

// Each with its type's name, which the published types then repeat in place of the type itself.
type Operations = typeof ssoOidc.operations
export const registerClient: Operations['registerClient'] = ssoOidc.operations.registerClient
export const startDeviceAuthorization: Operations['startDeviceAuthorization'] =
  ssoOidc.operations.startDeviceAuthorization
export const createToken: Operations['createToken'] = ssoOidc.operations.createToken
export const createTokenWithIAM: Operations['createTokenWithIAM'] = ssoOidc.operations.createTokenWithIAM
