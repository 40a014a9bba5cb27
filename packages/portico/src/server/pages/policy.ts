/**
 * The Content-Security-Policy under which every page here works: style, script and images of this origin, nothing inline,
 * in nobody's frame.
 *
 * @param redirectUri where the consent form's answer leads. Browsers hold a form's redirects against `form-action` too, so
 * without it an approval would never reach the program that waits for it.
 * @see https://www.w3.org/TR/CSP3/#directive-form-action
 */
export function contentSecurityPolicy(redirectUri?: string): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    `form-action 'self'${redirectUri === undefined ? '' : ` ${source(redirectUri)}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

/** A source expression has no spelling for an IPv6 address, so `http://[::1]:1234` can only be allowed by its scheme. */
function source(uri: string): string {
  const { protocol, hostname, origin } = new URL(uri)
  return hostname.startsWith('[') || origin === 'null' ? protocol : origin
}
