/**
 * `ssooidc/paws`: the client under the names of paws, the AWS SDK for R, for whoever moves a program from there. Arguments,
 * defaults and merging are those of its documentation; what a name means is done by `client`.
 *
 * Times are in seconds here, and only here.
 *
 * @see https://www.paws-r-sdk.com/docs/ssooidc/
 */

import { ssooidc as client } from '../client/client.ts'
import { type CreateTokenRequest, withUnderscore } from '../client/grants.ts'
import type { ClientOptions } from '../client/options.ts'
import { ConfigError } from '../config/errors.ts'
import { isGiven } from '../config/given.ts'
import { nearestHint } from '../config/nearest.ts'
import type { HyphenatedGrant, Maybe, PawsConfig, PawsCreateToken, PawsCredentials, PawsService } from './names.ts'

export type { PawsConfig, PawsCreateToken, PawsCredentials, PawsCreds, PawsService } from './names.ts'

/**
 * A client, as `paws::ssooidc()` makes it. `credentials`, `endpoint` and `region` are shorthands that win over the same
 * leaves of `config` and leave its other leaves alone.
 *
 * The grant type that paws documents with a hyphen is sent as the service knows it, with a warning, once.
 *
 * @throws ConfigError for a name that is unknown, a value of the wrong kind, or half a pair of keys
 */
export function ssooidc(
  config: Maybe<PawsConfig> = {},
  credentials: Maybe<PawsCredentials> = {},
  endpoint?: Maybe<string>,
  region?: Maybe<string>,
): PawsService {
  const merged = merge(checked('config', config, configNames), {
    credentials: checked('credentials', credentials, credentialNames),
    endpoint,
    region,
  })
  const service = client(toOptions(merged))
  const createToken: PawsCreateToken = async (input, options) => service.createToken(asKnown(input), options)
  return {
    ...service,
    createToken,
    create_token: createToken,
    create_token_with_iam: service.createTokenWithIAM,
    register_client: service.registerClient,
    start_device_authorization: service.startDeviceAuthorization,
  }
}

type Tree = { readonly [name: string]: unknown }

const configNames = [
  'credentials',
  'endpoint',
  'region',
  'close_connection',
  'timeout',
  'connect_timeout',
  'max_retries',
  's3_force_path_style',
  'sts_regional_endpoint',
]
const credentialNames = ['creds', 'profile', 'anonymous']
const credsNames = ['access_key_id', 'secret_access_key', 'session_token', 'expiration']

// In the code of paws and without effect there as well.
const inert = [
  'access_token',
  'use_dual_stack',
  'disable_ssl',
  'disable_param_validation',
  'retryer',
  'sleep_delay',
  'signature_version',
  'force_refresh',
]

/** Leaf by leaf, as R's `modifyList`; a leaf that is not given leaves what is there. */
function merge(base: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(over)) {
    const own = merged[name]
    if (isTree(value)) merged[name] = merge(isTree(own) ? own : {}, value)
    else if (isGiven(value)) merged[name] = value
  }
  return merged
}

function toOptions(config: Tree): ClientOptions {
  const { endpoint, region, close_connection, s3_force_path_style, sts_regional_endpoint } = config
  const { profile, anonymous, creds } = checked('credentials', config.credentials, credentialNames)
  const keys = checked('credentials$creds', creds, credsNames)
  if (isGiven(close_connection) && typeof close_connection !== 'boolean')
    throw new ConfigError('close_connection must be true or false')
  const retries = config.max_retries
  if (isGiven(retries) && !(Number.isSafeInteger(retries) && (retries as number) >= 0))
    throw new ConfigError('max_retries must be a whole number from 0')
  const options: { readonly [Name in keyof ClientOptions]: unknown } = {
    endpoint,
    region,
    profile,
    anonymous,
    credentials: Object.values(keys).some(isGiven)
      ? {
          accessKeyId: keys.access_key_id,
          secretAccessKey: keys.secret_access_key,
          sessionToken: isGiven(keys.session_token) ? keys.session_token : undefined,
          expiration: isGiven(keys.expiration) ? keys.expiration : undefined,
        }
      : undefined,
    keepAlive: isGiven(close_connection) ? !close_connection : undefined,
    timeoutMs: milliseconds('timeout', config.timeout),
    connectTimeoutMs: milliseconds('connect_timeout', config.connect_timeout),
    maxAttempts: isGiven(retries) ? (retries as number) + 1 : undefined,
    s3ForcePathStyle: s3_force_path_style,
    stsRegionalEndpoints: sts_regional_endpoint,
  }
  return options as ClientOptions // the client looks at every value again
}

function milliseconds(name: string, seconds: unknown): number | undefined {
  if (!isGiven(seconds)) return undefined
  const ms = typeof seconds === 'number' ? Math.round(seconds * 1_000) : Number.NaN
  if (!(ms >= 1 && ms < 2 ** 31)) throw new ConfigError(`${name} must be a number of seconds above 0`)
  return ms
}

/** A list whose names are all known. */
function checked(where: string, value: unknown, known: readonly string[]): Tree {
  if (!isGiven(value)) return {}
  if (!isTree(value)) throw new ConfigError(`${where} must be an object with ${known.join(', ')}`)
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue
    if (!inert.includes(name)) throw new ConfigError(`unknown name ${name} in ${where}; ${nearestHint(name, known)}`)
    warnOnce(`${name} has no effect, and has none in paws either`)
  }
  return value
}

function asKnown(input: CreateTokenRequest | HyphenatedGrant): CreateTokenRequest {
  const grantType = withUnderscore(`${input?.grantType}`)
  if (grantType === `${input?.grantType}`) return input as CreateTokenRequest // any other spelling is the service's
  warnOnce(`grantType is spelt ${grantType}; the hyphen of the example is sent as an underscore`)
  return { ...input, grantType } as CreateTokenRequest // the rest of it is the device grant's
}

const warned = new Set<string>()

function warnOnce(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  console.warn(`ssooidc/paws: ${message}`)
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
