/** Asks a start URL what is behind it. */
import { Failure } from '../../failure.ts'
import { headOf } from '../head.ts'
import { isAlias, isAws, wholeStartUrl } from '../start-url.ts'

/** What the AWS tools must be told about an instance. */
export type Discovered = {
  /** The start URL to write down. */
  readonly startUrl: string
  /** Where the services are, when not at AWS. */
  readonly endpoint: string | undefined
  /** Whether AWS CLIs since 2.35.13 accept the start URL. */
  readonly acceptedEverywhere: boolean
}

/**
 * A Portico answers HEAD on its start URL with a redirect to a start URL that stands for it, under a domain that newer AWS CLIs
 * insist on. That one is written down. A company's own name for an Identity Center of AWS leads to AWS's in the same way. Of
 * AWS itself nothing needs to be asked.
 *
 * @throws Failure when nobody answers
 */
export async function discover(typed: string, endpoint?: string): Promise<Discovered> {
  if (!URL.canParse(typed))
    throw new Failure('usage', `${typed} is no start URL, such as https://sso.example.com/start.`)
  const startUrl = wholeStartUrl(typed)
  if (isAws(startUrl)) return { startUrl, endpoint, acceptedEverywhere: true }
  if (isAlias(startUrl)) {
    if (endpoint === undefined)
      throw new Failure('usage', `${startUrl} only stands for a Portico: give --endpoint too.`)
    return { startUrl, endpoint, acceptedEverywhere: true }
  }
  const origin = endpoint ?? new URL(startUrl).origin
  const { status, headers } = await headOf(startUrl)
  const { location: alias = '' } = headers
  if (status === 404) await refuseMisspelt(startUrl)
  if (endpoint === undefined && URL.canParse(alias) && isAws(alias))
    return { startUrl: alias, endpoint: undefined, acceptedEverywhere: true }
  return isAlias(alias)
    ? { startUrl: alias, endpoint: origin, acceptedEverywhere: true }
    : { startUrl, endpoint: origin, acceptedEverywhere: false }
}

/** A server that knows no such page may be no Portico, and look at no start URL; a Portico says where its own is. */
async function refuseMisspelt(startUrl: string): Promise<void> {
  const own = new URL('/start', startUrl).href
  const { location = '' } = (await headOf(own)).headers
  if (isAlias(location))
    throw new Failure('usage', `${startUrl} is not the start URL of the Portico there: give ${own}.`)
}
