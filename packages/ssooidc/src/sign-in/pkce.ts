/** Proof Key for Code Exchange, the program's side, with S256 only. @see https://www.rfc-editor.org/rfc/rfc7636 */

/** A verifier, kept by the program, and its challenge, which goes through the browser. */
export type Proof = { readonly verifier: string; readonly challenge: string }

/** A new proof. */
export async function createProof(): Promise<Proof> {
  const verifier = randomText()
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return { verifier, challenge: base64url(new Uint8Array(hash)) }
}

/** 32 random bytes as 43 characters: nobody guesses it. */
export function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

/** Whether two texts are the same, in a time that says nothing about where they differ. */
export function isSame(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < b.length; i++) difference |= a.charCodeAt(i % (a.length || 1)) ^ b.charCodeAt(i)
  return difference === 0
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
