/**
 * Who signed a request, and what they may know about themselves.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
import type { Service } from 'ssooidc/protocol'

import type { RawRequest } from '../protocol/raw-request.ts'
import { type GetCallerIdentityOutput, sts } from '../protocol/sts.ts'
import type { Deps, Settings } from './deps.ts'
import { refusal } from './mint-gate.ts'
import { findRoleCredentials, type RolePrincipal } from './session-token.ts'
import { defaultSkew } from './sigv4/clock.ts'
import { SigV4Refusal } from './sigv4/refusal.ts'
import { type Verified, verifySigV4 } from './sigv4/verify.ts'

/** A request that the holder of role credentials signed. */
export type SignedBy = Verified<RolePrincipal>

/** What telling the signer takes. */
export type SignatureDeps = Pick<Deps, 'sealer' | 'access' | 'revocations'> & { settings: Pick<Settings, 'region'> }

/**
 * Authenticates a request by its signature. The credentials must be ours and alive, and so must the session that they were
 * given to, and its user: unlike AWS, what the built-in broker handed out ends with them.
 *
 * @throws the error of the service that its contract names for the refusal
 */
export async function authenticateSignature(
  deps: SignatureDeps,
  service: Service,
  request: RawRequest,
  now: number,
): Promise<SignedBy> {
  const errors = service.signature
  if (errors === undefined) throw new Error(`${service.name} names no errors for signatures`)
  const signedBy = verify(deps, service, errors, request, now)
  const { principal } = signedBy
  const reach = await deps.access.of(principal.userId, now)
  // Role credentials belong to a person's session, whichever client it is: no client's end reaches them but through it.
  if (refusal(reach?.user, { ...principal, clientHash: '' }, deps.revocations, now) !== undefined)
    throw new errors['unknown-access-key']('The session behind these credentials has ended. Sign in again.')
  return signedBy
}

/** The account, role and person behind the credentials that signed. Needs no permission, and cannot be denied. */
export async function getCallerIdentity(_deps: unknown, { principal }: SignedBy): Promise<GetCallerIdentityOutput> {
  return { Arn: principal.arn, UserId: principal.assumedRoleId, Account: principal.accountId }
}

function verify(
  { sealer, settings }: SignatureDeps,
  service: Service,
  errors: NonNullable<Service['signature']>,
  request: RawRequest,
  now: number,
): SignedBy {
  try {
    return verifySigV4(request, {
      services: [service.signingName],
      // Clients sign for whatever region they are configured for, and ask one sts.
      regions: service.name === sts.name ? 'any' : [settings.region],
      now,
      skew: defaultSkew,
      lookup: (accessKeyId, sessionToken) => findRoleCredentials(sealer, accessKeyId, sessionToken),
    })
  } catch (error) {
    if (error instanceof SigV4Refusal) throw new errors[error.kind](error.message)
    throw error
  }
}
