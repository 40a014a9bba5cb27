/** The operations of `sso`, the access portal, each as a function, and its lists as iterators over all pages. */

import { isGiven } from '../config/given.ts'
import { ssoPortalFrame } from '../protocol/sso-portal/frame.ts'
import * as credentials from '../protocol/sso-portal/get-role-credentials.ts'
import * as roles from '../protocol/sso-portal/list-account-roles.ts'
import * as allAccounts from '../protocol/sso-portal/list-accounts.ts'
import * as session from '../protocol/sso-portal/logout.ts'
import { unlessStopped } from './attempt.ts'
import { type CallOptions, call } from './call.ts'
import type { Connections } from './connection.ts'

/** An input that may leave its access token to the client's option `token`. */
export type Bearer<Input> = Omit<Input, 'accessToken'> & { readonly accessToken?: string | undefined }

async function withToken<Input>(to: Connections, input: Bearer<Input>, { signal }: CallOptions = {}): Promise<Input> {
  signal?.throwIfAborted()
  return unlessStopped(completed(to, input), signal)
}

async function completed<Input>(to: Connections, input: Bearer<Input>): Promise<Input> {
  const { token } = isGiven(input.accessToken) ? {} : (await to.to(ssoPortalFrame)).options
  const found = typeof token === 'function' ? await token() : token
  const accessToken = typeof found === 'object' ? found.token : found
  // The contract says what is missing where there is none.
  return (accessToken === undefined ? input : { ...input, accessToken }) as Input
}

/**
 * Credentials of a role.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
export async function getRoleCredentials(
  to: Connections,
  input: Bearer<credentials.GetRoleCredentialsInput>,
  options?: CallOptions,
): Promise<credentials.GetRoleCredentialsOutput> {
  return call(to, ssoPortalFrame, credentials.getRoleCredentials, await withToken(to, input, options), options)
}

/**
 * One page of the accounts.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html
 */
export async function listAccounts(
  to: Connections,
  input: Bearer<allAccounts.ListAccountsInput>,
  options?: CallOptions,
): Promise<allAccounts.ListAccountsOutput> {
  return call(to, ssoPortalFrame, allAccounts.listAccounts, await withToken(to, input, options), options)
}

/**
 * One page of an account's roles.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccountRoles.html
 */
export async function listAccountRoles(
  to: Connections,
  input: Bearer<roles.ListAccountRolesInput>,
  options?: CallOptions,
): Promise<roles.ListAccountRolesOutput> {
  return call(to, ssoPortalFrame, roles.listAccountRoles, await withToken(to, input, options), options)
}

/**
 * Ends the session of an access token.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html
 */
export async function logout(
  to: Connections,
  input: Bearer<session.LogoutInput>,
  options?: CallOptions,
): Promise<session.LogoutOutput> {
  return call(to, ssoPortalFrame, session.logout, await withToken(to, input, options), options)
}

/** All accounts, page after page, as they are asked for. */
export async function* accounts(
  to: Connections,
  input: Bearer<allAccounts.ListAccountsInput>,
  options?: CallOptions,
): AsyncGenerator<allAccounts.ListAccountsOutput['accountList'][number], void, undefined> {
  for await (const page of pages(listAccounts, to, input, options)) yield* page.accountList
}

/** All roles of an account, page after page, as they are asked for. */
export async function* accountRoles(
  to: Connections,
  input: Bearer<roles.ListAccountRolesInput>,
  options?: CallOptions,
): AsyncGenerator<roles.ListAccountRolesOutput['roleList'][number], void, undefined> {
  for await (const page of pages(listAccountRoles, to, input, options)) yield* page.roleList
}

type Paged = { readonly nextToken?: string | undefined }

async function* pages<I extends Paged, P extends Paged>(
  list: (to: Connections, input: I, options?: CallOptions) => Promise<P>,
  to: Connections,
  input: I,
  options: CallOptions | undefined,
): AsyncGenerator<P, void, undefined> {
  let { nextToken } = input
  do {
    const page = await list(to, { ...input, nextToken }, options)
    yield page
    const following = page.nextToken || undefined
    // Asked for again, it would come for ever.
    if (following !== undefined && following === nextToken) throw new Error('the service gave the same nextToken twice')
    nextToken = following
  } while (nextToken !== undefined)
}
