/** Which program is asking: proven by the registration that it carries. */
import { InvalidClientException } from 'ssooidc/protocol/sso-oidc'
import { clientHash, isClientSecret, openRegistration, type Registration } from './client-registration.ts'
import type { Deps } from './deps.ts'

/** A program that proved who it is. */
export type Client = Registration & {
  /** SHA-256 of its id: what its grants and sessions are bound to. */
  readonly hash: string
}

/**
 * Authenticates a client by its id and secret.
 *
 * @throws InvalidClientException
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3
 */
export function authenticateClient(deps: Deps, input: { clientId: string; clientSecret: string }, now: number): Client {
  const client = readClient(deps, input.clientId, now)
  if (client === undefined || !isClientSecret(deps.sealer, input.clientId, input.clientSecret))
    throw new InvalidClientException('Invalid client provided. Register the client again.')
  if (client === 'expired')
    throw new InvalidClientException('The client registration has expired. Register the client again.')
  return client
}

/** The client that an id stands for, without proof: all that `/authorize` sees. */
export function readClient(deps: Deps, clientId: string, now: number): Client | 'expired' | undefined {
  const registration = openRegistration(deps.sealer, clientId)
  if (registration === undefined) return undefined
  const hash = clientHash(clientId)
  const revocable = { sessionId: '', userId: '', clientHash: hash, authenticatedAt: registration.issuedAt }
  if (deps.revocations.covers(revocable)) return undefined
  return now < registration.expiresAt ? { ...registration, hash } : 'expired'
}
