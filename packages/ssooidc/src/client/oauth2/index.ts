/**
 * The same client for any OAuth 2.0 or OpenID Connect server: the operations of `ssooidc()` under their own names, in the
 * standard's form-encoded dialect, with the same errors, retries, deadlines and checks.
 *
 * An entry of its own, `ssooidc/oauth2`, so that who speaks to AWS only does not load it. Not its job: opening a browser,
 * and checking the signature of an id token, which it hands over as it came.
 */
import { isGiven } from '../../config/given.ts'
import { encodeForm } from '../../protocol/oauth2/form.ts'
import {
  type AuthMethod,
  type Discovered,
  deviceAuthorization,
  introspection,
  oauth2Frame,
  redeemsStandard,
  registration,
  revocation,
  token,
} from '../../protocol/oauth2/index.ts'
import type { Input, OperationWire, Output } from '../../protocol/operation.ts'
import { encodeRequest } from '../../protocol/rest-json/client.ts'
import type { GRANT_TYPES } from '../../protocol/sso-oidc/grant-types.ts'
import { unlessStopped } from '../attempt.ts'
import { type CallOptions, call } from '../call.ts'
import { type Connections, connections } from '../connection.ts'
import { ConfigError } from '../errors.ts'
import { checkGrant } from '../grants.ts'
import { type ClientOptions, checkOptions } from '../options.ts'
import { discover } from './discovery.ts'
import { type Ours, toOurs, toWire } from './names.ts'

/** Options of the client that make sense for any server. */
export type OAuth2Options = Omit<
  ClientOptions,
  | 'endpoint'
  | 'region'
  | 'useFipsEndpoint'
  | 'useDualstackEndpoint'
  | 'credentials'
  | 'signer'
  | 'anonymous'
  | 's3ForcePathStyle'
  | 'stsRegionalEndpoints'
> & {
  /** The server's issuer identifier, from which its metadata are found. */
  readonly issuer: string | URL
  /** What its metadata would say. Given, nothing is asked before the first call. */
  readonly metadata?: Omit<ServerMetadata, 'issuer'> | undefined
}

/** What a server says about itself. @see https://www.rfc-editor.org/rfc/rfc8414#section-2 */
export type ServerMetadata = Ours<Discovered>

/** What a client registers. `clientType: 'public'` asks for no secret. */
export type ClientRegistration = {
  readonly clientName?: string | undefined
  readonly clientType?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly redirectUris?: readonly string[] | undefined
  readonly grantTypes?: readonly string[] | undefined
  readonly tokenEndpointAuthMethod?: AuthMethod | undefined
  /** Where a server registers nobody without one. */
  readonly initialAccessToken?: string | undefined
}

/** Who asks. A secret that is left out or empty is that of a public client, which has none. */
export type ClientIdentity = { readonly clientId: string; readonly clientSecret?: string | undefined }

type Grants = typeof GRANT_TYPES

/** What CreateToken redeems. */
export type StandardGrant =
  | {
      readonly grantType: Grants['authorizationCode']
      readonly code: string
      readonly redirectUri?: string | undefined
      readonly codeVerifier?: string | undefined
    }
  | { readonly grantType: Grants['deviceCode']; readonly deviceCode: string }
  | { readonly grantType: Grants['refreshToken']; readonly refreshToken: string }
  | { readonly grantType: 'client_credentials'; readonly clientSecret: string }
  | { readonly grantType: Grants['jwtBearer']; readonly assertion: string }
  | {
      readonly grantType: Grants['tokenExchange']
      readonly subjectToken: string
      readonly subjectTokenType: string
      readonly requestedTokenType?: string | undefined
      readonly audience?: string | undefined
    }

/** The input of CreateToken. */
export type StandardTokenRequest = ClientIdentity &
  StandardGrant & { readonly scope?: readonly string[] | undefined; readonly resource?: string | undefined }

/** A token, and who holds it. */
export type TokenInHand = ClientIdentity & {
  readonly token: string
  readonly tokenTypeHint?: 'access_token' | 'refresh_token' | undefined
}

/** The client of one server. `await using` closes its idle connections. */
export type OAuth2 = AsyncDisposable & {
  /** The server's metadata, asked for once. */
  metadata(options?: CallOptions): Promise<ServerMetadata>
  /** Registers a program. @see https://www.rfc-editor.org/rfc/rfc7591 */
  registerClient(input: ClientRegistration, options?: CallOptions): Promise<Ours<Output<typeof registration>>>
  /** Begins a sign-in by device code; `pollForToken` of `ssooidc/sign-in/device` goes on. @see https://www.rfc-editor.org/rfc/rfc8628 */
  startDeviceAuthorization(
    input: ClientIdentity & { readonly scope?: readonly string[] | undefined },
    options?: CallOptions,
  ): Promise<Ours<Output<typeof deviceAuthorization>>>
  /** Redeems a grant. @see https://www.rfc-editor.org/rfc/rfc6749 */
  createToken(input: StandardTokenRequest, options?: CallOptions): Promise<Ours<Output<typeof token>>>
  /** Ends a token. @see https://www.rfc-editor.org/rfc/rfc7009 */
  revokeToken(input: TokenInHand, options?: CallOptions): Promise<void>
  /** Says what a token is worth. @see https://www.rfc-editor.org/rfc/rfc7662 */
  introspectToken(input: TokenInHand, options?: CallOptions): Promise<Ours<Output<typeof introspection>>>
}

