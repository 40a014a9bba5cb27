/**
 * Which resource server has asked about which session. A service asks about the same token at every request of its holder:
 * one line for each of them would bury the audit log, and the first says what a reader wants to know.
 */

/** What this process remembers of questions about tokens. */
export type Introspections = {
  /** Whether the service asks about the session for the first time, as far as this process knows. */
  isFirst(resourceServer: string, sessionId: string): boolean
}

/** Remembers `most` pairs; beyond that, the one that was asked about longest ago is forgotten. */
export function createIntrospections(most = 50_000): Introspections {
  const asked = new Set<string>()
  return {
    isFirst(resourceServer, sessionId) {
      const pair = `${sessionId} ${resourceServer}`
      const first = !asked.delete(pair)
      asked.add(pair)
      if (asked.size > most) asked.delete(asked.keys().next().value ?? pair)
      return first
    },
  }
}
