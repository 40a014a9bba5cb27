/** Hears of other nodes' commits: a connection that listens, and a regular look in case it is down. */

import { Client } from 'pg'

/** The channel that every write with a change notifies. It carries no payload: what changed is read from the counters. */
export const channel = 'portico_changes'

/**
 * Calls `look` at each notification and every `interval` ms. A lost connection is opened again at the next tick. Failures
 * are not reported here: whoever must not go on without news asks the storage itself, and learns it there.
 */
export function listen(
  connectionString: string,
  interval: number,
  look: () => Promise<void>,
): { stop(): Promise<void> } {
  let client: Client | undefined
  let stopped = false
  const lookQuietly = () => void look().catch(() => {})

  async function connect(): Promise<void> {
    const next = new Client({ connectionString, connectionTimeoutMillis: 5_000, keepAlive: true })
    client = next
    const drop = () => {
      if (client === next) client = undefined
    }
    next.on('error', drop)
    next.on('end', drop)
    next.on('notification', lookQuietly)
    try {
      await next.connect()
      await next.query(`listen ${channel}`)
      // What was committed while nobody listened.
      lookQuietly()
    } catch {
      drop()
      await next.end()
    }
  }

  let connecting = connect()
  const timer = setInterval(() => {
    lookQuietly()
    if (client === undefined && !stopped) connecting = connect()
  }, interval).unref()

  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await connecting
      await client?.end()
    },
  }
}
