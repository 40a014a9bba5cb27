/** What a session is worked with, unless somebody says otherwise: its own Region, and the store that the AWS tools share. */
import { type Connections, connections } from '../client/connection.ts'
import { type ClientOptions, checkOptions } from '../client/options.ts'
import type { TokenStore } from './cache/store.ts'
import type { Session } from './session.ts'

/** The services of a session. Whoever asks for them disposes of them. @throws ConfigError for an option that is wrong */
export function connectionsOf(session: Session, client: ClientOptions | undefined): Connections {
  if (client !== undefined) checkOptions(client)
  return connections({ ...client, region: client?.region || session.region })
}

/** The store that was given, or the files in the home that the client's environment names. */
export async function storeOf(options: {
  readonly client?: ClientOptions | undefined
  readonly store?: TokenStore | undefined
}): Promise<TokenStore> {
  return options.store ?? (await import('./cache/node-file-store.ts')).sharedFileStore(options.client?.env)
}
