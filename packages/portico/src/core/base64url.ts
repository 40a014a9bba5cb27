/**
 * Base64url without padding, read strictly: a token has one spelling. Node's decoder also takes the other alphabet,
 * padding, white space and stray last bits, any of which would let one token pass for another in a deny list or a log.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-3.5
 */

/** Whole quadruples, then what one or two left-over bytes may end in: the unused low bits are zero. */
const CANONICAL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$/

/** Whether the text is the one base64url spelling of some bytes. The empty text is that of none. */
export function isBase64url(text: string): boolean {
  return CANONICAL.test(text)
}

/** The bytes that the text spells, or undefined when it is not their one spelling. */
export function decodeBase64url(text: string): Buffer | undefined {
  return isBase64url(text) ? Buffer.from(text, 'base64url') : undefined
}
