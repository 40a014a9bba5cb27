/** Words about `sso-oidc`. Facts from the service model and the RFCs, sentences our own. */
import type { ServiceDocs } from '../docs.ts'
import type * as errors from './errors.ts'
import type { ssoOidc } from './index.ts'

const aws = 'https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference'
const rfc = 'https://www.rfc-editor.org/rfc'

export const ssoOidcDocs: ServiceDocs<typeof ssoOidc, typeof errors> = {
  text: 'How a program registers itself, asks a person for approval and turns the approval into tokens.',
  see: [`${aws}/Welcome.html`, `${rfc}/rfc6749`, `${rfc}/rfc8628`],
  operations: {
    registerClient: {
      text: 'Registers a program as a public client, so that it may start sign-ins.',
      see: [`${aws}/API_RegisterClient.html`, `${rfc}/rfc7591#section-3.1`],
      input: {
        clientName: 'What the program calls itself; the approval page shows it to the person.',
        clientType: 'The kind of client. Only `public` exists.',
        scopes: 'What its tokens may be used for. A client without scopes gets no refresh tokens.',
        redirectUris: 'Where a browser may be sent back to. For a loopback address, leave out the port.',
        grantTypes: 'The grants it will redeem. Left out, it may use the device flow, and refresh when it has scopes.',
        issuerUrl: 'The issuer or start URL of the Identity Center that the client belongs to.',
        entitledApplicationArn: 'The application whose scopes, grants and redirect URIs bound what the client may do.',
      },
      output: {
        clientId: 'Names the client in every later call.',
        clientSecret: 'Proves that a caller is the client. Keep it where other users of the machine cannot read it.',
        clientIdIssuedAt: 'When the registration was made, in epoch seconds.',
        clientSecretExpiresAt: 'When the registration ends, in epoch seconds; register again before.',
        authorizationEndpoint: 'Where to send a browser, when the server says so.',
        tokenEndpoint: 'Where to ask for tokens, when the server says so.',
      },
    },
    startDeviceAuthorization: {
      text: 'Begins the sign-in of a device: gives a short code for a person and a long one for the program.',
      see: [`${aws}/API_StartDeviceAuthorization.html`, `${rfc}/rfc8628#section-3.1`],
      input: {
        clientId: 'The id that RegisterClient gave.',
        clientSecret: 'The secret that RegisterClient gave.',
        startUrl: 'The URL of the access portal that people open.',
        numberMatch: 'Portico only: `show` by a program that will show the person the number that it gets.',
      },
      output: {
        deviceCode: 'What the program redeems with CreateToken once the person has approved.',
        userCode: 'What the person compares with, or types into, the approval page.',
        verificationUri: 'The page where the person types the user code.',
        verificationUriComplete: 'The same page with the user code filled in, for links and QR codes.',
        expiresIn: 'Seconds until both codes lapse.',
        interval: 'Seconds to wait between two polls; five when left out.',
        matchNumber: 'Portico only: the number that the approval page asks for, for a program that said it shows one.',
      },
    },
    createToken: {
      text: 'Redeems a device code, an authorization code or a refresh token for an access token.',
      see: [
        `${aws}/API_CreateToken.html`,
        `${rfc}/rfc8628#section-3.4`,
        `${rfc}/rfc6749#section-4.1.3`,
        `${rfc}/rfc6749#section-6`,
        `${rfc}/rfc7636#section-4.5`,
      ],
      input: {
        clientId: 'The id that RegisterClient gave.',
        clientSecret: 'The secret that RegisterClient gave.',
        grantType:
          'Which grant is redeemed: `authorization_code`, `urn:ietf:params:oauth:grant-type:device_code` or `refresh_token`.',
        deviceCode: 'For a device code: the one that StartDeviceAuthorization gave.',
        code: 'For an authorization code: the one that came to the redirect URI.',
        refreshToken: 'For a refresh: the newest refresh token of the session.',
        scope: 'Has no effect: a token carries every scope that its client registered.',
        redirectUri: 'For an authorization code: the redirect URI of the request, port included.',
        codeVerifier: 'For an authorization code: the text whose SHA-256 was the challenge.',
      },
      output: {
        accessToken: 'What the access portal accepts as a bearer token.',
        tokenType: 'How the token is presented: `Bearer`.',
        expiresIn: 'Seconds that the access token lives from now.',
        refreshToken: 'Gets the next access token without the person. Always keep the one that came last.',
        idToken: 'Reserved; the service leaves it out.',
      },
    },
    createTokenWithIAM: {
      text: 'Gives a registered application tokens for a person, the application proving itself with an AWS signature.',
      see: [
        `${aws}/API_CreateTokenWithIAM.html`,
        `${rfc}/rfc7523#section-2.1`,
        `${rfc}/rfc8693#section-2.1`,
        `${rfc}/rfc6749#section-4.1.3`,
      ],
      input: {
        clientId: 'The ARN of the application.',
        grantType:
          'Which grant is redeemed: an authorization code, a refresh token, a JWT bearer assertion or a token exchange.',
        code: 'For an authorization code: the one that came to the redirect URI.',
        refreshToken: 'For a refresh: the newest refresh token.',
        assertion: 'For a JWT bearer grant: the JWT that a trusted token issuer signed for the person.',
        scope: 'Fewer scopes than the application has; all of them when left out.',
        redirectUri: 'For an authorization code: the redirect URI of the request.',
        subjectToken: 'For a token exchange: an access token of another client whose scopes name this application.',
        subjectTokenType: 'What the subject token is: `urn:ietf:params:oauth:token-type:access_token`.',
        requestedTokenType: 'What to get for it: the token-type URN of an access token or of a refresh token.',
        codeVerifier: 'For an authorization code: the text whose SHA-256 was the challenge.',
      },
      output: {
        accessToken: 'What AWS services that know the application accept as a bearer token.',
        tokenType: 'How the token is presented: `Bearer`.',
        expiresIn: 'Seconds that the access token lives from now.',
        refreshToken: 'Gets the next access token; left out after an exchange for an access token.',
        idToken: 'Who the person is, as a JWT; left out after a refresh.',
        issuedTokenType: 'What was issued, as a token-type URN.',
        scope: 'The scopes that were granted.',
        awsAdditionalDetails: {
          text: 'What AWS services want to know beside the tokens.',
          members: {
            identityContext:
              'Goes into AssumeRole as a provided context, so that services see the person behind the role.',
          },
        },
      },
    },
  },
  errors: {
    AccessDeniedException: {
      text: 'The person said no, or may not do this. Start over only if they ask for it.',
      see: [`${rfc}/rfc8628#section-3.5`],
    },
    AuthorizationPendingException: {
      text: 'Nobody has decided yet. Ask again after the interval.',
      see: [`${rfc}/rfc8628#section-3.5`],
    },
    ExpiredTokenException: {
      text: 'The code or token has lapsed. Begin a new sign-in.',
      see: [`${rfc}/rfc8628#section-3.5`],
    },
    InvalidClientException: {
      text: 'Client id and secret do not belong together, or the registration has ended. Register again.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    InvalidClientMetadataException: {
      text: 'A member of the registration is not acceptable; the description names it.',
      see: [`${rfc}/rfc7591#section-3.2.2`],
    },
    InvalidGrantException: {
      text: 'The code or token is unknown, used, revoked or not this client’s. Begin a new sign-in.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    InvalidRedirectUriException: {
      text: 'A redirect URI of the registration is not acceptable.',
      see: [`${rfc}/rfc7591#section-3.2.2`, `${rfc}/rfc8252#section-7.3`],
    },
    InvalidRequestException: {
      text: 'A member is missing, malformed or out of bounds; the description names it.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    InvalidRequestRegionException: {
      text: 'The token belongs to another Region; the members say where to ask.',
      see: [`${aws}/API_CreateTokenWithIAM.html#API_CreateTokenWithIAM_Errors`],
    },
    InvalidScopeException: {
      text: 'A scope is unknown, malformed or more than the client may have.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    SlowDownException: {
      text: 'Polled too often. Add five seconds to the interval, for this sign-in only.',
      see: [`${rfc}/rfc8628#section-3.5`],
    },
    UnauthorizedClientException: {
      text: 'The client is real and may not use this grant; it did not register it.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    UnsupportedGrantTypeException: {
      text: 'The service does not know this grant type.',
      see: [`${rfc}/rfc6749#section-5.2`],
    },
    UnsupportedResponseTypeException: {
      text: 'The authorization endpoint gives codes only. A browser is told so by a redirect, never a program by an answer.',
      see: [`${rfc}/rfc6749#section-4.1.2.1`],
    },
    InternalServerException: {
      text: 'Something failed inside the server. Try again; the request id finds it in the log.',
    },
    MissingAuthenticationTokenException: {
      text: 'The operation must be signed, and the request is not.',
    },
    IncompleteSignatureException: { text: 'The signature cannot be read, or leaves out what must be signed.' },
    UnrecognizedClientException: { text: 'Nobody holds the access key that signed, or not with this session token.' },
    InvalidSignatureException: {
      text: 'The signature is of another secret, scope or moment, or the request changed on its way.',
    },
    ExpiredCredentialsException: { text: 'The credentials that signed have expired. Get new ones.' },
    ForbiddenException: { text: 'The caller is known and may not do this.' },
    UnknownOperationException: { text: 'No operation has this path.' },
    MethodNotAllowedException: { text: 'An operation has this path, with another method.' },
    RequestTooLargeException: { text: 'The body or the headers are larger than the server reads.' },
    TooManyRequestsException: {
      text: 'A limit was reached. Nothing was decided; try again after the seconds in `Retry-After`.',
      see: [`${rfc}/rfc6585#section-4`],
    },
    ServiceUnavailableException: { text: 'The server cannot answer now. Nothing was decided; try again.' },
  },
}
