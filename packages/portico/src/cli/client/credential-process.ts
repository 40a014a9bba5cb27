/**
 * `portico credential-process`: what the AWS tools read from a program that a profile names. Nothing but JSON on standard
 * output, ever.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
import { isSignInError } from 'ssooidc/sign-in'
import { exportCredentials } from '../../core/access/credential-formats.ts'
import { interruptible } from './interruption.ts'
import { type LoginFlags, signInIfNeeded } from './login.ts'
import { roleCredentials } from './role-credentials.ts'
import { resolveRole } from './target.ts'

/** Prints credentials; with `--auto-login` it signs the person in first, when that is all that is missing. */
export async function credentialProcess(flags: LoginFlags & { readonly autoLogin?: boolean }): Promise<void> {
  const target = resolveRole(flags)
  const credentials = await roleCredentials(target).catch(async (thrown) => {
    if (!flags.autoLogin || !isSignInError(thrown, 'sign-in-needed')) throw thrown
    await interruptible((signal) => signInIfNeeded(target, { ...flags, force: true }, signal))
    return roleCredentials(target)
  })
  process.stdout.write(exportCredentials('json', credentials))
}
