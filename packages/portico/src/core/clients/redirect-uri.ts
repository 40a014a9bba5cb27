/**
 * Redirect URIs: which may be registered, and which request meets which registration.
 *
 * A request meets a registration when the two are the same text, character by character. Two things keep that simple rule
 * safe. Nothing is registered that two parsers could read differently, so one text is one place. And there is one exception
 * only, the port of a loopback address, because a program cannot know in advance which port it will get.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.1.3
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7
 */

/** Greatest length of a redirect URI, in characters. */
export const MAX_REDIRECT_URI_LENGTH = 512

/**
 * Why the URI cannot be registered, as a sentence for whoever wrote it; undefined when it can. Accepted are
 *
 * - `https://` on any host;
 * - `http://` on the loopback addresses 127.0.0.1 and [::1], whose port is then ignored in requests;
 * - `http://localhost`, which RFC 8252 §8.3 advises against but which programs use: it is a name, which can be made to mean
 *   another machine, so it is matched exactly, port included;
 * - private-use schemes, which must be a domain name backwards and so hold a dot, as in `com.example.app:/callback`.
 *
 * AWS's reference gives `127.0.0.1:PORT/oauth/callback` as an example. It has no scheme and so names no place to which a
 * browser could be sent; every AWS client registers `http://127.0.0.1/oauth/callback`, and the answer says so.
 */
export function checkRedirectUri(uri: string): string | undefined {
  return checkCharacters(uri) ?? checkForm(uri)
}

/** Whether a request may be answered at `requested`, given what its client registered. */
export function matchesRegistered(requested: string, registered: readonly string[]): boolean {
  const portless = withoutLoopbackPort(requested)
  return registered.some(
    (uri) => uri === requested || (portless !== undefined && withoutLoopbackPort(uri) === portless),
  )
}

/** A loopback address, a port that some program can listen on, and whatever follows, which cannot be more authority. */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?((?:[/?].*)?)$/

