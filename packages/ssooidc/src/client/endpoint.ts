/**
 * Where a service is: at the endpoint that was given, or at the one of an AWS Region.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/sso.html
 */
import type { Settings } from '../config/defaults.ts'
import { ConfigError } from './errors.ts'

type Partition = readonly [regions: RegExp, suffix: string, dualstackSuffix: string]

// The first is AWS's public partition, and also where a Region goes that fits no pattern.
const partitions: readonly [Partition, ...Partition[]] = [
  [/^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/, 'amazonaws.com', 'api.aws'],
  [/^cn-\w+-\d+$/, 'amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  [/^us-gov-\w+-\d+$/, 'amazonaws.com', 'api.aws'],
  [/^eusc-(de)-\w+-\d+$/, 'amazonaws.eu', 'api.amazonwebservices.eu'],
  [/^us-iso-\w+-\d+$/, 'c2s.ic.gov', 'api.aws.ic.gov'],
  [/^us-isob-\w+-\d+$/, 'sc2s.sgov.gov', 'api.aws.scloud'],
  [/^eu-isoe-\w+-\d+$/, 'cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk'],
  [/^us-isof-\w+-\d+$/, 'csp.hci.ic.gov', 'api.aws.hci.ic.gov'],
]

const hostLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i

/**
 * The URL that paths are appended to. `prefix` is the first label of the service's host: `oidc`.
 *
 * @throws ConfigError when there is none, when settings contradict each other, or when it would send secrets in the clear
 */
export function endpointOf(prefix: string, settings: Settings, allowInsecure = false): URL {
  const { endpoint, region, useFipsEndpoint = false, useDualstackEndpoint = false } = settings
  if (!endpoint) {
    if (!region) throw new ConfigError('give an endpoint, or the region whose AWS endpoint to use')
    return regional(prefix, region, useFipsEndpoint, useDualstackEndpoint)
  }
  if (useFipsEndpoint || useDualstackEndpoint)
    throw new ConfigError('an endpoint of your own cannot be combined with useFipsEndpoint or useDualstackEndpoint')
  if (!URL.canParse(endpoint)) throw new ConfigError('endpoint must be a whole URL, such as https://sso.example.com')
  const url = new URL(endpoint)
  if (url.search || url.hash || url.username || url.password)
    throw new ConfigError('endpoint must have no query, no fragment and no user name')
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:') throw new ConfigError('endpoint must begin with https:// or http://')
  if (!allowInsecure && !isLoopback(url.hostname))
    throw new ConfigError(
      'endpoint must be https, since requests carry secrets; allowInsecure: true permits plain http',
    )
  return url
}

function regional(prefix: string, region: string, fips: boolean, dualstack: boolean): URL {
  if (!hostLabel.test(region)) throw new ConfigError('region must be a Region name, such as eu-central-1')
  const [, suffix, dualstackSuffix] = partitions.find(([regions]) => regions.test(region)) ?? partitions[0]
  // Every endpoint of GovCloud is a FIPS one, and its IPv4 host carries no mark.
  const unmarked = !fips || (!dualstack && region.startsWith('us-gov-'))
  return new URL(`https://${prefix}${unmarked ? '' : '-fips'}.${region}.${dualstack ? dualstackSuffix : suffix}`)
}

/** Whether a URL's host is this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
