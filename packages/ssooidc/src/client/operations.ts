/**
 * Every operation as a function of its own, so that a bundle holds only those that it calls.
 *
 *     import { connections, createToken } from 'ssooidc/operations'
 *
 *     const aws = connections({ region: 'eu-central-1' })
 *     const token = await createToken(aws, { grantType: 'refresh_token', clientId, clientSecret, refreshToken })
 */
import type { Input, Operation, Output, Service } from '../protocol/operation.ts'
import * as oidc from '../protocol/sso-oidc/index.ts'
import * as portal from '../protocol/sso-portal/index.ts'
import { type CallOptions, call } from './call.ts'
import type { Connections } from './connection.ts'
import { type CreateTokenRequest, type CreateTokenWithIAMRequest, checkGrant } from './grants.ts'

export { isServiceException, type NamedException, ServiceException } from '../protocol/error.ts'
export { GRANT_TYPES } from '../protocol/sso-oidc/index.ts'
export type { CallOptions } from './call.ts'
export { type Connections, connections } from './connection.ts'

/** Registers a program. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html */
export const registerClient = bind(oidc.ssoOidc, oidc.registerClient)

/** Begins a sign-in by device code. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html */
export const startDeviceAuthorization = bind(oidc.ssoOidc, oidc.startDeviceAuthorization)

/** Redeems a grant. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
export async function createToken(
  to: Connections,
  input: CreateTokenRequest,
  options?: CallOptions,
): Promise<oidc.CreateTokenOutput> {
  checkGrant(oidc.createToken.name, input)
  return call(to.to(oidc.ssoOidc), oidc.ssoOidc, oidc.createToken, input, options)
}

/** Redeems a grant, signed with AWS credentials. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateTokenWithIAM.html */
export async function createTokenWithIAM(
  to: Connections,
  input: CreateTokenWithIAMRequest,
  options?: CallOptions,
): Promise<oidc.CreateTokenWithIAMOutput> {
  checkGrant(oidc.createTokenWithIAM.name, input)
  return call(to.to(oidc.ssoOidc), oidc.ssoOidc, oidc.createTokenWithIAM, input, options)
}

/** Credentials of a role. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html */
export const getRoleCredentials = bind(portal.ssoPortal, portal.getRoleCredentials)

/** One page of the accounts. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html */
export const listAccounts = bind(portal.ssoPortal, portal.listAccounts)

/** One page of an account's roles. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html */
export const listAccountRoles = bind(portal.ssoPortal, portal.listAccountRoles)

/** Ends the session of an access token. @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html */
export const logout = bind(portal.ssoPortal, portal.logout)

/** All accounts, page after page, as they are asked for. */
export async function* accounts(
  to: Connections,
  input: portal.ListAccountsInput,
  options?: CallOptions,
): AsyncGenerator<portal.ListAccountsOutput['accountList'][number], void, undefined> {
  for await (const { accountList } of pages(listAccounts, to, input, options)) yield* accountList
}

/** All roles of an account, page after page, as they are asked for. */
export async function* accountRoles(
  to: Connections,
  input: portal.ListAccountRolesInput,
  options?: CallOptions,
): AsyncGenerator<portal.ListAccountRolesOutput['roleList'][number], void, undefined> {
  for await (const { roleList } of pages(listAccountRoles, to, input, options)) yield* roleList
}

function bind<O extends Operation>(service: Service, operation: O) {
  return async (to: Connections, input: Input<O>, options?: CallOptions): Promise<Output<O>> =>
    call(to.to(service), service, operation, input, options)
}

async function* pages<
  I extends { readonly nextToken?: string | undefined },
  P extends { readonly nextToken?: string | undefined },
>(
  list: (to: Connections, input: I, options?: CallOptions) => Promise<P>,
  to: Connections,
  input: I,
  options: CallOptions | undefined,
): AsyncGenerator<P, void, undefined> {
  let { nextToken } = input
  do {
    const page = await list(to, { ...input, nextToken }, options)
    yield page
    nextToken = page.nextToken || undefined
  } while (nextToken !== undefined)
}
