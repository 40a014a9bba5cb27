/**
 * Base64url without padding, read strictly: a token has one spelling. Node's decoder also takes the other alphabet,
 * padding, white space and stray last bits, any of which would let one token pass for another in a deny list or a log.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-3.5
 */

/** The bytes that the text spells, or undefined when it is not their one spelling. The empty text spells no bytes. */
export function decodeBase64url(text: string): Buffer | undefined {
  // Spelling the bytes again is cheaper than judging each character, and cannot disagree with the decoder.
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

/** Whether the text is the one base64url spelling of some bytes. */
export function isBase64url(text: string): boolean {
  return decodeBase64url(text) !== undefined
}
