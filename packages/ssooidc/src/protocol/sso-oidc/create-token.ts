/** CreateToken: a grant becomes tokens. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
import { type Input, type Output, wire } from '../operation.ts'
import { integer, list, optional, secret, string } from '../shape.ts'
import {
  AccessDeniedException,
  AuthorizationPendingException,
  ExpiredTokenException,
  InternalServerException,
  InvalidClientException,
  InvalidGrantException,
  InvalidRequestException,
  InvalidScopeException,
  SlowDownException,
  UnauthorizedClientException,
  UnsupportedGrantTypeException,
} from './errors.ts'
import type { GrantType } from './grant-types.ts'

/** What redeeming a grant may be refused with, whoever redeems it. */
export const tokenErrors = [
  InvalidRequestException,
  InvalidClientException,
  InvalidGrantException,
  UnauthorizedClientException,
  UnsupportedGrantTypeException,
  InvalidScopeException,
  AuthorizationPendingException,
  SlowDownException,
  AccessDeniedException,
  ExpiredTokenException,
  InternalServerException,
] as const

/** The wire of CreateToken. */
export const createToken = wire({
  name: 'CreateToken',
  method: 'POST',
  path: '/token',
  authentication: 'none',
  input: {
    clientId: string(),
    clientSecret: secret(),
    grantType: string(),
    deviceCode: optional(secret()),
    code: optional(secret()),
    refreshToken: optional(secret()),
    scope: optional(list(string())),
    redirectUri: optional(string()),
    codeVerifier: optional(secret()),
  },
  output: {
    accessToken: secret(),
    tokenType: string(),
    expiresIn: integer(),
    refreshToken: optional(secret()),
    idToken: optional(secret()),
  },
})

/** What each grant type redeems. */
export const redeems = {
  authorization_code: 'code',
  'urn:ietf:params:oauth:grant-type:device_code': 'deviceCode',
  refresh_token: 'refreshToken',
} as const satisfies { [Grant in GrantType]?: keyof CreateTokenInput }

export type CreateTokenInput = Input<typeof createToken>
export type CreateTokenOutput = Output<typeof createToken>
