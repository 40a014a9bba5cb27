/**
 * Settings, each with its origin. What code says wins over the environment, the environment over the profile, the profile
 * over the default.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
import { DEFAULTS, type Settings } from './defaults.ts'
import { ConfigError } from './errors.ts'
import { isGiven } from './given.ts'
import { type Profile, resolveProfile } from './profile.ts'
import type { Environment, Setting, Surroundings } from './surroundings.ts'

/** Every setting that has a value, by name. */
export type ResolvedConfig = { readonly [Name in keyof Settings]-?: Setting<NonNullable<Settings[Name]>> | undefined }

/**
 * The effective settings of a client, those of `given` that count as not given ('', null, undefined) left out. `serviceId`
 * is the contract's, such as `SSO OIDC`, since endpoints are set by service, and tokens by `signingName`.
 *
 * @throws ConfigError, ProfileNotFoundError
 */
export function resolveSettings(
  serviceId: string,
  given: Settings,
  { env, files }: Surroundings,
  signingName?: string,
): ResolvedConfig {
  const shared = files()
  const profile = shared && resolveProfile(shared, env, given.profile)
  const config: Record<string, Setting<unknown>> = {}
  for (const [name, value] of Object.entries(DEFAULTS)) config[name] = { value, origin: 'default' }
  if (profile) config.profile = { value: profile.name, origin: profile.origin }
  for (const [name, [read, ...places]] of Object.entries(sources)) {
    const found = first(places, { serviceId, signingName, env, profile })
    if (found === undefined) continue
    const value = read(found.value)
    if (value === undefined) throw new ConfigError(`${found.value} is no value for ${name} (${found.origin})`)
    config[name] = { value, origin: found.origin }
  }
  for (const [name, value] of Object.entries(given)) if (isGiven(value)) config[name] = { value, origin: 'option' }
  return config as ResolvedConfig // each value was read by its own source, or was given
}

type Around = {
  readonly serviceId: string
  readonly signingName: string | undefined
  readonly env: Environment
  readonly profile: Profile | undefined
}
type Place = (around: Around) => Setting<string> | undefined
type Read = (text: string) => string | number | boolean | undefined

const text: Read = (value) => value
const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])
const flag: Read = (value) => flags.get(value.toLowerCase())
const oneOf =
  (...known: string[]): Read =>
  (value) =>
    known.find((each) => each === value.toLowerCase())
const count: Read = (value) => (/^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined)

// How long a connection may take to stand, by the mode that a whole fleet was set to. `auto` would have to ask the network.
const connectTimeouts: ReadonlyMap<string, number> = new Map([
  ['legacy', DEFAULTS.connectTimeoutMs],
  ['auto', 3_100],
  ['standard', 3_100],
  ['cross-region', 3_100],
  ['in-region', 1_100],
  ['mobile', 30_000],
])

const variable =
  (...names: string[]): Place =>
  ({ env }) => {
    for (const name of names) {
      const value = env[name]
      if (value) return { value, origin: `environment ${name}` }
    }
    return undefined
  }

const key =
  (name: string): Place =>
  ({ profile }) =>
    profile?.get(name)

const endpointOfService: Place = (around) =>
  first(
    [
      variable(`AWS_ENDPOINT_URL_${around.serviceId.toUpperCase().replaceAll(' ', '_')}`),
      variable('AWS_ENDPOINT_URL'),
      inServices,
      key('endpoint_url'),
    ],
    around,
  )

const inServices: Place = ({ serviceId, profile }) => {
  const services = profile?.get('services')
  if (profile === undefined || services === undefined) return undefined
  const url = profile
    .below(`services ${services.value}`, serviceId.toLowerCase().replaceAll(' ', '_'))
    ?.get('endpoint_url')
  return url ? { value: url, origin: `services ${services.value}, named by ${services.origin}` } : undefined
}

const endpointUnlessIgnored: Place = (around) => {
  const ignore = first(
    [variable('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'), key('ignore_configured_endpoint_urls')],
    around,
  )
  return ignore !== undefined && flag(ignore.value) === true ? undefined : endpointOfService(around)
}

/** Only of the service that the token is for. @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html */
const bearerToken: Place = (around) =>
  variable(`AWS_BEARER_TOKEN_${around.signingName?.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`)(around)

const sources: { readonly [Name in keyof Settings]?: readonly [Read, ...Place[]] } = {
  endpoint: [text, endpointUnlessIgnored],
  // Last the Region of the sign-in session, since the profile's own may be where its programs work.
  region: [
    text,
    variable('AWS_REGION', 'AWS_DEFAULT_REGION'),
    key('region'),
    ({ profile }) => profile?.sso('sso_region'),
  ],
  useFipsEndpoint: [flag, variable('AWS_USE_FIPS_ENDPOINT'), key('use_fips_endpoint')],
  useDualstackEndpoint: [flag, variable('AWS_USE_DUALSTACK_ENDPOINT'), key('use_dualstack_endpoint')],
  connectTimeoutMs: [(mode) => connectTimeouts.get(mode), variable('AWS_DEFAULTS_MODE'), key('defaults_mode')],
  maxAttempts: [count, variable('AWS_MAX_ATTEMPTS'), key('max_attempts')],
  retryMode: [oneOf('standard', 'adaptive', 'legacy'), variable('AWS_RETRY_MODE'), key('retry_mode')],
  caBundle: [text, variable('AWS_CA_BUNDLE'), key('ca_bundle')],
  httpsProxy: [text, variable('https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY')],
  // Upper-case HTTP_PROXY as well: only a CGI program could be given that one by a stranger.
  httpProxy: [text, variable('http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY')],
  noProxy: [text, variable('no_proxy', 'NO_PROXY')],
  token: [text, bearerToken],
  appId: [text, variable('AWS_SDK_UA_APP_ID'), key('sdk_ua_app_id')],
  stsRegionalEndpoints: [
    oneOf('regional', 'legacy'),
    variable('AWS_STS_REGIONAL_ENDPOINTS'),
    key('sts_regional_endpoints'),
  ],
}

function first(places: readonly Place[], around: Around): Setting<string> | undefined {
  for (const place of places) {
    const found = place(around)
    if (found !== undefined) return found
  }
  return undefined
}
