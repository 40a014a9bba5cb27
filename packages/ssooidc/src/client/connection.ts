/** Options become something that requests can go through: one endpoint, its transport, and what every request carries. */

import { settle, transport } from '#platform'
import { DEFAULTS, type Settings } from '../config/defaults.ts'
import { onlyGiven } from '../config/given.ts'
import type { Frame } from '../protocol/operation.ts'
import { isHeaderValue } from '../protocol/rest-json/client.ts'
import { endpointOf } from './endpoint.ts'
import { ConfigError } from './errors.ts'
import type { ClientOptions, EndpointProvider } from './options.ts'
import { type RetryBudget, retryBudget } from './retry.ts'
import type { Transport, TransportSetup } from './transport/transport.ts'
import { USER_AGENT } from './version.ts'

/** One service at one endpoint. */
export type Connection = {
  readonly endpoint: URL
  /** Options that say something, and the settings found around the program. */
  readonly options: Omit<ClientOptions, 'endpoint'> & {
    readonly [Name in keyof typeof DEFAULTS]: NonNullable<Settings[Name]>
  }
  /** Of every request, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly transport: Transport
  readonly budget: RetryBudget
  /** Milliseconds by which the service's clock is ahead of ours, as far as known; signatures carry the time. */
  clockOffset: number
}

/** The services that one set of options leads to. */
export type Connections = {
  /**
   * At once, unless the endpoint is a function, which must be asked.
   *
   * @throws ConfigError for an option that is unknown, contradictory or missing
   */
  to(service: Frame): Connection | Promise<Connection>
  /** Lets go of idle connections. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Reads the options once, for as many services as are asked for. To keep bundles small, only the type checker looks at their
 * names and kinds here; `ssooidc()` and `sso()` look at run time as well.
 */
export function connections(options: ClientOptions): Connections {
  const given = onlyGiven(options)
  const { endpoint } = given
  const made = new Map<string, Connection | Promise<Connection>>()
  const ask = async (service: Frame, where: EndpointProvider) => connect(service, given, await where())
  return {
    to(service) {
      const known = made.get(service.name)
      if (known !== undefined) return known
      const begun = typeof endpoint === 'function' ? ask(service, endpoint) : connect(service, given, endpoint)
      made.set(service.name, begun)
      if (begun instanceof Promise) begun.catch(() => made.delete(service.name))
      return begun
    },
    async [Symbol.asyncDispose]() {
      const close = ({ transport }: Connection) => transport.close()
      // Nobody waits for an endpoint that is still being asked for.
      for (const each of made.values()) Promise.resolve(each).then(close, () => {})
    },
  }
}

function connect(service: Frame, given: ClientOptions, where: string | URL | undefined): Connection {
  // The profile as given: to ask AWS's chain for `default` by name would make it pass over the environment.
  const { profile } = given
  const options = {
    ...DEFAULTS,
    ...given,
    endpoint: where,
    ...settle(service, { ...given, endpoint: where }),
    profile,
  } as Connection['options']
  const endpoint = endpointOf(service.endpointPrefix, options, options.allowInsecure)
  const setup: TransportSetup = { ...options, endpoint }
  return {
    endpoint,
    options,
    headers: headersOf(options),
    transport: transport(setup, given.fetch),
    budget: retryBudget(),
    clockOffset: 0,
  }
}

function headersOf({ userAgent, appId, headers = {} }: ClientOptions): Record<string, string> {
  const names = [userAgent, USER_AGENT, appId && `app/${appId.replace(notToken, '-')}`]
  const all: Record<string, string> = {}
  for (const [given, value] of [
    ['accept', 'application/json'],
    ['user-agent', names.filter(Boolean).join(' ')],
    ...Object.entries(headers),
  ] as const) {
    const name = given.toLowerCase()
    if (!name || name.search(notToken) >= 0 || !isHeaderValue(value))
      throw new ConfigError(`the header ${name} has a character that no header may`)
    if (ofTransport.test(name)) throw new ConfigError(`the header ${name} is the transport's to say`)
    all[name] = value
  }
  return all
}

// RFC 9110 §5.6.2: all but these characters may stand in a name.
const notToken = /[^\w!#$%&'*+.^`|~-]/g
// A second one of these would leave it to the server where a request goes, or where it ends.
const ofTransport = /^(?:host|content-length|transfer-encoding)$/
