/** CreateToken: a grant becomes tokens. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
import { type Input, type Output, operation } from '../operation.ts'
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

export const createToken = operation({
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
  errors: tokenErrors,
})

export type CreateTokenInput = Input<typeof createToken>
export type CreateTokenOutput = Output<typeof createToken>
