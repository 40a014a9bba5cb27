/**
 * RegisterClient: writes nothing. The id that it answers holds the whole registration, sealed; the secret is a MAC of the id.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html
 * @see https://www.rfc-editor.org/rfc/rfc7591#section-5
 */
import {
  GRANT_TYPES,
  InvalidClientMetadataException,
  InvalidRedirectUriException,
  InvalidScopeException,
  type RegisterClientInput,
  type RegisterClientOutput,
  TooManyRequestsException,
  UnsupportedGrantTypeException,
} from 'ssooidc/protocol/sso-oidc'
import { scopesOf } from '../applications/applications.ts'
import type { Call, Deps } from '../deps.ts'
import { subscriberOf } from '../limits/network.ts'
import { MAX_REGISTRATION_SIZE, type Registration, registrationSize, sealRegistration } from './client-registration.ts'
import { checkRedirectUri } from './redirect-uri.ts'
import { isScope } from './scopes.ts'
import { cleanDisplayText } from './text.ts'

const DAY = 86_400_000
/** How long a registration lives, in milliseconds. */
export const REGISTRATION_LIFE = 90 * DAY
const MOST_NAME_CHARACTERS = 64
const MOST_REDIRECT_URIS = 5
const MOST_SCOPES = 20
const PUBLIC_GRANT_TYPES: readonly string[] = [
  GRANT_TYPES.authorizationCode,
  GRANT_TYPES.deviceCode,
  GRANT_TYPES.refreshToken,
]

/** Registers a public client for 90 days. */
export async function registerClient(
  deps: Deps,
  input: RegisterClientInput,
  call: Call,
  now: number,
): Promise<RegisterClientOutput> {
  const registration = acceptRegistration(deps, input, { withoutSecret: false, postLogoutRedirectUris: [] }, call, now)
  return {
    ...sealRegistration(deps.sealer, registration),
    clientIdIssuedAt: Math.floor(registration.issuedAt / 1000),
    clientSecretExpiresAt: Math.floor(registration.expiresAt / 1000),
  }
}

/** What the standard's registration says beside what RegisterClient knows. */
export type FurtherMetadata = { withoutSecret: boolean; postLogoutRedirectUris: readonly string[] }

/** Judges what a program says about itself. What comes back may be sealed. */
export function acceptRegistration(
  deps: Deps,
  input: RegisterClientInput,
  further: FurtherMetadata,
  call: Call,
  now: number,
): Registration {
  const wait = deps.rateLimits.take(
    `register:${subscriberOf(call.address)}`,
    deps.settings.limits.registrationsPerSecond,
    now,
  )
  if (wait > 0)
    throw new TooManyRequestsException('Too many registrations from this address. Try again in a moment.', {
      retryAfter: wait,
    })

  if (input.clientType !== 'public')
    throw new InvalidClientMetadataException('clientType must be "public": there are no other clients.')
  const name = cleanDisplayText(input.clientName, MOST_NAME_CHARACTERS + 1)
  const characters = Array.from(name).length
  if (characters === 0 || characters > MOST_NAME_CHARACTERS)
    throw new InvalidClientMetadataException(`clientName must have 1 to ${MOST_NAME_CHARACTERS} printable characters.`)
  const { entitledApplicationArn } = input
  const application = entitledApplicationArn === undefined ? undefined : deps.applications.find(entitledApplicationArn)
  if (entitledApplicationArn !== undefined && application === undefined)
    throw new InvalidClientMetadataException('entitledApplicationArn names no application of this instance.')

  const scopes = distinct(input.scopes)
  if (scopes.length > MOST_SCOPES)
    throw new InvalidScopeException(`A client may ask for at most ${MOST_SCOPES} scopes.`)
  const badScope = scopes.find((scope) => !isScope(scope))
  if (badScope !== undefined)
    throw new InvalidScopeException('A scope must be up to three words joined by colons, such as sso:account:access.')

  const foreignScope = application && scopes.find((scope) => !scopesOf(application).includes(scope))
  if (foreignScope !== undefined)
    throw new InvalidScopeException('A scope is not one of the application that entitledApplicationArn names.')

  const redirectUris = acceptRedirectUris(input.redirectUris)
  const postLogoutRedirectUris = acceptRedirectUris(further.postLogoutRedirectUris)

  const grantTypes = grantTypesOf(input, scopes)
  if (grantTypes.some((grantType) => !PUBLIC_GRANT_TYPES.includes(grantType)))
    throw new UnsupportedGrantTypeException(
      `A public client may use these grant types: ${PUBLIC_GRANT_TYPES.join(', ')}.`,
    )
  if (grantTypes.includes(GRANT_TYPES.authorizationCode) && redirectUris.length === 0)
    throw new InvalidRedirectUriException('The authorization_code grant needs at least one redirect URI.')

  const registration: Registration = {
    name,
    scopes,
    grantTypes,
    redirectUris,
    issuerUrl: input.issuerUrl ?? null,
    ...(entitledApplicationArn === undefined ? {} : { entitledApplicationArn }),
    ...(further.withoutSecret ? { withoutSecret: true } : {}),
    ...(postLogoutRedirectUris.length > 0 ? { postLogoutRedirectUris } : {}),
    issuedAt: now,
    expiresAt: now + REGISTRATION_LIFE,
  }
  if (registrationSize(registration) > MAX_REGISTRATION_SIZE)
    throw new InvalidClientMetadataException(
      `The registration is larger than ${MAX_REGISTRATION_SIZE} bytes. Shorten its names, scopes or redirect URIs.`,
    )
  return registration
}

function acceptRedirectUris(named: readonly string[] | undefined): readonly string[] {
  const redirectUris = distinct(named)
  if (redirectUris.length > MOST_REDIRECT_URIS)
    throw new InvalidRedirectUriException(`A client may have at most ${MOST_REDIRECT_URIS} redirect URIs.`)
  for (const uri of redirectUris) {
    const fault = checkRedirectUri(uri)
    if (fault !== undefined) throw new InvalidRedirectUriException(fault)
  }
  return redirectUris
}

// Device clients of every age name no grant types.
function grantTypesOf(input: RegisterClientInput, scopes: readonly string[]): readonly string[] {
  const named = distinct(input.grantTypes)
  if (named.length > 0) return named
  return scopes.length > 0 ? [GRANT_TYPES.deviceCode, GRANT_TYPES.refreshToken] : [GRANT_TYPES.deviceCode]
}

function distinct(values: readonly string[] | undefined): string[] {
  return [...new Set(values)]
}
