/** One call that signs a person in, by whichever method works from where they sit. */
import { type Connections, connections } from '../client/connection.ts'
import { createToken, registerClient, startDeviceAuthorization } from '../client/operations.ts'
import type { ClientOptions } from '../client/options.ts'
import { authorizationUrl, LOOPBACK_REDIRECT_URI } from '../protocol/sso-oidc/authorization-endpoint.ts'
import {
  type CreateTokenOutput,
  GRANT_TYPES,
  InvalidClientMetadataException,
  InvalidRedirectUriException,
  InvalidRequestException,
  type RegisterClientInput,
  ssoOidc,
  UnsupportedGrantTypeException,
} from '../protocol/sso-oidc/index.ts'
import type { TokenStore } from './cache/store.ts'
import type { CachedToken } from './cache/token.ts'
import { type Clock, systemClock } from './clock.ts'
import { type PollReport, pollForToken, type TokenIssuer } from './device.ts'
import { isSignInError, SignInError, says } from './errors.ts'
import { type Choice, chooseMethod, type SignInMethod } from './method.ts'
import { createProof, randomText } from './pkce.ts'
import { type Session, scopesOf } from './session.ts'

/** What happens meanwhile, for whoever shows it to the person. */
export type SignInEvent =
  | ({ readonly type: 'method' } & Choice)
  /** A browser comes back by itself. When it could not, `paste` takes the address at which it got stuck. */
  | {
      readonly type: 'browser'
      readonly url: string
      readonly opened: boolean
      readonly paste: (url: string) => boolean
    }
  /** The person opens the address anywhere, and compares the code. */
  | {
      readonly type: 'device'
      readonly userCode: string
      readonly verificationUri: string
      readonly verificationUriComplete: string
      /** Epoch milliseconds. */
      readonly expiresAt: number
      readonly opened: boolean
    }
  | ({ readonly type: 'poll' } & PollReport)
  /** The method did not work here, and the other one is tried. */
  | { readonly type: 'fallback'; readonly because: string }

