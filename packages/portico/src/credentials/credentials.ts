/**
 * The second door to the outside: where role credentials come from. A broker is a source of them: the built-in one makes
 * its own, others ask AWS or a store to.
 *
 * A broker gives what it is asked for. Whether the person may have it was decided before, by the mint gate; how the answer
 * looks on the wire is the portal's contract. `conformance.ts` is the door's contract made executable.
 */

/** What credentials are wanted for. All of it is from our own records, nothing from the request that asked. */
export type RoleCredentialsRequest = {
  readonly user: { readonly id: string; readonly userName: string }
  readonly accountId: string
  /** The permission set's name: what the portal calls `roleName`. */
  readonly roleName: string
  readonly permissionSetId: string
  /** Seconds that the credentials should live. */
  readonly sessionDuration: number
  /** The session that asks: a client's, or a browser's. */
  readonly sessionId: string
  /** When the person last proved who they are, for that session. Epoch milliseconds. */
  readonly authenticatedAt: number
  /** What they proved it with then. Absent where that is not known. */
  readonly amr?: readonly ('password' | 'passkey' | 'totp' | 'recovery-code')[]
  /** How the session came to be. */
  readonly flow: 'device' | 'code' | 'application' | 'browser'
}

/** Role credentials, in the members that every AWS SDK knows. */
export type RoleCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** From this moment they are refused. Epoch milliseconds. */
  readonly expiresAt: number
}

/** A source of role credentials. */
export interface Broker {
  /** What accounts name it by, in the organization file: `built-in`. */
  readonly name: string
  /**
   * Issues credentials that nobody was given before and that live no longer than asked. Rejects when it cannot; the reason
   * goes to the log and never to the person.
   */
  issue(request: RoleCredentialsRequest, now: number): Promise<RoleCredentials>
}
