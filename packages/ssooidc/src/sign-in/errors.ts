/** Why there is no token. The name and the reason are data, so that they survive a minifier. */
import { type ErrorClass, isServiceException } from '../protocol/error.ts'

/**
 * - `sign-in-needed`: there is no usable token, and only a person can change that.
 * - `denied`: the person, or an administrator's rule, said no.
 * - `expired`: nobody decided in time.
 * - `refused`: the service does not let this program sign in, or not like this; who the person is does not matter.
 * - `failed`: the service could not, for a reason of its own that may pass.
 * - `unavailable`: this method of signing in cannot be used here; another may.
 * - `locked`: another process holds the session's token for longer than anybody should.
 * - `unwritable`: a token could not be kept, such as on a full disk or in a folder that may only be read.
 */
export type SignInReason =
  | 'sign-in-needed'
  | 'denied'
  | 'expired'
  | 'refused'
  | 'failed'
  | 'unavailable'
  | 'locked'
  | 'unwritable'

/** Signing in, or going on signed in, did not work out. The message says what to do. */
export class SignInError extends Error {
  readonly reason: SignInReason
  constructor(reason: SignInReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SignInError'
    this.reason = reason
  }
}

/** Whether something thrown is a `SignInError`, of this copy of the package or another, and, where given, for that reason. */
export function isSignInError(thrown: unknown, reason?: SignInReason): thrown is SignInError {
  return (
    thrown instanceof Error && thrown.name === 'SignInError' && (!reason || (thrown as SignInError).reason === reason)
  )
}

/** Whether a service said exactly this. */
export function says(thrown: unknown, ...errors: readonly ErrorClass[]): boolean {
  return errors.some(({ spec }) => isServiceException(thrown, spec.name))
}
