/**
 * Who is calling, by the mode that the operation's contract names. An operation cannot be served without one: the handler's
 * type asks for the caller that its mode gives.
 */
import type { Authentication, Operation, Service } from 'ssooidc/protocol'
import type { Deps } from '../core/deps.ts'
import { type Holder, holderOf } from '../core/portal.ts'
import { authenticateSignature, type SignedBy } from '../core/sts.ts'
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

// Whatever is wrong with a token: nobody learns which.
async function authenticateBearer(deps: Deps, service: Service, token: string, now: number): Promise<Holder> {
  const holder = await holderOf(deps, token, now)
  if (holder === undefined) throw new service.edge.unauthenticated('Session token not found or invalid')
  return holder
}

function bearerToken(service: Service, operation: Operation, raw: RawRequest): string {
  const member = Object.values(operation.input).find(({ location, secret }) => location === 'header' && secret)
  const token = rawHeader(raw, member?.wireName ?? '')
  if (token === undefined || token.trim() === '')
    throw new service.edge.unauthenticated(
      `The header ${member?.wireName} is missing. Sign in and send the access token.`,
    )
  // AWS sends a bare token in a header of its own, everybody else RFC 6750's scheme.
  return token.replace(/^Bearer +/i, '')
}
