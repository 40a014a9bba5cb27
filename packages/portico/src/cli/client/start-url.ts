/** What a start URL says about where its service is. */

/** Domains of AWS's own access portals; the names below them are customers'. */
const awsDomains = [
  'app.aws',
  'portal.amazonaws.com',
  'portal.amazonaws.com.cn',
  'app.amazonwebservices.com.cn',
  'portal.amazonaws.eu',
  'api.amazonwebservices.eu',
  'awsapps.com',
  'awsapps.cn',
]

/** Hosts below which the instance is a path. */
const awsHosts = [
  'identitycenter.amazonaws.com',
  'identitycenter.amazonaws.com.cn',
  'identitycenter.amazonaws.eu',
  'identitycenter.us-gov.amazonaws.com',
]

/** Names of portals that say their Region: `ssoins-….eu-west-1.portal.amazonaws.com`, `ssoins-….portal.eu-west-1.app.aws`. */
const withRegion = [
  /^[^.]+\.(?<region>[a-z]+-[a-z-]+-\d)\.portal\.amazonaws\.(?:com|com\.cn|eu)$/,
  /^[^.]+\.portal\.(?<region>[a-z]+-[a-z-]+-\d)\.(?:app\.aws|app\.amazonwebservices\.com\.cn|api\.amazonwebservices\.eu)$/,
]

/** A host under which AWS can give no name: start URLs of Portico use it, because newer AWS CLIs accept no other domain. */
const ALIAS = '.portico.invalid.awsapps.com'

/** Whether a start URL is one that AWS's own service answers for. */
export function isAws(startUrl: string): boolean {
  const { hostname } = new URL(startUrl)
  if (hostname.endsWith(ALIAS)) return false
  return awsHosts.includes(hostname) || awsDomains.some((name) => hostname === name || hostname.endsWith(`.${name}`))
}

/** The Region that AWS's own start URLs may say. */
export function regionIn(startUrl: string): string | undefined {
  const { hostname } = new URL(startUrl)
  return withRegion.map((pattern) => pattern.exec(hostname)?.groups?.region).find((region) => region !== undefined)
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
