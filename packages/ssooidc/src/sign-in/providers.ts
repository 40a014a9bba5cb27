/**
 * What AWS SDKs for JavaScript take for `token` and `credentials`, from the person's sign-in.
 *
 *     const s3 = new S3Client({ credentials: credentialProvider({ profile: 'dev' }) })
 */
import { getRoleCredentials } from '../client/operations.ts'
import { UnauthorizedException } from '../protocol/sso-portal/index.ts'
import { connectionsOf } from './around.ts'
import { SignInError, says } from './errors.ts'
import { type RefreshOptions, refresh } from './refresh.ts'
import { keyOf, type Session } from './session.ts'

/** Whose sign-in: a session, or a profile of the shared files that names one. */
export type SignedInAs = (
  | { readonly session: Session; readonly profile?: undefined }
  | { readonly session?: undefined; readonly profile?: string | undefined }
) &
  Omit<RefreshOptions, 'refused' | 'signal'>

/** As the SDKs know it. */
export type TokenIdentity = { readonly token: string; readonly expiration: Date }

/** As the SDKs know it. */
export type AwsCredentialIdentity = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly expiration: Date
  readonly accountId: string
}

/** A role in an account; a profile says both itself. */
export type RoleChoice = { readonly accountId?: string | undefined; readonly roleName?: string | undefined }

/**
 * Gives the access token, fresh each time it is asked. Callers in one process that ask at the same moment share one answer.
 *
 * The function that it returns throws SignInError `sign-in-needed` when only a person can help.
 */
export function tokenProvider(as: SignedInAs = {}): () => Promise<TokenIdentity> {
  return shared(async () => {
    const { session, options } = await settle(as)
    const { accessToken, expiresAt } = await refresh(session, options)
    return { token: accessToken, expiration: new Date(expiresAt) }
  })
}

/**
 * Gives credentials of a role. SDKs remember them until shortly before they end.
 *
 * The function that it returns throws SignInError `sign-in-needed` when only a person can help, and
 * ServiceException `ForbiddenException` for a role that the person does not have.
 */
export function credentialProvider(as: SignedInAs & RoleChoice = {}): () => Promise<AwsCredentialIdentity> {
  return shared(async () => {
    const { session, options, accountId = as.accountId, roleName = as.roleName } = await settle(as)
    if (accountId === undefined || roleName === undefined)
      throw new TypeError('credentialProvider needs an accountId and a roleName, or a profile that has both')
    const to = connectionsOf(session, options.client)
    try {
      const token = await refresh(session, options)
      const ask = async (accessToken: string) => getRoleCredentials(to, { accessToken, accountId, roleName })
      const { roleCredentials } = await ask(token.accessToken).catch(async (thrown) => {
        if (!says(thrown, UnauthorizedException)) throw thrown
        // It was revoked, or our clock is wrong.
        const next = await refresh(session, { ...options, refused: token.accessToken })
        return ask(next.accessToken)
      })
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = roleCredentials
      return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiration), accountId }
    } catch (thrown) {
      if (!says(thrown, UnauthorizedException)) throw thrown
      throw new SignInError('sign-in-needed', `The sign-in to ${keyOf(session)} was ended. Sign in again.`, {
        cause: thrown,
      })
    } finally {
      await to[Symbol.asyncDispose]()
    }
  })
}

async function settle(as: SignedInAs & RoleChoice) {
  const { session, profile, accountId, roleName, ...options } = as
  if (session !== undefined) return { session, options, accountId, roleName }
  const { signInOf } = await import('./node-profile.ts')
  const found = signInOf(profile, options.client?.env)
  // Endpoint and certificates, too, are the profile's.
  const client = { ...options.client, profile: found.profile }
  return {
    session: found.session,
    options: { ...options, client },
    accountId: accountId ?? found.accountId,
    roleName: roleName ?? found.roleName,
  }
}

/** Who asks while an answer is on its way gets the same. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let under: Promise<T> | undefined
  return () => {
    under ??= ask().finally(() => {
      under = undefined
    })
    return under
  }
}
