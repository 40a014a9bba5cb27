/**
 * The session token of the built-in broker: the third part of role credentials, which goes with every signed request. It is
 * sealed and carries the credentials' own secret, so that a signature is verified without a lookup and nothing is stored.
 *
 * The secret in it is random. Derived from anything that the token's holder can see, it could be computed instead of known.
 */
import type { Amr, Flow } from '../../storage/storage.ts'
import { format, parse } from '../keys/opaque-token.ts'
import type { Sealer } from '../keys/sealing.ts'
import type { SigningCredentials } from '../sigv4/verify.ts'

/** Who signs with role credentials: a person, in a role. */
export type RolePrincipal = {
  accountId: string
  /** Of the role in use: `arn:aws:sts::…:assumed-role/…/<user name>`. */
  arn: string
  /** `AROA…:<user name>`. */
  assumedRoleId: string
  roleName: string
  permissionSetId: string
  userId: string
  /** The session that the credentials were given to. */
  sessionId: string
  flow: Flow | 'browser'
  /** When the person proved who they are, for that session. */
  authenticatedAt: number
  /** What they proved it with. Absent in credentials of a version that did not say. */
  amr?: Amr
  expiresAt: number
}

/** What a session token says. */
export type SessionTokenClaims = RolePrincipal & { accessKeyId: string; secretAccessKey: string }

/** The longest that role credentials live: twelve hours, AWS's own bound for a permission set. In milliseconds. */
export const LONGEST_ROLE_CREDENTIALS_LIFE = 12 * 3_600_000

/** The session token that says this. */
export function sealSessionToken(sealer: Sealer, claims: SessionTokenClaims): string {
  return format('sessionToken', sealer.seal('session-token', claims))
}

/** What a session token says; undefined unless we sealed it. It may have expired. */
export function openSessionToken(sealer: Sealer, token: string): SessionTokenClaims | undefined {
  const body = parse('sessionToken', token)
  return body === undefined ? undefined : sealer.open<SessionTokenClaims>('session-token', body)
}

/**
 * The credentials behind a signature, for `verifySigV4`. The access key must be the one in the token: otherwise one
 * person's token could vouch for the name of another's key.
 */
export function findRoleCredentials(
  sealer: Sealer,
  accessKeyId: string,
  sessionToken: string | undefined,
): SigningCredentials<RolePrincipal> | undefined {
  const claims = sessionToken === undefined ? undefined : openSessionToken(sealer, sessionToken)
  if (claims?.accessKeyId !== accessKeyId) return undefined
  const { accessKeyId: _, secretAccessKey, ...principal } = claims
  return { secretAccessKey, principal, expiresAt: principal.expiresAt }
}
