/**
 * `sso`, the access portal, API version 2019-06-10: what the holder of an access token may reach.
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
import * as wires from './operations.ts'

export * from './errors.ts'
export { ssoPortalFrame } from './frame.ts'
export type {
  GetRoleCredentialsInput,
  GetRoleCredentialsOutput,
  ListAccountRolesInput,
  ListAccountRolesOutput,
  ListAccountsInput,
  ListAccountsOutput,
  LogoutInput,
  LogoutOutput,
} from './operations.ts'

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
    getRoleCredentials: declares(wires.getRoleCredentials, ...errors, ResourceNotFoundException),
    listAccounts: declares(wires.listAccounts, ...errors, ResourceNotFoundException),
    listAccountRoles: declares(wires.listAccountRoles, ...errors, ResourceNotFoundException),
    logout: declares(wires.logout, ...errors),
  },
})

export const { getRoleCredentials, listAccounts, listAccountRoles, logout } = ssoPortal.operations
