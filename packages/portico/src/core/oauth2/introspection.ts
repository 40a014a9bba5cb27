/**
 * Introspection: whether a token is good, and what for. A client may ask about its own tokens of either kind; a resource
 * server about every access token that carries a scope of the service, whoever it was given to. Of any other token both are
 * told what they are told of nonsense, after the same work.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662
 */
import { UnauthorizedClientException } from 'ssooidc/protocol/sso-oidc'
import type { IntrospectInput, IntrospectOutput } from '../../protocol/oauth2.ts'
import type { ResourceServer } from '../../storage/storage.ts'
import { readHolder } from '../access/portal.ts'
import { scopesNow } from '../applications/applications.ts'
import { auditEvent } from '../audit/audit.ts'
import { type Client, identifyClient } from '../clients/client-authentication.ts'
import type { Call, Deps } from '../deps.ts'
import { refusal, shortfall } from '../sessions/mint-gate.ts'
import { COALESCE, isIdle } from '../sessions/sessions.ts'
import { openRefreshToken } from '../sessions/tokens.ts'
import { identifyResourceServer } from './resource-servers.ts'

/**
 * Answers a client or a resource server.
 *
 * @throws UnauthorizedClientException the client has nothing to prove itself with
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2
 */
export async function introspectToken(
  deps: Deps,
  input: IntrospectInput,
  call: Call,
  now: number,
): Promise<IntrospectOutput> {
  const server = identifyResourceServer(deps, input)
  if (server !== undefined) return tell(deps, server, await activeToken(deps, input.token, undefined, now), call, now)
  const client = identifyClient(deps, input, now)
  if (client.withoutSecret) throw new UnauthorizedClientException('Only a client that has a secret may ask.')
  const found = await activeToken(deps, input.token, client, now)
  if (found?.clientHash !== client.hash) return { active: false }
  return { ...describe(deps, found), scope: found.scopes.join(' '), client_id: input.client_id }
}

/**
 * What a service is told. A token is for it by its scopes, and of those it learns its own: what else the person approved is
 * between them and other services. That one was asked about is a use of the session, as if the service had been the portal.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2 on answering each resource server differently
 */
function tell(
  deps: Deps,
  server: ResourceServer,
  found: ActiveToken | undefined,
  call: Call,
  now: number,
): IntrospectOutput {
  const scopes = found?.scopes.filter((scope) => server.scopes.includes(scope)) ?? []
  if (found?.kind !== 'access' || scopes.length === 0) return { active: false }
  const { sessionId, clientHash, userId } = found
  deps.sessionUses.note(sessionId, now)
  if (deps.introspections.isFirst(server.name, sessionId))
    deps.auditQueue.add(auditEvent('IntrospectToken', call, userId, { resourceServer: server.name, sessionId }, now))
  const application = deps.applications.findByHash(clientHash)
  return {
    ...describe(deps, found),
    scope: scopes.join(' '),
    // Of other clients only the hash is known.
    client_id: application && deps.applications.arnOf(application),
    aud: server.name,
  }
}

/** A token that would be accepted now, and what it stands for. */
type ActiveToken = {
  readonly kind: 'access' | 'refresh'
  readonly sessionId: string
  readonly clientHash: string
  readonly userId: string
  readonly userName: string
  readonly scopes: readonly string[]
  readonly authenticatedAt: number
  readonly expiresAt: number
}

function describe({ settings }: Deps, token: ActiveToken): IntrospectOutput {
  const { kind, userName, userId, expiresAt, authenticatedAt, sessionId } = token
  return {
    active: true,
    // RFC 6749 §5.1 gives a type to access tokens only.
    token_type: kind === 'access' ? 'Bearer' : undefined,
    username: userName,
    sub: userId,
    iss: settings.origin,
    exp: Math.floor(expiresAt / 1000),
    auth_time: Math.floor(authenticatedAt / 1000),
    sid: sessionId,
  }
}

async function activeToken(
  deps: Deps,
  token: string,
  client: Client | undefined,
  now: number,
): Promise<ActiveToken | undefined> {
  const access = await activeAccessToken(deps, token, now)
  return access ?? (await activeRefreshToken(deps, token, client?.entitledApplicationArn, now))
}

async function activeAccessToken(deps: Deps, token: string, now: number): Promise<ActiveToken | undefined> {
  const holder = await readHolder(deps, token, now)
  if (holder === undefined || holder.needsSecondFactor) return undefined
  return { ...holder.claims, userName: holder.reach.user.userName, kind: 'access' }
}

// A refresh token is good as long as presenting it would not be refused.
async function activeRefreshToken(
  deps: Deps,
  token: string,
  application: string | null | undefined,
  now: number,
): Promise<ActiveToken | undefined> {
  const claims = openRefreshToken(deps, token)
  const session = claims && (await deps.storage.findSession({ id: claims.sessionId }))
  if (!session || session.endedAt !== null || isIdle(deps, session, now)) return undefined
  const age = session.generation - claims.generation
  if (age !== 0 && !(age === 1 && now < session.rotatedAt + COALESCE)) return undefined
  const reach = await deps.access.of(session.userId, now)
  const revocable = { ...session, sessionId: session.id }
  if (!reach || refusal(reach.user, revocable, deps.revocations, now) !== undefined) return undefined
  if (shortfall(deps, reach, { amr: session.amr, application }) !== undefined) return undefined
  const scopes = scopesNow(deps, application, session.scopes)
  return scopes && { ...revocable, scopes, userName: reach.user.userName, kind: 'refresh' }
}
