/**
 * The client: `ssooidc()` and `sso()`, one function for each operation of the contract.
 *
 * Its job is to ask once and to say truthfully what came back. Not its job: what goes over the wire (`protocol`), finding
 * settings in the environment or in files, and signing a person in. It imports web APIs only.
 */

export { isServiceException, type NamedException, ServiceException } from '../protocol/error.ts'
export { MalformedResponseError } from '../protocol/rest-json/client.ts'
export * as oidcErrors from '../protocol/sso-oidc/errors.ts'
export {
  type CreateTokenInput,
  type CreateTokenOutput,
  type CreateTokenWithIAMInput,
  type CreateTokenWithIAMOutput,
  GRANT_TYPES,
  type RegisterClientInput,
  type RegisterClientOutput,
  type StartDeviceAuthorizationInput,
  type StartDeviceAuthorizationOutput,
} from '../protocol/sso-oidc/index.ts'
export * as portalErrors from '../protocol/sso-portal/errors.ts'
export type {
  GetRoleCredentialsInput,
  GetRoleCredentialsOutput,
  ListAccountRolesInput,
  ListAccountRolesOutput,
  ListAccountsInput,
  ListAccountsOutput,
  LogoutInput,
  LogoutOutput,
} from '../protocol/sso-portal/index.ts'
export { type CallOptions, type Client, type Sso, type Ssooidc, sso, ssooidc } from './client.ts'
export { ConfigError, ConnectionError, TimeoutError, UnexpectedRedirectError } from './errors.ts'
export type { ClientOptions, Fetch } from './options.ts'
