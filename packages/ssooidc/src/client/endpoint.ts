/**
 * Where a service is: at the endpoint that was given, or at the one of an AWS Region.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/sso.html
 */
import type { Settings } from '../config/defaults.ts'
import { ConfigError } from './errors.ts'

type Partition = readonly [regions: string, suffix: string, dualstackSuffix: string]

// By how their Regions begin, the longer beginning first. The last is AWS's public partition, where every other Region goes.
const partitions: readonly Partition[] = [
  ['us-isob-', 'sc2s.sgov.gov', 'api.aws.scloud'],
  ['us-isof-', 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'],
  ['us-iso-', 'c2s.ic.gov', 'api.aws.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
  ['eusc-de-', 'amazonaws.eu', 'api.amazonwebservices.eu'],
  ['cn-', 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  ['', 'amazonaws.com', 'api.aws'],
]

const hostLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i

/**
 * The URL that paths are appended to. `prefix` is the first label of the service's host: `oidc`.
 *
 * @throws ConfigError when there is none, when settings contradict each other, or when it would send secrets in the clear
 */
export function endpointOf(prefix: string, settings: Omit<Settings, 'token'>, allowInsecure = false): URL {
  const { endpoint, region, useFipsEndpoint: fips = false, useDualstackEndpoint: dualstack = false } = settings
  const refuse = (problem: string): never => {
    throw new ConfigError(problem)
  }
  if (!endpoint)
    return regional(
      prefix,
      region || refuse('give an endpoint, or the region whose AWS endpoint to use'),
      fips,
      dualstack,
    )
  if (fips || dualstack)
    refuse('an endpoint of your own cannot be combined with useFipsEndpoint or useDualstackEndpoint')
  if (!URL.canParse(endpoint)) refuse('endpoint must be a whole URL, such as https://sso.example.com')
  const url = new URL(endpoint)
  const { protocol, hostname } = url
  if (url.search || url.hash || url.username || url.password)
    refuse('endpoint must have no query, no fragment and no user name')
  if (!/^https?:$/.test(protocol)) refuse('endpoint must begin with https:// or http://')
  if (protocol === 'http:' && !allowInsecure && !isLoopback(hostname))
    refuse('endpoint must be https, since requests carry secrets; allowInsecure: true permits plain http')
  return url
}

function regional(prefix: string, region: string, fips: boolean, dualstack: boolean): URL {
  if (!hostLabel.test(region)) throw new ConfigError('region must be a Region name, such as eu-central-1')
  const [, suffix, dualstackSuffix] = partitions.find(([regions]) => region.startsWith(regions)) as Partition // at least the last
  // Every endpoint of GovCloud is a FIPS one, and its IPv4 host carries no mark.
  const unmarked = !fips || (!dualstack && region.startsWith('us-gov-'))
  return new URL(`https://${prefix}${unmarked ? '' : '-fips'}.${region}.${dualstack ? dualstackSuffix : suffix}`)
}

/** Whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.*\.)?localhost|\[::1]|127(?:\.\d+){3})$/.test(hostname)
}
