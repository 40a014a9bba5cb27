/** A client is made from a service's contract: one bound function for each operation, so that destructuring is safe. */
import type { Input, Operation, Output, Service } from '../protocol/operation.ts'
import { decodeResponse, encodeRequest } from '../protocol/rest-json/client.ts'
import { ssoOidc } from '../protocol/sso-oidc/index.ts'
import { ssoPortal } from '../protocol/sso-portal/index.ts'
import { ConfigError } from './errors.ts'
import { type ClientOptions, resolveOptions } from './options.ts'
import { send } from './transport.ts'

/** What one call may say beside its input. */
export type CallOptions = {
  /** Ends the call; its promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** One function for each operation of a service. */
export type Client<S extends Service> = {
  readonly [Name in keyof S['operations']]: (
    input: Input<S['operations'][Name]>,
    call?: CallOptions,
  ) => Promise<Output<S['operations'][Name]>>
}

/** The client of `sso-oidc`: registration, device sign-in, tokens. */
export type Ssooidc = Client<typeof ssoOidc>

/** The client of `sso`, the access portal: accounts, roles, credentials. */
export type Sso = Client<typeof ssoPortal>

/**
 * A client of `sso-oidc`, wherever it runs.
 *
 *     const { createToken } = ssooidc({ endpoint: 'http://127.0.0.1:8000' })
 *
 * Every function rejects with a `ServiceException` when the service says no, and never follows a redirect, because the
 * bodies carry secrets.
 *
 * @throws ConfigError for an option that is unknown, contradictory or missing
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 */
export const ssooidc = (options: ClientOptions = {}): Ssooidc => client(ssoOidc, options)

/**
 * A client of the access portal, wherever it runs.
 *
 * @throws ConfigError for an option that is unknown, contradictory or missing
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 */
export const sso = (options: ClientOptions = {}): Sso => client(ssoPortal, options)

function client<S extends Service>(service: S, options: ClientOptions): Client<S> {
  const resolved = resolveOptions(service, options)
  const call = async (operation: Operation, input: Input<Operation>, { signal }: CallOptions = {}) => {
    if (operation.authentication === 'sigv4')
      throw new ConfigError(
        `${operation.name} must be signed with AWS credentials, and this version of ssooidc has no signer. Use the AWS SDK for this call.`,
      )
    const request = encodeRequest(operation, input)
    return decodeResponse(service, operation, await send(resolved, operation.name, request, signal))
  }
  const bound = Object.entries<Operation>(service.operations).map(([name, operation]) => [
    name,
    (input: Input<Operation>, options?: CallOptions) => call(operation, input, options),
  ])
  return Object.fromEntries(bound) as Client<S> // one function for each operation, under its name
}
