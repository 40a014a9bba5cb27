/** RegisterClient: a program becomes a client. @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html */
import { type Input, type Output, wire } from '../operation.ts'
import { integer, list, optional, secret, string } from '../shape.ts'
import {
  InternalServerException,
  InvalidClientMetadataException,
  InvalidRedirectUriException,
  InvalidRequestException,
  InvalidScopeException,
  SlowDownException,
  UnsupportedGrantTypeException,
} from './errors.ts'

/** The wire of RegisterClient. */
export const registerClient = wire({
  name: 'RegisterClient',
  method: 'POST',
  path: '/client/register',
  authentication: 'none',
  repeatable: true,
  input: {
    clientName: string(),
    clientType: string(),
    scopes: optional(list(string())),
    redirectUris: optional(list(string())),
    grantTypes: optional(list(string())),
    issuerUrl: optional(string()),
    entitledApplicationArn: optional(string()),
  },
  output: {
    clientId: string(),
    clientSecret: secret(),
    clientIdIssuedAt: integer(),
    clientSecretExpiresAt: integer(),
    authorizationEndpoint: optional(string()),
    tokenEndpoint: optional(string()),
  },
})

/** What it declares. */
export const registerClientErrors = [
  InvalidRequestException,
  InvalidScopeException,
  InvalidClientMetadataException,
  InternalServerException,
  InvalidRedirectUriException,
  UnsupportedGrantTypeException,
  SlowDownException,
] as const

export type RegisterClientInput = Input<typeof registerClient>
export type RegisterClientOutput = Output<typeof registerClient>
