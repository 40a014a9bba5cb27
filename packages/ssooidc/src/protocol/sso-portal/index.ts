/**
 * `sso`, the access portal, API version 2019-06-10: what the holder of an access token may reach.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 */
import { type Frame, type Input, type Output, operation, withOperations } from '../operation.ts'
import { header, integer, list, optional, query, secret, string, structure } from '../shape.ts'
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

export * from './errors.ts'

// One hyphen-minus, one underscore: exactly what clients send. Proxies that drop names with underscores must be told not to.
const accessToken = header('x-amz-sso_bearer_token', secret())
const nextToken = query('next_token', optional(string()))
const maxResults = query('max_result', optional(integer({ min: 1, max: 100 })))

const errors = [InvalidRequestException, UnauthorizedException, TooManyRequestsException] as const

export const getRoleCredentials = operation({
  name: 'GetRoleCredentials',
  method: 'GET',
  path: '/federation/credentials',
  authentication: 'bearer',
  input: { roleName: query('role_name', string()), accountId: query('account_id', string()), accessToken },
  output: {
    roleCredentials: structure({
      accessKeyId: string(),
      secretAccessKey: secret(),
      sessionToken: secret(),
      expiration: integer(),
    }),
  },
  errors: [...errors, ResourceNotFoundException],
})

export const listAccounts = operation({
  name: 'ListAccounts',
  method: 'GET',
  path: '/assignment/accounts',
  authentication: 'bearer',
  input: { nextToken, maxResults, accessToken },
  output: {
    nextToken: optional(string()),
    accountList: list(
      structure({
        accountId: string(),
        accountName: optional(string()),
        emailAddress: optional(string({ min: 1, max: 254 })),
      }),
    ),
  },
  errors: [...errors, ResourceNotFoundException],
})

export const listAccountRoles = operation({
  name: 'ListAccountRoles',
  method: 'GET',
  path: '/assignment/roles',
  authentication: 'bearer',
  input: { nextToken, maxResults, accessToken, accountId: query('account_id', string()) },
  output: {
    nextToken: optional(string()),
    roleList: list(structure({ roleName: string(), accountId: string() })),
  },
  errors: [...errors, ResourceNotFoundException],
})

export const logout = operation({
  name: 'Logout',
  method: 'POST',
  path: '/logout',
  authentication: 'bearer',
  input: { accessToken },
  output: {},
  errors,
})

/** The service without its operations. */
export const ssoPortalFrame = {
  name: 'sso-portal',
  serviceId: 'SSO',
  apiVersion: '2019-06-10',
  endpointPrefix: 'portal.sso',
  signingName: 'awsssoportal',
  dialect: 'restJson1',
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
} as const satisfies Frame

export const ssoPortal = withOperations(ssoPortalFrame, { getRoleCredentials, listAccounts, listAccountRoles, logout })

export type GetRoleCredentialsInput = Input<typeof getRoleCredentials>
export type GetRoleCredentialsOutput = Output<typeof getRoleCredentials>
export type ListAccountsInput = Input<typeof listAccounts>
export type ListAccountsOutput = Output<typeof listAccounts>
export type ListAccountRolesInput = Input<typeof listAccountRoles>
export type ListAccountRolesOutput = Output<typeof listAccountRoles>
export type LogoutInput = Input<typeof logout>
export type LogoutOutput = Output<typeof logout>
