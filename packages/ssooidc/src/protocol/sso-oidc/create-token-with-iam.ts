/** CreateTokenWithIAM: the same for a client that signs. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateTokenWithIAM.html */
import { type Input, type Output, wire } from '../operation.ts'
import { integer, list, optional, secret, string, structure } from '../shape.ts'
import type { GrantType } from './grant-types.ts'

/** The wire of CreateTokenWithIAM. */
export const createTokenWithIAM = wire({
  name: 'CreateTokenWithIAM',
  method: 'POST',
  path: '/token',
  fixedQuery: { aws_iam: 't' },
  authentication: 'sigv4',
  input: {
    clientId: string(),
    grantType: string(),
    code: optional(secret()),
    refreshToken: optional(secret()),
    assertion: optional(secret()),
    scope: optional(list(string())),
    redirectUri: optional(string()),
    subjectToken: optional(secret()),
    subjectTokenType: optional(string()),
    requestedTokenType: optional(string()),
    codeVerifier: optional(secret()),
  },
  output: {
    accessToken: secret(),
    tokenType: string(),
    expiresIn: integer(),
    refreshToken: optional(secret()),
    idToken: optional(secret()),
    issuedTokenType: optional(string()),
    scope: optional(list(string())),
    awsAdditionalDetails: optional(structure({ identityContext: optional(secret()) })),
  },
})

/** What each grant type redeems. */
export const redeemsWithIAM = {
  authorization_code: 'code',
  refresh_token: 'refreshToken',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'assertion',
  'urn:ietf:params:oauth:grant-type:token-exchange': 'subjectToken',
} as const satisfies { [Grant in GrantType]?: keyof CreateTokenWithIAMInput }

export type CreateTokenWithIAMInput = Input<typeof createTokenWithIAM>
export type CreateTokenWithIAMOutput = Output<typeof createTokenWithIAM>
