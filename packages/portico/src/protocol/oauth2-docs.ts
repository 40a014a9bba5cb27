/** Words about the standard endpoints. Facts from the RFCs, sentences our own. */
import type { ServiceDocs } from 'ssooidc/protocol/docs'

import type { oauth2 } from './oauth2.ts'
import type * as errors from './oauth2-errors.ts'

const rfc = 'https://www.rfc-editor.org/rfc'
const openid = 'https://openid.net/specs'

const client = {
  client_id: 'The client, as it was registered here or by RegisterClient.',
  client_secret: 'Its secret, where it has one. Both may come in `Authorization: Basic` instead.',
} as const

const person = {
  sub: 'The person’s id, which never changes.',
  preferred_username: 'The user name. Scope `profile`.',
  name: 'The name to display. Scope `profile`.',
  given_name: 'The given name. Scope `profile`.',
  family_name: 'The family name. Scope `profile`.',
  email: 'The address. Scope `email`.',
} as const

const tokenInHand = {
  ...client,
  token: 'An access token or a refresh token, of either wire.',
  token_type_hint: 'Ignored: a token says itself what it is.',
} as const

const metadata = {
  issuer: 'The server’s origin, and `iss` in all that it says.',
  authorization_endpoint: 'Where to send a browser.',
  token_endpoint: 'Where grants become tokens.',
  device_authorization_endpoint: 'Where a device begins.',
  revocation_endpoint: 'Where a token is given up.',
  introspection_endpoint: 'Where a token is asked about.',
  userinfo_endpoint: 'Where an access token becomes what is known about its person.',
  end_session_endpoint: 'Where to send a browser whose person signs out of a program, to sign out here as well.',
  registration_endpoint: 'Where a program becomes a client.',
  jwks_uri: 'The keys that verify id tokens.',
  scopes_supported: 'Scopes that mean something here. Others are carried and mean nothing.',
  response_types_supported: 'Codes only.',
  response_modes_supported: 'In the query only.',
  grant_types_supported: 'The grants.',
  subject_types_supported: 'Every client knows a person by the same id.',
  id_token_signing_alg_values_supported: 'How id tokens are signed: RS256, or as an application asked.',
  token_endpoint_auth_methods_supported: 'How a client may prove itself.',
  revocation_endpoint_auth_methods_supported: 'The same when it gives up a token.',
  introspection_endpoint_auth_methods_supported: 'The same when it asks about one, for which it needs a secret.',
  code_challenge_methods_supported: 'PKCE is needed, by S256.',
  claims_supported: 'What an id token may say.',
  prompt_values_supported: 'What `prompt` may ask for.',
  claims_parameter_supported: 'Claims come with scopes.',
  request_parameter_supported: 'Parameters come one by one.',
  request_uri_parameter_supported: 'So they do.',
  authorization_response_iss_parameter_supported: 'The browser brings `iss` back, so that answers cannot be mixed up.',
} as const

