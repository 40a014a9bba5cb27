/**
 * The authorization endpoint: where a browser is sent, and where it comes back to. AWS models neither; both are as its own
 * command line sends them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1
 */

/** Its path, below the endpoint of the service. */
export const AUTHORIZATION_PATH = '/authorize'

/** The path of a program's own listener. AWS accepts no other. */
export const CALLBACK_PATH = '/oauth/callback'

/** What a program with a loopback listener registers: any port will do later. @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3 */
export const LOOPBACK_REDIRECT_URI = `http://127.0.0.1${CALLBACK_PATH}`

/** What a browser is sent there with. */
export type AuthorizationRequest = {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string
  readonly scopes: readonly string[]
  /** The S256 challenge. */
  readonly codeChallenge: string
}

/** The address to open in a browser. `endpoint` is the service's own; a path in it is kept. */
export function authorizationUrl(endpoint: URL, request: AuthorizationRequest): URL {
  const url = new URL(endpoint.pathname.replace(/\/$/, '') + AUTHORIZATION_PATH, endpoint)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    code_challenge_method: 'S256',
    // In the plural: so AWS's own command line has it.
    scopes: request.scopes.join(' '),
    code_challenge: request.codeChallenge,
  }).toString()
  return url
}
