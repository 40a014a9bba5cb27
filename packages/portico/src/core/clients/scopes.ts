/**
 * Scopes as text: how they are written in a request, and which words can be one.
 *
 * Not its job: which scopes a client may have. Registration fixes them.
 */

/**
 * The scopes of an authorization request, each once, in order. AWS clients send `scopes`, standard ones `scope`; some
 * separate by spaces, some by commas. Nothing is judged here: a word that is no scope comes through, to be refused by name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3
 */
export function parseScopeParameter(...values: (string | undefined)[]): string[] {
  const words = values.flatMap((value) => value?.split(/[ ,]/) ?? [])
  return [...new Set(words.filter((word) => word !== ''))]
}

/**
 * Whether the text is a scope: one to three words of letters, digits and `_`, joined by colons. This is the grammar of
 * AWS's `PutApplicationAccessScope`, and lies within that of RFC 6749 §3.3.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutApplicationAccessScope.html
 */
export function isScope(text: string): boolean {
  return /^[A-Za-z0-9_]{1,50}(?::[A-Za-z0-9_]{1,50}){0,2}$/.test(text)
}