export const oauth2Docs: ServiceDocs<typeof oauth2, typeof errors> = {
  text: 'The standard endpoints: OAuth 2.0 and OpenID Connect, over the same sessions as the AWS wire.',
  see: [`${rfc}/rfc6749`, `${rfc}/rfc8628`, `${openid}/openid-connect-core-1_0.html`],
  operations: {
    deviceAuthorization: {
      text: 'Begins the sign-in of a device.',
      see: [`${rfc}/rfc8628#section-3.1`],
      input: {
        ...client,
        scope: 'What it wants to do, separated by blanks: some of what it registered, or left out, all of it.',
      },
      output: {
        device_code: 'What the device asks for its tokens with.',
        user_code: 'What the person types, or compares.',
        verification_uri: 'The page to open.',
        verification_uri_complete: 'The same page with the code filled in.',
        expires_in: 'Seconds until both codes end.',
        interval: 'Seconds to wait between polls.',
      },
    },
    token: {
      text: 'Turns an authorization code, an approved device or a refresh token into tokens.',
      see: [`${rfc}/rfc6749#section-3.2`, `${rfc}/rfc7636#section-4.5`, `${rfc}/rfc8628#section-3.4`],
      input: {
        ...client,
        grant_type: '`authorization_code`, `refresh_token` or `urn:ietf:params:oauth:grant-type:device_code`.',
        code: 'The code that the browser brought.',
        redirect_uri: 'The redirect URI that the code was asked for with.',
        code_verifier: 'What the code challenge was made from.',
        device_code: 'The device code.',
        refresh_token: 'The refresh token that came last.',
        scope:
          'With a refresh token: some of what the person approved, for this access token only. Otherwise it changes nothing.',
      },
      output: {
        access_token: 'Opens the access portal’s API and the user info endpoint.',
        token_type: '`Bearer`.',
        expires_in: 'Seconds that the access token lives.',
        refresh_token: 'For a client that registered the grant: the next one to refresh with.',
        scope: 'What the tokens may be used for.',
        id_token: 'Who signed in, signed; for a session with the scope `openid`.',
      },
    },
    revoke: {
      text: 'Ends the session that a token belongs to, and with it all of its tokens.',
      see: [`${rfc}/rfc7009#section-2.1`],
      input: tokenInHand,
      output: {},
    },
    introspect: {
      text: 'Says whether a token is good, and what it stands for: to a client with a secret about its own tokens, to a resource server of the organization file about every access token with one of its scopes.',
      see: [`${rfc}/rfc7662#section-2`],
      input: tokenInHand,
      output: {
        active: 'Whether it would be accepted now. If not, nothing else is said.',
        token_type: '`Bearer` for an access token; absent for a refresh token, which has no type.',
        scope: 'What it may be used for; of that, a resource server is told its own scopes.',
        client_id: 'Whose it is. To a resource server, only an application is named.',
        username: 'The person’s user name.',
        sub: 'The person’s id, which never changes.',
        iss: 'The server’s origin.',
        exp: 'When it ends, in epoch seconds; for a refresh token, when its session does.',
        auth_time: 'When the person proved who they are, in epoch seconds.',
        sid: 'The session.',
        aud: 'The resource server that asked.',
      },
    },
    register: {
      text: 'Registers a program as a client for 90 days. Nothing is stored: the id holds the registration.',
      see: [`${rfc}/rfc7591#section-3`],
      input: {
        client_name: 'What the program calls itself; the approval page shows it.',
        redirect_uris: 'Where a browser may be sent back to. For a loopback address, any port will do.',
        post_logout_redirect_uris: 'Where a browser may be sent back to after signing out.',
        grant_types: 'The grants it will redeem. Left out, the authorization code only.',
        response_types: '`code`, if anything.',
        scope: 'What it may ask for. Left out, who the person is: `openid profile email offline_access`.',
        token_endpoint_auth_method: 'How it will prove itself; `none` for a program that can keep no secret.',
      },
      output: {
        client_id: 'Names the client in every later call.',
        client_secret: 'Proves that a caller is the client. Absent for a client that authenticates by `none`.',
        client_id_issued_at: 'When the registration was made, in epoch seconds.',
        client_secret_expires_at: 'When the registration ends, in epoch seconds.',
        client_name: 'The name as it will be shown.',
        redirect_uris: 'As registered.',
        post_logout_redirect_uris: 'As registered.',
        grant_types: 'As registered.',
        response_types: 'As registered.',
        scope: 'As registered.',
        token_endpoint_auth_method: 'As registered.',
      },
    },
    userInfo: {
      text: 'Says who the holder of an access token is, as far as its scopes allow. Needs the scope `openid`.',
      see: [`${openid}/openid-connect-core-1_0.html#UserInfo`],
      input: { authorization: '`Bearer`, a blank and the access token.' },
      output: person,
    },
    userInfoByPost: {
      text: 'The same, for programs that post.',
      see: [`${openid}/openid-connect-core-1_0.html#UserInfoRequest`],
      input: { authorization: '`Bearer`, a blank and the access token.' },
      output: person,
    },
    openidConfiguration: {
      text: 'Tells a library all it needs to know: endpoints, grants, algorithms.',
      see: [`${openid}/openid-connect-discovery-1_0.html#ProviderConfig`],
      input: {},
      output: metadata,
    },
    authorizationServerMetadata: {
      text: 'The same under the name that OAuth gives it.',
      see: [`${rfc}/rfc8414#section-3`],
      input: {},
      output: metadata,
    },
    jwks: {
      text: 'The public keys that verify id tokens. A key keeps its id, and is here before it signs.',
      see: [`${rfc}/rfc7517#section-5`],
      input: {},
      output: { keys: 'JSON Web Keys.' },
    },
  },
  errors: {
    InvalidTokenException: {
      text: 'The access token is missing, unknown, expired, or its session has ended. Sign in again.',
      see: [`${rfc}/rfc6750#section-3.1`],
    },
    InsufficientScopeException: {
      text: 'The token is good, and was not approved for this.',
      see: [`${rfc}/rfc6750#section-3.1`],
    },
    LoginRequiredException: {
      text: 'A person has to sign in: nobody may be asked (`prompt=none`), or whoever is signed in is not the one expected. A browser is told so by a redirect.',
      see: [`${openid}/openid-connect-core-1_0.html#AuthError`],
    },
    ConsentRequiredException: {
      text: 'The client asked that nobody be asked (`prompt=none`), and here a person always is. A browser is told so by a redirect.',
      see: [`${openid}/openid-connect-core-1_0.html#AuthError`],
    },
    InteractionRequiredException: {
      text: 'The person has to prove more before they may approve anything, and nobody may be asked (`prompt=none`). A browser is told so by a redirect.',
      see: [`${openid}/openid-connect-core-1_0.html#AuthError`],
    },
    RequestNotSupportedException: {
      text: 'Parameters come in the address, not in a signed `request`. A browser is told so by a redirect.',
      see: [`${openid}/openid-connect-core-1_0.html#AuthError`],
    },
    RequestUriNotSupportedException: {
      text: 'Parameters come in the address, not from a `request_uri`. A browser is told so by a redirect.',
      see: [`${openid}/openid-connect-core-1_0.html#AuthError`],
    },
    AccessDeniedException: { text: 'The person said no, in the browser.', see: [`${rfc}/rfc8628#section-3.5`] },
    AuthorizationPendingException: {
      text: 'The person has not decided yet. Ask again after the interval.',
      see: [`${rfc}/rfc8628#section-3.5`],
    },
    ExpiredTokenException: {
      text: 'The device code or the authorization code was not used in time. Begin again.',
      see: [`${rfc}/rfc8628#section-3.5`],
    },
    SlowDownException: {
      text: 'Polled too often. Add five seconds to the interval, for this sign-in only.',
      see: [`${rfc}/rfc8628#section-3.5`],
    },
    InvalidClientException: {
      text: 'The client is unknown, its registration has expired, or it does not prove itself as it registered to.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    InvalidClientMetadataException: {
      text: 'Something in the registration is not acceptable; the description names it.',
      see: [`${rfc}/rfc7591#section-3.2.2`],
    },
    InvalidRedirectUriException: {
      text: 'A redirect URI of the registration is not acceptable.',
      see: [`${rfc}/rfc7591#section-3.2.2`],
    },
    InvalidGrantException: {
      text: 'The code or token is unknown, used, revoked or another client’s. Begin a new sign-in.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    InvalidRequestException: {
      text: 'A parameter is missing, malformed or given twice, or a token is another client’s; the description says which.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    InvalidScopeException: { text: 'A scope that the client did not register.', see: [`${rfc}/rfc6749#section-5.2`] },
    UnauthorizedClientException: {
      text: 'The client is real and may not do this: it did not register the grant, or has no secret.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    UnsupportedGrantTypeException: {
      text: 'The server does not know this grant type.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    ForbiddenException: { text: 'The caller is known and may not do this.' },
    UnknownOperationException: { text: 'Nothing has this path.' },
    MethodNotAllowedException: { text: 'Something has this path, with another method.' },
    RequestTooLargeException: { text: 'The body or the headers are larger than the server reads.' },
    TooManyRequestsException: { text: 'A limit was reached. Try again after the seconds in `Retry-After`.' },
    InternalServerException: { text: 'Something failed inside the server. Try again; its log has the details.' },
    ServiceUnavailableException: { text: 'The server cannot answer now. Nothing was decided; try again.' },
  },
}
