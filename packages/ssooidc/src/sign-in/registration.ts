/** What both methods share: how the program registers, and what of the tokens it gets is kept. */
import type { CreateTokenOutput } from '../protocol/sso-oidc/create-token.ts'
import type { RegisterClientInput } from '../protocol/sso-oidc/register-client.ts'
import type { CachedToken } from './cache/token.ts'
import type { SignInOptions } from './options.ts'
import { type Session, scopesOf } from './session.ts'

/**
 * Anew for each sign-in: it costs one request, and a registration that the service has forgotten would show only as an error
 * in the browser, from where nobody comes back.
 */
export function registrationOf(
  session: Session,
  { clientName = 'ssooidc' }: Pick<SignInOptions, 'clientName'>,
): RegisterClientInput {
  return { clientName, clientType: 'public', scopes: scopesOf(session) }
}

/** What is kept. */
export function toToken(
  { startUrl, region }: Session,
  client: { clientId: string; clientSecret: string; clientSecretExpiresAt: number },
  { accessToken, expiresIn, refreshToken }: CreateTokenOutput,
  now: number,
): CachedToken {
  const { clientId, clientSecret, clientSecretExpiresAt } = client
  return {
    startUrl,
    region,
    accessToken,
    expiresAt: now + expiresIn * 1_000,
    client: { clientId, clientSecret, expiresAt: clientSecretExpiresAt * 1_000 },
    refreshToken,
  }
}
