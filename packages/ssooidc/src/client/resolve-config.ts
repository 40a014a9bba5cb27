/** Answers the question that everybody has at least once: where does the client get this from? */
import { surroundings } from '#platform'
import type { Settings } from '../config/defaults.ts'
import { onlyGiven } from '../config/given.ts'
import { type ResolvedConfig, resolveSettings } from '../config/settings.ts'
import type { Setting } from '../config/surroundings.ts'
import type { Frame } from '../protocol/operation.ts'
import { REDACTED } from '../protocol/redact.ts'
import { ssoOidcFrame } from '../protocol/sso-oidc/frame.ts'
import { ssoPortalFrame } from '../protocol/sso-portal/frame.ts'
import { endpointOf } from './endpoint.ts'
import { type ClientOptions, checkOptions } from './options.ts'

const services: Readonly<Record<'sso-oidc' | 'sso', Frame>> = { 'sso-oidc': ssoOidcFrame, sso: ssoPortalFrame }

/**
 * The settings that a client with these options would have, each with its origin: an option, a variable of the environment,
 * a profile in a file, or the default.
 *
 *     resolveConfig().region // { value: 'eu-central-1', origin: 'environment AWS_REGION' }
 *
 * The endpoint is the one that would be called; the password of a proxy is left out. Nothing is asked of any network, and no credentials are looked for.
 *
 * @throws ConfigError as the client would
 */
export function resolveConfig(options: ClientOptions = {}, service: 'sso-oidc' | 'sso' = 'sso-oidc'): ResolvedConfig {
  checkOptions(options)
  // What is a secret, or is code, is not shown.
  const {
    credentials: _,
    signer,
    headers,
    fetch,
    onAttempt,
    env,
    endpoint: where,
    token,
    ...others
  } = onlyGiven(options)
  const asked = typeof where === 'function'
  const given: Settings = asked ? others : { ...others, endpoint: where }
  const { serviceId, endpointPrefix, signingName } = services[service]
  const config = resolveSettings(serviceId, given, surroundings(env), signingName)
  const found = token === undefined ? config.token : { value: REDACTED, origin: 'option' }
  const values = Object.fromEntries(Object.entries(config).map(([name, setting]) => [name, setting?.value]))
  const endpoint: Setting<string> = asked
    ? { value: 'what the function says when it is asked', origin: 'option' }
    : {
        value: endpointOf(endpointPrefix, values, others.allowInsecure).href,
        origin: config.endpoint?.origin ?? `region, from ${config.region?.origin}`,
      }
  const shownToken = found && { ...found, value: REDACTED }
  return {
    ...config,
    endpoint,
    token: shownToken,
    httpsProxy: printable(config.httpsProxy),
    httpProxy: printable(config.httpProxy),
  }
}

/** A proxy without the name and the password that may stand before its host. */
function printable(proxy: Setting<string> | undefined): Setting<string> | undefined {
  return proxy && { ...proxy, value: proxy.value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, `$1${REDACTED}@`) }
}