/** How to sign in. */
export type SignInOptions = {
  /** Where the service is, and everything else that `ssooidc()` may be told. The Region is the session's unless given. */
  readonly client?: ClientOptions | undefined
  /** Where the token is kept. Default: where the AWS tools keep theirs. */
  readonly store?: TokenStore | undefined
  /** Default `auto`: what fits the place, and the other one when that fails. */
  readonly method?: SignInMethod | 'auto' | undefined
  /** Opens an address; false when it could not. Default: the person's browser. `false`: open none. */
  readonly openBrowser?: false | ((url: string) => Promise<boolean>) | undefined
  /** Told of everything that the person must see: without it nobody learns the code. */
  readonly onEvent?: ((event: SignInEvent) => void) | undefined
  /** What the approval page calls this program. Default `ssooidc`. */
  readonly clientName?: string | undefined
  /** The port of the listener. Default: one that is free. */
  readonly port?: number | undefined
  /** The longest time for a person to decide. Default: ten minutes. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
}

const TEN_MINUTES = 600_000

/**
 * Signs a person in and keeps the token where every AWS tool of this machine finds it.
 *
 * @throws SignInError `denied`, `expired`, and, where one method was asked for, `unavailable`
 * @throws ServiceException, ConnectionError, ConfigError as the calls do
 * @throws the reason of `signal`
 */
export async function signIn(session: Session, options: SignInOptions = {}): Promise<CachedToken> {
  const to = connections({ ...options.client, region: options.client?.region ?? session.region })
  try {
    const token = await byMethod(to, session, options)
    const store = options.store ?? (await import('./cache/node-file-store.ts')).fileStore()
    await store.exclusively(session, () => store.write(session, token), options.signal)
    return token
  } finally {
    await to[Symbol.asyncDispose]()
  }
}

async function byMethod(to: Connections, session: Session, options: SignInOptions): Promise<CachedToken> {
  const { method = 'auto', onEvent } = options
  const choice = method === 'auto' ? await choose(session, options) : { method, because: 'it was asked for' }
  onEvent?.({ type: 'method', ...choice })
  if (choice.method === 'device') return byDevice(to, session, options)
  try {
    return await byBrowser(to, session, options, method === 'auto')
  } catch (thrown) {
    if (method !== 'auto' || !isSignInError(thrown, 'unavailable')) throw thrown
    onEvent?.({ type: 'fallback', because: thrown.message })
    return byDevice(to, session, options)
  }
}

async function choose({ useDeviceCode }: Session, { openBrowser }: SignInOptions): Promise<Choice> {
  if (useDeviceCode) return { method: 'device', because: 'the session asks for it' }
  if (openBrowser === false) return { method: 'device', because: 'no browser is to be opened' }
  return chooseMethod((await import('./node-place.ts')).thisPlace())
}

/** RFC 8628: a code that the person compares, in any browser. */
async function byDevice(to: Connections, session: Session, options: SignInOptions): Promise<CachedToken> {
  const { onEvent, signal, clock = systemClock, timeoutMs } = options
  const client = await registerClient(to, registrationOf(session, options), { signal })
  const { clientId, clientSecret } = client
  const device = await startDeviceAuthorization(to, { clientId, clientSecret, startUrl: session.startUrl }, { signal })
  const seconds = Math.min(device.expiresIn, (timeoutMs ?? Number.POSITIVE_INFINITY) / 1_000)
  const expiresAt = clock.now() + seconds * 1_000
  const { userCode, verificationUri, verificationUriComplete } = device
  const shown = { type: 'device', userCode, verificationUri, verificationUriComplete, expiresAt } as const
  onEvent?.({ ...shown, opened: await opens(verificationUriComplete, options, true) })
  const issuer: TokenIssuer = { createToken: (input, call) => createToken(to, input, call) }
  const tokens = await pollForToken(
    issuer,
    { ...client, ...device, expiresIn: seconds },
    {
      signal,
      clock,
      onPoll: (report) => onEvent?.({ type: 'poll', ...report }),
    },
  )
  return toToken(session, client, tokens, clock.now())
}

/** RFC 8252 and RFC 7636: a browser on this machine, a listener, and a proof that both belong together. */
async function byBrowser(
  to: Connections,
  session: Session,
  options: SignInOptions,
  mayFallBack: boolean,
): Promise<CachedToken> {
  const over = new AbortController()
  const late = () => over.abort(new SignInError('expired', 'The browser did not come back in time.'))
  const timer = setTimeout(late, options.timeoutMs ?? TEN_MINUTES)
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal
  try {
    return await throughListener(to, session, { ...options, signal }, mayFallBack)
  } finally {
    clearTimeout(timer)
  }
}

async function throughListener(
  to: Connections,
  session: Session,
  options: SignInOptions & { signal: AbortSignal },
  mayFallBack: boolean,
): Promise<CachedToken> {
  const { onEvent, clock = systemClock, port, signal } = options
  const { listenForCallback } = await import('./node-loopback.ts')
  const state = randomText()
  const loopback = await listenForCallback({ state, port, signal })
  let end = { ok: false, message: 'The program that you came from has given up.' }
  try {
    const client = await register(to, session, options)
    const { clientId, clientSecret } = client
    const { verifier: codeVerifier, challenge: codeChallenge } = await createProof()
    const { redirectUri } = loopback
    const request = { clientId, redirectUri, state, scopes: scopesOf(session), codeChallenge }
    const url = authorizationUrl(to.to(ssoOidc).endpoint, request).href
    const opened = await opens(url, options, false)
    if (!opened && mayFallBack) throw new SignInError('unavailable', 'no browser could be opened')
    onEvent?.({ type: 'browser', url, opened, paste: loopback.paste })
    const callback = await loopback.callback
    if (callback.outcome === 'refused') {
      const { error, description } = callback
      throw new SignInError('denied', `The sign-in was refused: ${description ?? error}`)
    }
    const grantType = GRANT_TYPES.authorizationCode
    const input = { grantType, clientId, clientSecret, code: callback.code, codeVerifier, redirectUri }
    const tokens = await createToken(to, input, { signal })
    end = { ok: true, message: '' }
    return toToken(session, client, tokens, clock.now())
  } catch (thrown) {
    if (thrown instanceof Error) end = { ok: false, message: thrown.message }
    throw thrown
  } finally {
    await loopback.close(end)
  }
}

async function register(to: Connections, session: Session, options: SignInOptions) {
  const grantTypes = [GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken]
  const redirectUris = [LOOPBACK_REDIRECT_URI]
  const registration = { ...registrationOf(session, options), grantTypes, redirectUris, issuerUrl: session.startUrl }
  try {
    return await registerClient(to, registration, { signal: options.signal })
  } catch (thrown) {
    // What a server says that knows the device flow only.
    const isStrange = says(
      thrown,
      UnsupportedGrantTypeException,
      InvalidRedirectUriException,
      InvalidClientMetadataException,
      InvalidRequestException,
    )
    if (!isStrange) throw thrown
    throw new SignInError('unavailable', `the service takes no sign-in through a browser here (${String(thrown)})`, {
      cause: thrown,
    })
  }
}

/**
 * Anew for each sign-in: it costs one request, and a registration that the service has forgotten would show only as an error
 * in the browser, from where nobody comes back.
 */
function registrationOf(session: Session, { clientName = 'ssooidc' }: SignInOptions): RegisterClientInput {
  return { clientName, clientType: 'public', scopes: scopesOf(session) }
}

async function opens(url: string, { openBrowser }: SignInOptions, onlyNearby: boolean): Promise<boolean> {
  if (openBrowser === false) return false
  if (openBrowser !== undefined) return openBrowser(url)
  // A browser that shows a code must be one that the person sees.
  if (onlyNearby && chooseMethod((await import('./node-place.ts')).thisPlace()).method === 'device') return false
  const { openBrowser: open } = await import('./node-browser.ts')
  return open(url).catch(() => false) // the address is the service's; it is shown anyway
}

function toToken(
  { startUrl, region }: Session,
  client: { clientId: string; clientSecret: string; clientSecretExpiresAt: number },
  { accessToken, expiresIn, refreshToken }: CreateTokenOutput,
  now: number,
): CachedToken {
  const { clientId, clientSecret, clientSecretExpiresAt } = client
  return {
    startUrl,
    region,
    accessToken,
    expiresAt: now + expiresIn * 1_000,
    client: { clientId, clientSecret, expiresAt: clientSecretExpiresAt * 1_000 },
    refreshToken,
  }
}
