/**
 * Who is calling, by the mode that the operation's contract names. An operation cannot be served without one: the handler's
 * type asks for the caller that its mode gives.
 */
import type { Authentication, Operation, Service } from 'ssooidc/protocol'
import { type Holder, holderOf } from '../core/access/portal.ts'
import { authenticateSignature, type SignedBy } from '../core/access/sts.ts'
import type { Deps } from '../core/deps.ts'
import { openAccessToken } from '../core/sessions/tokens.ts'
import type { RawRequest } from '../protocol/raw-request.ts'
import { rawHeader } from './environment.ts'

/** What each mode proves. */
export type Caller = {
  none: undefined
  bearer: Holder
  sigv4: SignedBy
}

/** Proves who is calling, or throws the service's own error. */
export async function authenticate(
  deps: Deps,
  service: Service,
  operation: Operation,
  raw: RawRequest,
  now: number,
): Promise<Caller[Authentication]> {
  switch (operation.authentication) {
    case 'none':
      return undefined
    case 'bearer':
      return authenticateBearer(deps, service, bearerToken(service, operation, raw), now)
    case 'sigv4':
      return authenticateSignature(deps, service, raw, now)
  }
}

// Whatever else is wrong with a token, nobody learns; whoever holds a real one may know that somebody ended its session.
async function authenticateBearer(deps: Deps, service: Service, token: string, now: number): Promise<Holder> {
  const holder = await holderOf(deps, token, now)
  if (holder !== undefined) return holder
  const claims = openAccessToken(deps, token)
  const ended = claims !== undefined && now < claims.expiresAt && deps.revocations.covers(claims)
  throw new service.edge.unauthenticated(
    ended ? 'The session was ended. Sign in again.' : 'Session token not found or invalid',
  )
}

function bearerToken(service: Service, operation: Operation, raw: RawRequest): string {
  const header = bearerHeader(operation)
  const token = rawHeader(raw, header)
  if (token === undefined || token.trim() === '')
    throw new service.edge.unauthenticated(`The header ${header} is missing. Sign in and send the access token.`)
  // AWS sends a bare token in a header of its own, everybody else RFC 6750's scheme.
  return token.replace(/^Bearer +/i, '')
}

const bearerHeaders = new WeakMap<Operation, string>()

/** The header that the contract marks as the secret one; looked for once. */
function bearerHeader(operation: Operation): string {
  let header = bearerHeaders.get(operation)
  if (header === undefined) {
    header =
      Object.values(operation.input).find(({ location, secret }) => location === 'header' && secret)?.wireName ?? ''
    bearerHeaders.set(operation, header)
  }
  return header
}
