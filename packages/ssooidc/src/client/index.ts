/**
 * The client: `ssooidc()` and `sso()`, one function for each operation of the contract.
 *
 * Its job is to ask, again where that is safe, and to say truthfully what came back. Not its job: what goes over the wire
 * (`protocol`), what stands in the environment and in files (`config`), and signing a person in (`sign-in`). Web APIs only,
 * but for the files whose names begin with `node`; `#platform` picks those where they run.
 */

export type { ResolvedConfig } from '../config/settings.ts'
export type { Environment, Setting } from '../config/surroundings.ts'
export { isServiceException, type NamedException, ServiceException } from '../protocol/error.ts'
export { MalformedResponseError } from '../protocol/rest-json/client.ts'
export * as oidcErrors from '../protocol/sso-oidc/errors.ts'
export { GRANT_TYPES } from '../protocol/sso-oidc/grant-types.ts'
export type {
  CreateTokenInput,
  CreateTokenOutput,
  CreateTokenWithIAMInput,
  CreateTokenWithIAMOutput,
  RegisterClientInput,
  RegisterClientOutput,
  StartDeviceAuthorizationInput,
  StartDeviceAuthorizationOutput,
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
export type { CallOptions } from './call.ts'
export { type Sso, type Ssooidc, sso, ssooidc } from './client.ts'
export type { Credentials, CredentialsProvider, SignableRequest, Signer } from './credentials.ts'
export {
  ConfigError,
  ConnectionError,
  ProfileNotFoundError,
  ResponseTooLargeError,
  TimeoutError,
  UnexpectedRedirectError,
} from './errors.ts'
export type { CreateTokenRequest, CreateTokenWithIAMRequest } from './grants.ts'
export type { AttemptReport, ClientOptions, EndpointProvider, Fetch, TokenProvider } from './options.ts'
export { resolveConfig } from './resolve-config.ts'
