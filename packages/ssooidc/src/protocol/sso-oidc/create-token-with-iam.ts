/** CreateTokenWithIAM: the same for a client that signs. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateTokenWithIAM.html */
import { type Input, type Output, operation } from '../operation.ts'
import { integer, list, optional, secret, string, structure } from '../shape.ts'
import { tokenErrors } from './create-token.ts'
import { InvalidRequestRegionException } from './errors.ts'

export const createTokenWithIAM = operation({
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
  errors: [...tokenErrors, InvalidRequestRegionException],
})

export type CreateTokenWithIAMInput = Input<typeof createTokenWithIAM>
export type CreateTokenWithIAMOutput = Output<typeof createTokenWithIAM>
