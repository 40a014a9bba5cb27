/**
 * Forms as a security boundary reads them: valid UTF-8, valid escapes, no parameter twice. `URLSearchParams` takes anything
 * and mends it, so that what was decoded need not be what was meant, or signed.
 *
 * @see https://url.spec.whatwg.org/#application/x-www-form-urlencoded
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The parameters of a form-encoded body, or a sentence that says why there are none. */
export function readForm(body: Uint8Array): ReadonlyMap<string, string> | string {
  const parameters = new Map<string, string>()
  try {
    for (const pair of utf8.decode(body).split('&')) {
      if (pair === '') continue
      const equals = pair.indexOf('=')
      const name = decode(equals < 0 ? pair : pair.slice(0, equals))
      if (parameters.has(name)) return 'The form names a parameter twice.'
      parameters.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)))
    }
  } catch {
    return 'The body is not a form: it must be percent-encoded UTF-8.'
  }
  return parameters
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
