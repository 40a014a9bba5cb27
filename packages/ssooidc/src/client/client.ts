/** The two clients: every operation of a service as a bound function, so that destructuring is safe. */
import { ssoOidcFrame } from '../protocol/sso-oidc/frame.ts'
import { ssoPortalFrame } from '../protocol/sso-portal/frame.ts'
import { type Connections, connections } from './connection.ts'
import { createToken, createTokenWithIAM, registerClient, startDeviceAuthorization } from './oidc-operations.ts'
import { type ClientOptions, checkOptions } from './options.ts'
import {
  accountRoles,
  accounts,
  getRoleCredentials,
  listAccountRoles,
  listAccounts,
  logout,
} from './portal-operations.ts'

const oidc = { registerClient, startDeviceAuthorization, createToken, createTokenWithIAM }
const portal = { getRoleCredentials, listAccounts, listAccountRoles, logout, accounts, accountRoles }

/** A function of an operation without its first parameter, where to send it. */
type Bound<F> = F extends (to: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never

/** The client of `sso-oidc`: registration, device sign-in, tokens. `await using` closes its idle connections. */
export type Ssooidc = { readonly [Name in keyof typeof oidc]: Bound<(typeof oidc)[Name]> } & AsyncDisposable

/**
 * The client of `sso`, the access portal: accounts, roles, credentials. `accounts` and `accountRoles` go through all pages:
 * `for await (const { accountId } of portal.accounts({ accessToken }))`.
 */
export type Sso = {
  readonly [Name in keyof typeof portal]: Bound<(typeof portal)[Name]>
} & AsyncDisposable

/**
 * A client of `sso-oidc`, wherever it runs.
 *
 *     const { createToken } = ssooidc({ region: 'eu-central-1' })
 *
 * Every function rejects with a `ServiceException` when the service says no, and never follows a redirect, because the
 * bodies carry secrets.
 *
 * @throws ConfigError for an option that is unknown, contradictory or missing
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 */
export function ssooidc(options: ClientOptions = {}): Ssooidc {
  checkOptions(options)
  const to = connections(options)
  if (typeof options.endpoint !== 'function') to.to(ssoOidcFrame)
  return bindAll(oidc, to) as Ssooidc // the same names, each without its first parameter
}

/**
 * A client of the access portal, wherever it runs.
 *
 * @throws ConfigError for an option that is unknown, contradictory or missing
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 */
export function sso(options: ClientOptions = {}): Sso {
  checkOptions(options)
  const to = connections(options)
  if (typeof options.endpoint !== 'function') to.to(ssoPortalFrame)
  return bindAll(portal, to) as Sso // the same names, each without its first parameter
}

function bindAll(
  functions: Readonly<Record<string, (to: Connections, ...rest: never[]) => unknown>>,
  to: Connections,
): object {
  const bound = Object.entries(functions).map(([name, ask]) => [name, ask.bind(undefined, to)])
  return { ...Object.fromEntries(bound), [Symbol.asyncDispose]: () => to[Symbol.asyncDispose]() }
}
