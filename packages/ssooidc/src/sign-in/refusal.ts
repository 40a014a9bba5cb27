/**
 * What it means that a browser came back without a code, in the service's own words.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
 */
import {
  AccessDeniedException,
  InternalServerException,
  ServiceUnavailableException,
} from '../protocol/sso-oidc/errors.ts'
import { SignInError } from './errors.ts'

/** Codes of a service that may do it another time: `server_error`, `temporarily_unavailable`. */
const passing: readonly (string | undefined)[] = [InternalServerException, ServiceUnavailableException].map(
  ({ spec }) => spec.error,
)

/** The error to throw: `denied`, `failed` or `refused`. */
export function refusalOf(error: string, description: string | undefined): SignInError {
  const words = plain(description ?? '')
  const why = words === '' ? plain(error) : `${words.replace(/\.$/, '')} (${plain(error)})`
  if (error === AccessDeniedException.spec.error)
    return new SignInError(
      'denied',
      `The sign-in was denied in the browser${words === '' ? '' : `: ${words}`}`.replace(/\.?$/, '.'),
    )
  if (passing.includes(error))
    return new SignInError('failed', `The service could not sign you in: ${why}. Try again in a moment.`)
  return new SignInError('refused', `The service refused the sign-in: ${why}.`)
}

/** Words that came through a browser's address, fit for a terminal: one line, of a length that somebody reads, nothing that steers it. */
function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
}
