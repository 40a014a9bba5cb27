/**
 * Proof Key for Code Exchange, with S256 only: a code that somebody saw on its way is worth nothing without the verifier.
 * `plain` does not exist here, so there is nothing to downgrade to.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636
 */

import { isBase64url } from '../keys/base64url.ts'
import { sha256 } from '../keys/random.ts'

/** Whether the text is a code verifier: 43 to 128 unreserved characters. @see https://www.rfc-editor.org/rfc/rfc7636#section-4.1 */
export function isCodeVerifier(text: string): boolean {
  return /^[A-Za-z0-9\-._~]{43,128}$/.test(text)
}

/**
 * Whether the text could be an S256 challenge: base64url of 32 bytes. The RFC's grammar is wider for the sake of `plain`;
 * what no verifier can hash to is refused at once, instead of when its code is exchanged.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.2
 */
export function isCodeChallenge(text: string): boolean {
  return text.length === 43 && isBase64url(text)
}

/** The S256 challenge of a verifier. @see https://www.rfc-editor.org/rfc/rfc7636#section-4.6 */
export function challengeOf(verifier: string): string {
  return sha256(verifier)
}
