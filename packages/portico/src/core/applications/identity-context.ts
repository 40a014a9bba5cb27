/**
 * What an application learns about the person behind its tokens: the id token, and in it the identity context, which it can
 * hand on so that services see the person behind a role.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/trustedidentitypropagation-identity-enhanced-iam-role-sessions.html
 */
import type { JWTPayload } from 'jose'
import type { Application, Session, TrustedTokenIssuer } from '../../storage/storage.ts'
import type { Deps } from '../deps.ts'
import { randomUuid } from '../keys/random.ts'
import { signIdToken } from '../keys/signing-keys.ts'
import { instanceAccount, instanceArn, issuerArn } from './applications.ts'

/** What an identity context says. */
export type IdentityContext = {
  userId: string
  applicationArn: string
  sessionId: string
  expiresAt: number
  /** Whether it is for audit only, and gives nothing. */
  audit: boolean
}

/** An id token, and the identity context that it holds. Each is there when its scope was granted. */
export type Identity = { idToken: string | undefined; identityContext: string | undefined }

/** Says who the person of a session is. `issuer` is who vouched for them, where somebody else did. */
export async function identify(
  deps: Deps,
  application: Application,
  session: Session,
  { expiresIn, issuer }: { expiresIn: number; issuer: TrustedTokenIssuer | undefined },
  now: number,
): Promise<Identity> {
  const { instance, settings, applications } = deps
  const applicationArn = applications.arnOf(application)
  const expiresAt = now + expiresIn * 1000
  const context = (audit: boolean) => {
    const said: IdentityContext = { userId: session.userId, applicationArn, sessionId: session.id, expiresAt, audit }
    return deps.sealer.seal('identity-context', said)
  }
  const has = (scope: string) => session.scopes.includes(scope)
  const identityContext = has('sts:identity_context') ? context(false) : undefined
  if (!has('openid')) return { idToken: undefined, identityContext }
  const claims: JWTPayload = {
    iss: settings.origin,
    sub: session.userId,
    aud: applicationArn,
    exp: Math.floor(now / 1000) + expiresIn,
    // Text, not a number: what readers of the real service's id tokens expect.
    auth_time: new Date(session.authenticatedAt).toISOString(),
    ...(has('aws') && {
      'aws:identity_store_id': instance.identityStoreId,
      'aws:identity_store_arn': `arn:${settings.partition}:identitystore::${instanceAccount(instance)}:identitystore/${instance.identityStoreId}`,
      'aws:instance_arn': instanceArn(deps),
      'aws:instance_account': instanceAccount(instance),
      'aws:credential_id': randomUuid(deps.random),
    }),
    ...(identityContext !== undefined && {
      'sts:identity_context': identityContext,
      'sts:audit_context': context(true),
    }),
    // RFC 8693 §4.1: who acts for the person.
    ...(issuer !== undefined && { act: { sub: issuerArn(deps, issuer) } }),
  }
  return { idToken: await signIdToken(deps, claims, now, application.idTokenAlgorithm), identityContext }
}