/**
 * A client of any OAuth 2.0 server.
 *
 *     const { registerClient, startDeviceAuthorization, createToken } = oauth2({ issuer: 'https://sso.example.com' })
 *
 * @throws ConfigError for an option that is unknown, contradictory or missing
 */
export function oauth2({ issuer, metadata: given, ...options }: OAuth2Options): OAuth2 {
  checkOptions(options)
  if (!URL.canParse(issuer)) throw new ConfigError('issuer must be a whole URL, such as https://sso.example.com')
  const server = new URL(issuer)
  const made = new Map<string, Connections>()
  /** The server's endpoints need not be on one host. */
  const at = (origin: string) => {
    // What the environment says of AWS's endpoints is not about this server.
    const own = { ...options, endpoint: origin, useFipsEndpoint: false, useDualstackEndpoint: false }
    const found = made.get(origin) ?? connections(own)
    made.set(origin, found)
    return found
  }
  at(server.origin).to(oauth2Frame) // what is wrong with the options shows now

  let known: Promise<ServerMetadata> | undefined = given && Promise.resolve({ ...given, issuer: server.href })
  // Asked for once, for all who wait; whoever gives up gives up waiting.
  const metadata = ({ signal }: CallOptions = {}) => {
    if (known !== undefined) return unlessStopped(known, signal)
    const asked = discover(at(server.origin), server).then(toOurs)
    known = asked
    asked.catch(() => {
      known = undefined
    })
    return unlessStopped(asked, signal)
  }

  const ask = async <O extends OperationWire>(
    operation: O,
    endpoint: `${string}Endpoint` & keyof ServerMetadata,
    input: object,
    callOptions: CallOptions | undefined,
  ): Promise<Ours<Output<O>>> => {
    const found = await metadata(callOptions)
    const { [endpoint]: address } = found
    if (address === undefined)
      throw new ConfigError(`${server.href} has no ${endpoint}, so it offers no ${operation.name}`)
    if (!URL.canParse(address)) throw new ConfigError(`${endpoint} of ${server.href} is no URL`)
    const { origin, pathname, search } = new URL(address)
    const method = methodOf(found)
    const encode: typeof encodeRequest = (of, value) =>
      of.jsonBody ? encodeRequest(of, value) : encodeForm(method, of, value)
    const located = { ...operation, path: pathname + search }
    // Every name was changed into the contract's; `encode` looks at each.
    const wire = toWire(input) as Input<O>
    return toOurs<Output<O>>(await call<O>(at(origin), oauth2Frame, located, wire, callOptions, { encode }))
  }

  return {
    metadata,
    registerClient: ({ clientType, scopes, initialAccessToken, ...input }, callOptions) => {
      const method = clientType === 'public' ? 'none' : undefined
      const byCode = input.grantTypes === undefined || input.grantTypes.includes('authorization_code')
      const request = {
        tokenEndpointAuthMethod: method,
        // RFC 7591 §2.1: who does not use the authorization endpoint asks for no response type.
        responseTypes: byCode ? undefined : [],
        scope: scopes,
        initialAccessToken: isGiven(initialAccessToken) ? `Bearer ${initialAccessToken}` : undefined,
        ...input,
      }
      return ask(registration, 'registrationEndpoint', request, callOptions)
    },
    startDeviceAuthorization: (input, callOptions) =>
      ask(deviceAuthorization, 'deviceAuthorizationEndpoint', input, callOptions),
    createToken: async (input, callOptions) => {
      checkGrant(token.name, redeemsStandard, input)
      return ask(token, 'tokenEndpoint', input, callOptions)
    },
    revokeToken: async (input, callOptions) => {
      await ask(revocation, 'revocationEndpoint', input, callOptions)
    },
    introspectToken: (input, callOptions) => ask(introspection, 'introspectionEndpoint', input, callOptions),
    async [Symbol.asyncDispose]() {
      for (const each of made.values()) await each[Symbol.asyncDispose]()
    },
  }
}

/** RFC 8414 §2: a server that names no method takes the secret in the header. */
function methodOf({ tokenEndpointAuthMethodsSupported = ['client_secret_basic'] }: ServerMetadata): AuthMethod {
  return tokenEndpointAuthMethodsSupported.includes('client_secret_basic')
    ? 'client_secret_basic'
    : 'client_secret_post'
}