/**
 * The loopback URI as if it had no port; undefined for every other URI. Only literal addresses count: `localhost` is a name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
function withoutLoopbackPort(uri: string): string | undefined {
  const [, origin, port, rest] = LOOPBACK.exec(uri) ?? []
  return origin !== undefined && Number(port ?? 0) <= 65_535 ? `${origin}${rest}` : undefined
}

/** What RFC 3986 lets a URI consist of, apart from `#`, which begins a fragment, and `*`, which people take for a wildcard. */
const CHARACTERS = /^[A-Za-z0-9\-._~:/?[\]@!$&'()+,;=%]+$/

function checkCharacters(uri: string): string | undefined {
  if (uri === '') return 'A redirect URI must not be empty.'
  if (uri.length > MAX_REDIRECT_URI_LENGTH) return `A redirect URI has at most ${MAX_REDIRECT_URI_LENGTH} characters.`
  if (uri.includes('#')) return 'A redirect URI must not have a fragment (#).'
  if (uri.includes('*')) return 'A redirect URI must not hold a wildcard (*): register each URI as it will be used.'
  if (uri.includes('\\')) return 'A redirect URI must not hold a backslash.'
  if (!CHARACTERS.test(uri)) {
    return 'A redirect URI must hold only the characters of RFC 3986: encode spaces and others, and write host names in ASCII.'
  }
  if (/%(?![0-9A-Fa-f]{2})/.test(uri)) return 'Each % in a redirect URI must be followed by two hexadecimal digits.'
  if (/%(?:[01][0-9A-F]|7F)/i.test(uri)) return 'A redirect URI must not hold an encoded control character.'
  return undefined
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/
/** Authority, path, query: nothing else is left once fragments are gone. A path without a slash in front is no match. */
const HIERARCHY = /^(?:\/\/([^/?]*))?(\/[^?]*)?(\?.*)?$/

function checkForm(uri: string): string | undefined {
  const [, scheme, rest = ''] = SCHEME.exec(uri) ?? []
  if (scheme === undefined || scheme === 'localhost') {
    return 'A redirect URI must begin with its scheme, for example http://127.0.0.1/oauth/callback.'
  }
  if (scheme !== scheme.toLowerCase()) return 'Write the scheme of a redirect URI in lower case.'
  const web = scheme === 'https' || scheme === 'http'
  const [, authority = '', path = '', query = ''] = HIERARCHY.exec(rest) ?? []
  return (
    (web ? checkAuthority(scheme, authority) : checkPrivateUse(scheme, authority, path)) ??
    checkPath(path) ??
    checkQuery(query) ??
    // The last word is the parser's that browsers use: what it would rewrite, it reads differently than we do.
    (reparsed(uri) === (web && path === '' ? `${scheme}://${authority}/${query}` : uri)
      ? undefined
      : 'A redirect URI must be written as browsers normalise it.')
  )
}

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])$`)

function checkAuthority(scheme: string, authority: string): string | undefined {
  if (authority === '') return 'A redirect URI must name a host after the two slashes.'
  if (authority.includes('@')) return 'A redirect URI must not hold a user name or password (@ before the path).'
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(authority) ?? []
  if (!HOST.test(host) || host.length > 253) {
    return 'A redirect URI must name its host in lower-case ASCII, as a domain name or a literal address.'
  }
  if (port !== undefined && !(/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65_535)) {
    return 'The port of a redirect URI must be a number from 1 to 65535, without leading zeros.'
  }
  if (Number(port) === (scheme === 'https' ? 443 : 80)) return `Leave out the port ${port}: it is that of the scheme.`
  if (scheme === 'http' && host !== '127.0.0.1' && host !== '[::1]' && host !== 'localhost') {
    return 'A redirect URI must use https, or http on the loopback address 127.0.0.1 or [::1].'
  }
  return undefined
}

/** Brackets belong around IPv6 addresses and nowhere else. */
const BRACKETS = /[[\]]/

/** What servers on the way may decode, and then see another path: dots, slashes, backslashes, `%` itself and `;`. */
const ENCODED_STRUCTURE = /%(?:2e|2f|5c|25|3b)/i

function checkPath(path: string): string | undefined {
  if (BRACKETS.test(path)) return 'The path of a redirect URI must not hold square brackets.'
  if (ENCODED_STRUCTURE.test(path)) {
    return 'The path of a redirect URI must not hold an encoded dot, slash, backslash, semicolon or percent sign.'
  }
  // Some servers drop what follows a semicolon before they resolve dots, so `..;x` is two dots to them.
  if (path.split('/').some((segment) => /^\.{1,2}(?:;|$)/.test(segment))) {
    return 'The path of a redirect URI must not hold a segment "." or "..".'
  }
  return undefined
}

/** Members that we append to the URI, and that a client would otherwise find there twice. */
const RESPONSE_MEMBERS = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri']

function checkQuery(query: string): string | undefined {
  if (BRACKETS.test(query)) return 'The query of a redirect URI must not hold square brackets: encode them.'
  const taken = RESPONSE_MEMBERS.find((name) => new URLSearchParams(query).has(name))
  return taken && `The query of a redirect URI must not hold "${taken}": the answer adds it.`
}

/** A domain name backwards: at least two labels. */
const REVERSED_DOMAIN = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/

/** @see https://www.rfc-editor.org/rfc/rfc8252#section-7.1 */
function checkPrivateUse(scheme: string, authority: string, path: string): string | undefined {
  if (!REVERSED_DOMAIN.test(scheme)) {
    return `A redirect URI cannot use the scheme "${scheme}": use https, a loopback address, or a scheme like com.example.app.`
  }
  if (authority === '' && path === '') return 'After its scheme, a redirect URI needs a path that begins with a slash.'
  if (path.startsWith('//')) return 'The path of a redirect URI must not begin with two slashes.'
  if (authority !== '' && !HOST.test(authority)) {
    return 'After a private-use scheme, what stands between // and the path must be a plain lower-case name.'
  }
  return undefined
}

function reparsed(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).href : undefined
}
