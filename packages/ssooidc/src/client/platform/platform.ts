/**
 * What differs between runtimes: where settings are found, how requests are carried, and whether AWS's own packages can be
 * loaded. Which one is used is decided by the conditions of `#platform` in package.json, so that a bundle for browsers
 * holds nothing of Node.js.
 */
import type { Settings } from '../../config/defaults.ts'
import type { Environment, Surroundings } from '../../config/surroundings.ts'
import type { Frame } from '../../protocol/operation.ts'
import type { Signer } from '../credentials.ts'
import type { ClientOptions, Fetch } from '../options.ts'
import type { Transport, TransportSetup } from '../transport/transport.ts'

/** What was given, but for an endpoint that had to be asked for. */
export type Around = Omit<Settings, 'token'> & Pick<ClientOptions, 'env' | 'token'>

/** A runtime, as the client sees it: what the module behind `#platform` exports, each by itself, so that bundlers can drop it. */
export interface Platform {
  /** Milliseconds of a clock that nobody sets. */
  monotonic(): number
  /** Whether no connection came about, so that not a byte of the request was sent. */
  isUnsent(failure: NodeJS.ErrnoException): boolean
  /** Where settings are found that are not given; `env` in place of the process's environment. */
  surroundings(env?: Environment): Surroundings
  /**
   * The settings that hold, what was given among them.
   *
   * @throws ConfigError for a value in the environment or a file that cannot be
   */
  settle(service: Frame, given: Around): Omit<Settings, 'token'> & Pick<ClientOptions, 'token'>
  /** What carries requests: over `fetch` where one is given. */
  transport(setup: TransportSetup, fetch: Fetch | undefined): Transport
  /**
   * AWS's own signer, with the credentials that were given or that AWS's own chain finds; one for one object of options.
   *
   * @throws ConfigError naming the option to give or the package to install
   */
  makeSigner(
    operation: string,
    options: Omit<ClientOptions, 'endpoint'>,
    region: string,
    signingName: string,
  ): Promise<Signer>
}
