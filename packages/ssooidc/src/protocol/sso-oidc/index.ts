/**
 * `sso-oidc`, API version 2019-06-10: how a program registers itself and turns a person's approval into tokens.
 *
 * Each operation has a file of its own, so that a bundler can leave out those that nobody calls.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 */
import { withOperations } from '../operation.ts'
import { createToken } from './create-token.ts'
import { createTokenWithIAM } from './create-token-with-iam.ts'
import { ssoOidcFrame } from './frame.ts'
import { registerClient } from './register-client.ts'
import { startDeviceAuthorization } from './start-device-authorization.ts'

export { AUTHORIZATION_PATH } from './authorization-endpoint.ts'
export { type CreateTokenInput, type CreateTokenOutput, createToken } from './create-token.ts'
export {
  type CreateTokenWithIAMInput,
  type CreateTokenWithIAMOutput,
  createTokenWithIAM,
} from './create-token-with-iam.ts'
export * from './errors.ts'
export { ssoOidcFrame } from './frame.ts'
export { GRANT_TYPES, TOKEN_TYPES } from './grant-types.ts'
export { type RegisterClientInput, type RegisterClientOutput, registerClient } from './register-client.ts'
export {
  type StartDeviceAuthorizationInput,
  type StartDeviceAuthorizationOutput,
  startDeviceAuthorization,
} from './start-device-authorization.ts'

export const ssoOidc = withOperations(ssoOidcFrame, {
  registerClient,
  startDeviceAuthorization,
  createToken,
  createTokenWithIAM,
})
