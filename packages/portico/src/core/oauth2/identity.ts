/** What a client that asked for it learns about a person. */

import type { UserInfoOutput } from '../../protocol/oauth2.ts'
import { InsufficientScopeException, InvalidTokenException } from '../../protocol/oauth2-errors.ts'
import type { Amr, AuthenticationMethod, User } from '../../storage/storage.ts'
import type { Holder } from '../access/portal.ts'
import { hasSecondFactor } from '../factors/requirements.ts'
import { SECOND_FACTOR_NEEDED } from '../sessions/mint-gate.ts'

/**
 * The claims that scopes stand for. The subject is the person's id, which never changes and is never given to another.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
 */
export function identityOf(user: User, scopes: readonly string[]): UserInfoOutput {
  return {
    sub: user.id,
    ...(scopes.includes('profile')
      ? {
          preferred_username: user.userName,
          name: user.displayName,
          given_name: user.givenName ?? undefined,
          family_name: user.familyName ?? undefined,
        }
      : {}),
    ...(scopes.includes('email') ? { email: user.email ?? undefined } : {}),
  }
}

/** The registered names of what people prove themselves with. Of a passkey nobody can say where its key lives. */
const METHOD_REFERENCES: Readonly<Record<AuthenticationMethod, string>> = {
  password: 'pwd',
  totp: 'otp',
  'recovery-code': 'otp',
  passkey: 'pop',
}

/**
 * How a person proved who they are, in the standard's words, with `mfa` where it was by two factors.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8176
 */
export function methodReferences(amr: Amr): readonly string[] {
  return [...new Set(amr.map((method) => METHOD_REFERENCES[method])), ...(hasSecondFactor(amr) ? ['mfa'] : [])]
}

/**
 * The claims for the holder of an access token.
 *
 * @throws InsufficientScopeException, InvalidTokenException
 * @see https://openid.net/specs/openid-connect-core-1_0.html#UserInfo
 */
export async function describePerson({ claims, reach, needsSecondFactor }: Holder): Promise<UserInfoOutput> {
  if (needsSecondFactor) throw new InvalidTokenException(SECOND_FACTOR_NEEDED)
  if (!claims.scopes.includes('openid'))
    throw new InsufficientScopeException('The session was approved without the scope openid.')
  return identityOf(reach.user, claims.scopes)
}
