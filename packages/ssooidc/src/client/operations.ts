/**
 * Every operation as a function of its own, so that a bundle holds only those that it calls.
 *
 *     import { connections, createToken } from 'ssooidc/operations'
 *
 *     const aws = connections({ region: 'eu-central-1' })
 *     const token = await createToken(aws, { grantType: 'refresh_token', clientId, clientSecret, refreshToken })
 */
export { isServiceException, type NamedException, ServiceException } from '../protocol/error.ts'
export { GRANT_TYPES } from '../protocol/sso-oidc/grant-types.ts'
export type { CallOptions } from './call.ts'
export { type Connections, connections } from './connection.ts'
export type { CreateTokenRequest, CreateTokenWithIAMRequest } from './grants.ts'
export { createToken, createTokenWithIAM, registerClient, startDeviceAuthorization } from './oidc-operations.ts'
export type { ClientOptions } from './options.ts'
export {
  accountRoles,
  accounts,
  getRoleCredentials,
  listAccountRoles,
  listAccounts,
  logout,
} from './portal-operations.ts'
