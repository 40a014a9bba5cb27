/**
 * Who signed a request, and what they may know about themselves.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
import type { Service } from 'ssooidc/protocol'
import { ssoOidcFrame } from 'ssooidc/protocol/sso-oidc'

import type { RawRequest } from '../../protocol/raw-request.ts'
import { type GetCallerIdentityOutput, sts } from '../../protocol/sts.ts'
import { type AccessKeyPrincipal, secretsOf } from '../applications/access-keys.ts'
import type { Deps, Settings } from '../deps.ts'
import { lacksSecondFactor } from '../factors/requirements.ts'
import { mayAssume, refusal, SECOND_FACTOR_NEEDED } from '../sessions/mint-gate.ts'
import { defaultSkew } from '../sigv4/clock.ts'
import { SigV4Refusal } from '../sigv4/refusal.ts'
import { type Verified, type VerifyOptions, verifySigV4 } from '../sigv4/verify.ts'
import type { Reach } from './access.ts'
import { findRoleCredentials, type RolePrincipal } from './session-token.ts'

/** Who signs requests: a person in a role, or a program with an access key. */
export type Principal = ({ kind: 'role' } & RolePrincipal) | AccessKeyPrincipal

/** A request that the holder of credentials signed. */
export type SignedBy = Verified<Principal>

/** What telling the signer takes. */
export type SignatureDeps = Pick<Deps, 'sealer' | 'access' | 'revocations'> & {
  applications: Pick<Deps['applications'], 'findAccessKey'>
  settings: Pick<Settings, 'region' | 'requireSecondFactor'>
}

/**
 * Authenticates a request by its signature. The credentials must be ours and alive. Those of a role end with the session that
 * they were given to, and with its user: unlike in AWS, what the built-in broker handed out is over then. They pause while a
 * second factor is required that their person did not use, as their session does.
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
  if (principal.kind === 'access-key') return signedBy
  const reach = await deps.access.of(principal.userId, now)
  // Role credentials belong to a person's session, whichever client it is: no client's end reaches them but through it.
  if (refusal(reach?.user, { ...principal, clientHash: '' }, deps.revocations, now) !== undefined)
    throw new errors['unknown-access-key']('The session behind these credentials has ended. Sign in again.')
  if (reach !== undefined && lacksFactor(deps, reach, principal))
    throw new errors['unknown-access-key'](SECOND_FACTOR_NEEDED)
  return signedBy
}

/** Whether the instance, a group of the person or the role itself began to require what was not used for these credentials. */
function lacksFactor(
  { settings }: SignatureDeps,
  reach: Reach,
  { amr, accountId, permissionSetId }: RolePrincipal,
): boolean {
  if (amr === undefined) return false
  const role = reach.entitlements.find(
    (each) => each.accountId === accountId && each.permissionSetId === permissionSetId,
  )
  return lacksSecondFactor(settings, reach, amr) || (role !== undefined && !mayAssume(role, { amr }))
}

/** The account, and the role and person or the program, behind the credentials that signed. Needs no permission. */
export async function getCallerIdentity(_deps: unknown, { principal }: SignedBy): Promise<GetCallerIdentityOutput> {
  const { arn, accountId } = principal
  return {
    Arn: arn,
    UserId: principal.kind === 'role' ? principal.assumedRoleId : principal.programId,
    Account: accountId,
  }
}

/** Clients sign for whatever region they are configured for, and these services have an answer to each. */
const ANY_REGION: readonly string[] = [sts.name, ssoOidcFrame.name]

function verify(
  { sealer, applications, settings }: SignatureDeps,
  service: Service,
  errors: NonNullable<Service['signature']>,
  request: RawRequest,
  now: number,
): SignedBy {
  /** With one of the secrets that an access key may have: each of the instance's keys makes another. */
  const attempt = (turn: number): SignedBy => {
    let more = false
    const lookup: Lookup = (accessKeyId, sessionToken) => {
      const principal = sessionToken === undefined ? applications.findAccessKey(accessKeyId) : undefined
      if (principal === undefined) {
        const found = findRoleCredentials(sealer, accessKeyId, sessionToken)
        return found && { ...found, principal: { kind: 'role', ...found.principal } }
      }
      const secrets = secretsOf(sealer, principal.name)
      more = turn + 1 < secrets.length
      const secretAccessKey = secrets[turn]
      return secretAccessKey === undefined ? undefined : { secretAccessKey, principal }
    }
    try {
      return verifySigV4(request, {
        services: [service.signingName],
        regions: ANY_REGION.includes(service.name) ? 'any' : [settings.region],
        now,
        skew: defaultSkew,
        lookup,
      })
    } catch (error) {
      if (!(error instanceof SigV4Refusal)) throw error
      if (error.kind === 'mismatch' && more) return attempt(turn + 1)
      throw new errors[error.kind](error.message)
    }
  }
  return attempt(0)
}

type Lookup = VerifyOptions<Principal>['lookup']
