/**
 * CreateToken: one door for three grants. Each turns its proof into a session; the session becomes tokens.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
 */
import {
  type CreateTokenInput,
  type CreateTokenOutput,
  GRANT_TYPES,
  UnauthorizedClientException,
  UnsupportedGrantTypeException,
} from 'ssooidc/protocol/sso-oidc'
import type { Session } from '../../storage/storage.ts'
import { authenticateClient, type Client } from '../clients/client-authentication.ts'
import type { Call, Deps } from '../deps.ts'
import { refreshSession, withScopesNow } from '../sessions/sessions.ts'
import { issueTokens } from '../sessions/tokens.ts'
import { redeemAuthorizationCode } from './authorization-codes.ts'
import { redeemDeviceCode } from './device-grants.ts'

/** Turns a grant into tokens. `scope` has no effect: tokens have the scopes that were approved. */
export async function createToken(
  deps: Deps,
  input: CreateTokenInput,
  call: Call,
  now: number,
): Promise<CreateTokenOutput> {
  redemptionOf(input.grantType)
  const client = authenticateClient(deps, input, now)
  return issueTokens(deps, client, await redeemGrant(deps, client, input, call, now), now)
}

/** What a client redeems a grant with, once it has proved who it is. */
export type Grant = Omit<CreateTokenInput, 'clientId' | 'clientSecret'>

/** Turns a grant into the session that it stands for. */
export async function redeemGrant(deps: Deps, client: Client, grant: Grant, call: Call, now: number): Promise<Session> {
  const redeem = redemptionOf(grant.grantType)
  if (!client.grantTypes.includes(grant.grantType))
    throw new UnauthorizedClientException('The client is not registered for this grant type.')
  // Awaited here, so that somebody listens when it throws: Node.js keeps books on refusals that nobody heard.
  return withScopesNow(deps, client, await redeem(deps, client, grant, call, now))
}

function redemptionOf(grantType: string): Redeem {
  const redeem = grants.get(grantType)
  if (redeem === undefined)
    throw new UnsupportedGrantTypeException(`The grant type must be one of: ${[...grants.keys()].join(', ')}.`)
  return redeem
}

type Redeem = (deps: Deps, client: Client, grant: Grant, call: Call, now: number) => Promise<Session>

const grants: ReadonlyMap<string, Redeem> = new Map<string, Redeem>([
  [GRANT_TYPES.authorizationCode, redeemAuthorizationCode],
  [GRANT_TYPES.deviceCode, redeemDeviceCode],
  [GRANT_TYPES.refreshToken, refreshSession],
])
