/**
 * What differs between runtimes: where settings are found, how requests are carried, and whether AWS's own packages can be
 * loaded. Which one is used is decided by the conditions of `#platform` in package.json, so that a bundle for browsers
 * holds nothing of Node.js.
 */
import type { Settings } from '../../config/defaults.ts'
import type { Environment, Surroundings } from '../../config/surroundings.ts'
import type { CredentialsProvider, Signer } from '../credentials.ts'
import type { ClientOptions } from '../options.ts'
import type { Transport, TransportSetup } from '../transport/transport.ts'

/** A runtime, as the client sees it. */
export interface Platform {
  /** Where settings are found that are not given; `env` in place of the process's environment. */
  surroundings(env?: Environment): Surroundings
  /**
   * The settings that hold, what was given among them.
   *
   * @throws ConfigError for a value in the environment or a file that cannot be
   */
  settle(serviceId: string, given: ClientOptions): Settings
  transport(setup: TransportSetup): Transport
  /** AWS's own signer. @throws ConfigError naming the package to install */
  signer(operation: string, of: SignerSetup): Promise<Signer>
  /** AWS's own credential chain. @throws ConfigError naming the package to install */
  findCredentials(operation: string, settings: Settings): Promise<CredentialsProvider>
}

/** What AWS's signer is made from. */
export type SignerSetup = {
  readonly region: string
  readonly service: string
  readonly credentials: CredentialsProvider
}
