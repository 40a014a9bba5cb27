/**
 * `sso`, the access portal, API version 2019-06-10: what the holder of an access token may reach.
 *
 * Each operation has a file of its own, so that a bundler can leave out those that nobody calls.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 */
import { declares, service } from '../operation.ts'
import {
  ForbiddenException,
  InternalServerException,
  InvalidRequestException,
  MethodNotAllowedException,
  RequestTooLargeException,
  ResourceNotFoundException,
  ServiceUnavailableException,
  TooManyRequestsException,
  UnauthorizedException,
  UnknownOperationException,
} from './errors.ts'
import { ssoPortalFrame } from './frame.ts'
import * as credentials from './get-role-credentials.ts'
import * as roles from './list-account-roles.ts'
import * as accounts from './list-accounts.ts'
import * as session from './logout.ts'

export * from './errors.ts'
export { ssoPortalFrame } from './frame.ts'
export type { GetRoleCredentialsInput, GetRoleCredentialsOutput } from './get-role-credentials.ts'
export type { ListAccountRolesInput, ListAccountRolesOutput } from './list-account-roles.ts'
export type { ListAccountsInput, ListAccountsOutput } from './list-accounts.ts'
export type { LogoutInput, LogoutOutput } from './logout.ts'

const errors = [InvalidRequestException, UnauthorizedException, TooManyRequestsException] as const

export const ssoPortal = service({
  ...ssoPortalFrame,
  apiVersion: '2019-06-10',
  errorBody: 'message',
  errorNamespace: 'com.amazonaws.switchboard.portal',
  edge: {
    malformed: InvalidRequestException,
    unauthenticated: UnauthorizedException,
    forbidden: ForbiddenException,
    unknownOperation: UnknownOperationException,
    methodNotAllowed: MethodNotAllowedException,
    tooLarge: RequestTooLargeException,
    tooManyRequests: TooManyRequestsException,
    unavailable: ServiceUnavailableException,
    internal: InternalServerException,
  },
  operations: {
    getRoleCredentials: declares(credentials.getRoleCredentials, ...errors, ResourceNotFoundException),
    listAccounts: declares(accounts.listAccounts, ...errors, ResourceNotFoundException),
    listAccountRoles: declares(roles.listAccountRoles, ...errors, ResourceNotFoundException),
    logout: declares(session.logout, ...errors),
  },
})

// Each with its type's name, which the published types then repeat in place of the type itself.
type Operations = typeof ssoPortal.operations
export const getRoleCredentials: Operations['getRoleCredentials'] = ssoPortal.operations.getRoleCredentials
export const listAccounts: Operations['listAccounts'] = ssoPortal.operations.listAccounts
export const listAccountRoles: Operations['listAccountRoles'] = ssoPortal.operations.listAccountRoles
export const logout: Operations['logout'] = ssoPortal.operations.logout
