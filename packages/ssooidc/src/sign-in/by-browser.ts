/**
 * Signs in through a browser on this machine, a listener, and a proof that both belong together.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252
 */
import type { Connections } from '../client/connection.ts'
import { registerClient } from '../client/operations.ts'
import { authorizationUrl, LOOPBACK_REDIRECT_URI } from '../protocol/sso-oidc/authorization-endpoint.ts'
import {
  InvalidClientMetadataException,
  InvalidRedirectUriException,
  InvalidRequestException,
  UnsupportedGrantTypeException,
} from '../protocol/sso-oidc/errors.ts'
import { ssoOidcFrame } from '../protocol/sso-oidc/frame.ts'
import { GRANT_TYPES } from '../protocol/sso-oidc/grant-types.ts'
import type { CachedToken } from './cache/token.ts'
import { systemClock } from './clock.ts'
import { SignInError, says } from './errors.ts'
import { opens } from './opens.ts'
import type { SignInOptions } from './options.ts'
import { createProof, randomText } from './pkce.ts'
import { redeem } from './redeem.ts'
import { refusalOf } from './refusal.ts'
import { registrationOf, toToken } from './registration.ts'
import { type Session, scopesOf } from './session.ts'

const TEN_MINUTES = 600_000

/** Opens the browser, and waits until it comes back. `mayFallBack`: when none can be opened, do not wait. */
export async function byBrowser(
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
    const url = authorizationUrl((await to.to(ssoOidcFrame)).endpoint, request).href
    // An opener may wait for its browser to end.
    const opened = await Promise.race([opens(url, options, false), loopback.callback.then(() => true)])
    if (!opened && mayFallBack) throw new SignInError('unavailable', 'no browser could be opened')
    onEvent?.({ type: 'browser', url, opened, paste: loopback.paste })
    const callback = await loopback.callback
    if (callback.outcome === 'refused') throw refusalOf(callback.error, callback.description)
    const grantType = GRANT_TYPES.authorizationCode
    const input = { grantType, clientId, clientSecret, code: callback.code, codeVerifier, redirectUri }
    const tokens = await redeem(to, input, signal)
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
