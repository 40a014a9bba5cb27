/**
 * Errors that an operation declares and no request to Portico is answered with. The AWS services are as their models have
 * them, so that clients know every error they may meet anywhere; and every operation has its service's edge errors. Here stands
 * which of them never come, and why. A test makes every other one come.
 */

/** One error that some operations never answer. */
export type NotAnswered = {
  /** The service, by its short name. */
  readonly service: string
  /** The error, by its name on the wire. */
  readonly error: string
  /** The operations, by name; absent for all of the service. */
  readonly operations?: readonly string[]
  /** A sentence for the reference. */
  readonly why: string
}

const UNLIMITED = 'Nothing limits how often it is asked.'
const PUBLIC = 'It needs no credentials.'

export const notAnswered: readonly NotAnswered[] = [
  {
    service: 'sso-oidc',
    error: 'SlowDownException',
    operations: ['RegisterClient', 'StartDeviceAuthorization'],
    why: 'Beyond a limit the answer is TooManyRequestsException, which every SDK takes as a sign to wait and try again.',
  },
  {
    service: 'sso-oidc',
    error: 'InvalidScopeException',
    operations: ['CreateToken'],
    why: 'Its `scope` has no effect: tokens have the scopes that were approved.',
  },
  {
    service: 'sso-oidc',
    error: 'AuthorizationPendingException',
    operations: ['CreateTokenWithIAM'],
    why: 'Nobody is waited for: devices are no application’s grant.',
  },
  {
    service: 'sso-oidc',
    error: 'ForbiddenException',
    why: 'Whoever may not do something is told so by an error of OAuth’s.',
  },
  {
    service: 'sso-oidc',
    error: 'TooManyRequestsException',
    operations: ['CreateToken', 'CreateTokenWithIAM'],
    why: 'Whoever asks too often is told SlowDownException.',
  },
  {
    service: 'sso-oidc',
    error: 'MissingAuthenticationTokenException',
    operations: ['RegisterClient', 'StartDeviceAuthorization', 'CreateToken'],
    why: PUBLIC,
  },
  {
    service: 'sso-portal',
    error: 'ResourceNotFoundException',
    why: 'An account or a role that is not there is answered like one that is not the person’s: ForbiddenException.',
  },
  {
    service: 'sso-portal',
    error: 'ForbiddenException',
    operations: ['Logout'],
    why: 'Whoever holds an access token may end its session.',
  },
  {
    service: 'sso-portal',
    error: 'TooManyRequestsException',
    operations: ['ListAccounts', 'ListAccountRoles', 'Logout'],
    why: UNLIMITED,
  },
  {
    service: 'oauth2',
    error: 'ForbiddenException',
    why: 'Whoever may not do something is told so by an error of OAuth’s.',
  },
  {
    service: 'oauth2',
    error: 'InvalidTokenException',
    operations: [
      ...['DeviceAuthorization', 'Token', 'Revoke', 'Introspect', 'Register'],
      ...['OpenIDConfiguration', 'AuthorizationServerMetadata', 'JWKS'],
    ],
    why: 'It takes no access token to prove anything with.',
  },
  {
    service: 'oauth2',
    error: 'TooManyRequestsException',
    operations: [
      ...['Token', 'Revoke', 'Introspect', 'UserInfo', 'UserInfoByPost'],
      ...['OpenIDConfiguration', 'AuthorizationServerMetadata', 'JWKS'],
    ],
    why: UNLIMITED,
  },
  { service: 'identitystore', error: 'ThrottlingException', why: UNLIMITED },
  {
    service: 'identitystore',
    error: 'MethodNotAllowedException',
    why: 'With another method than POST, its path is that of the pages.',
  },
  { service: 'sts', error: 'AccessDenied', why: 'Whoever has credentials may ask whose they are.' },
  { service: 'sts', error: 'Throttling', why: UNLIMITED },
  { service: 'sts', error: 'MethodNotAllowed', why: 'With another method than POST, its path is that of the pages.' },
]

/** Why an operation never answers an error that it declares; undefined when it does. */
export function whyNotAnswered(service: string, operation: string, error: string): string | undefined {
  return notAnswered.find(
    (each) => each.service === service && each.error === error && (each.operations?.includes(operation) ?? true),
  )?.why
}
