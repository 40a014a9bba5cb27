/**
 * Resource servers: services that take access tokens which other programs were given, and ask here what those are for. The
 * organization file declares them. A secret follows from the name and the instance's keys, as access keys do, so that nothing
 * secret is stored or written into a file.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-1.1
 */
import { InvalidClientException } from 'ssooidc/protocol/sso-oidc'
import type { ResourceServer } from '../../storage/storage.ts'
import type { Deps } from '../deps.ts'
import { format, parse } from '../keys/opaque-token.ts'
import type { Sealer } from '../keys/sealing.ts'

/** What a resource server proves itself with; its name is its id. */
export function resourceServerSecret(sealer: Sealer, name: string): string {
  return format('clientSecret', sealer.mac('resource-server', name))
}

/**
 * The resource server that says it is asking; undefined when the id is none's.
 *
 * @throws InvalidClientException it does not prove it
 */
export function identifyResourceServer(
  { applications, sealer }: Pick<Deps, 'applications' | 'sealer'>,
  { client_id: id, client_secret: secret = '' }: { client_id: string; client_secret?: string | undefined },
): ResourceServer | undefined {
  const server = applications.findResourceServer(id)
  if (server === undefined) return undefined
  const mac = parse('clientSecret', secret)
  if (mac === undefined || !sealer.verifyMac('resource-server', id, mac))
    // What any unknown client is told: which services there are is nobody's business.
    throw new InvalidClientException('Invalid client provided. Register the client again.')
  return server
}
