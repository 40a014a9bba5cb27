/** What a start URL says about where its service is. */

/** Hosts of AWS's own access portals; the names below them are customers'. */
const awsHosts = [
  'app.aws',
  'portal.amazonaws.com',
  'portal.amazonaws.com.cn',
  'app.amazonwebservices.com.cn',
  'portal.amazonaws.eu',
  'api.amazonwebservices.eu',
  'awsapps.com',
  'awsapps.cn',
]

/** A host under which AWS can give no name: start URLs of Portico use it, because newer AWS CLIs accept no other domain. */
const ALIAS = '.portico.invalid.awsapps.com'

/** Whether a start URL is one that AWS's own service answers for. */
export function isAws(startUrl: string): boolean {
  const { hostname } = new URL(startUrl)
  if (hostname.endsWith(ALIAS)) return false
  return awsHosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
}

/** Whether a start URL only stands for a Portico, and does not say where it is. */
export function isAlias(startUrl: string): boolean {
  return URL.canParse(startUrl) && new URL(startUrl).hostname.endsWith(ALIAS)
}

/** The whole start URL of what a person typed: of a Portico its origin is enough. */
export function wholeStartUrl(typed: string): string {
  const url = new URL(typed)
  return url.pathname === '/' && !isAws(typed) ? new URL('/start', url).href : typed
}
