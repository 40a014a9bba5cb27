/** Which program is asking: proven by the registration that it carries. */
import { hash, timingSafeEqual } from 'node:crypto'
import { InvalidClientException } from 'ssooidc/protocol/sso-oidc'
import { clientOf } from '../applications/applications.ts'
import { isApplicationSecret } from '../applications/secrets.ts'
import type { Deps } from '../deps.ts'
import { clientHash, isClientSecret, openRegistration, type Registration } from './client-registration.ts'

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
  if (client === undefined || !isProven(deps, client, input))
    throw new InvalidClientException('Invalid client provided. Register the client again.')
  if (client === 'expired')
    throw new InvalidClientException('The client registration has expired. Register the client again.')
  return client
}

/**
 * The client behind a request of a standard endpoint. One that registered to have no secret only says who it is: its codes
 * are bound to a proof that it alone has, and its refresh tokens to this id and to their first use.
 *
 * @throws InvalidClientException
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.2.1
 */
export function identifyClient(
  deps: Deps,
  { client_id: clientId, client_secret: clientSecret }: { client_id: string; client_secret?: string | undefined },
  now: number,
): Client {
  if (clientSecret !== undefined) return authenticateClient(deps, { clientId, clientSecret }, now)
  const client = readClient(deps, clientId, now)
  if (client === undefined) throw new InvalidClientException('Invalid client provided. Register the client again.')
  if (client === 'expired')
    throw new InvalidClientException('The client registration has expired. Register the client again.')
  if (!client.withoutSecret) throw new InvalidClientException('The client has a secret and must prove itself with it.')
  return client
}

/**
 * The client that an id stands for, without proof: all that `/authorize` sees. An application is one, by its ARN. What was
 * registered for an application that is gone stands for nothing any more.
 */
export function readClient(deps: Deps, clientId: string, now: number): Client | 'expired' | undefined {
  const application = deps.applications.find(clientId)
  if (application !== undefined) return clientOf(deps, application)
  const client = deps.sealer.keep(clientId, () => openClient(deps, clientId))
  if (client === undefined) return undefined
  const { entitledApplicationArn: entitled } = client
  if (entitled && deps.applications.find(entitled) === undefined) return undefined
  const revocable = { sessionId: '', userId: '', clientHash: client.hash, authenticatedAt: client.issuedAt }
  if (deps.revocations.covers(revocable)) return undefined
  return now < client.expiresAt ? client : 'expired'
}

function openClient({ sealer }: Deps, clientId: string): Client | undefined {
  const registration = openRegistration(sealer, clientId)
  return registration && { ...registration, hash: clientHash(clientId) }
}

/** Digests of the secrets that proved kept clients: telling two digests apart is cheaper than making the secret's MAC again. */
const provedBy = new WeakMap<Client, Buffer>()

function isProven(
  { sealer, applications }: Deps,
  client: Client | 'expired',
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): boolean {
  if (applications.find(clientId) !== undefined) return isApplicationSecret(sealer, clientId, clientSecret)
  if (client === 'expired') return isClientSecret(sealer, clientId, clientSecret)
  const digest = hash('sha256', clientSecret, 'buffer')
  const known = provedBy.get(client)
  if (known !== undefined && timingSafeEqual(known, digest)) return true
  if (!isClientSecret(sealer, clientId, clientSecret)) return false
  provedBy.set(client, digest)
  return true
}
