/**
 * What a use case is given: the doors, the keys, the copies in memory, chance and settings. Never a clock: `now` is a
 * parameter, read once a request.
 */
import type { Broker } from '../credentials/credentials.ts'
import type { DeviceFlow, Instance, Storage } from '../storage/storage.ts'
import type { Access } from './access/access.ts'
import type { Applications } from './applications/applications.ts'
import type { IssuerKeys } from './applications/issuer-keys.ts'
import type { AuditQueue } from './audit/audit-queue.ts'
import type { PollPacing } from './grants/poll-pacing.ts'
import type { WaitingGrants } from './grants/waiting-grants.ts'
import type { Random } from './keys/random.ts'
import type { Sealer } from './keys/sealing.ts'
import type { SigningKeys } from './keys/signing-keys.ts'
import type { RateLimits } from './limits/rate-limits.ts'
import type { Introspections } from './oauth2/introspections.ts'
import type { Errands } from './people/errands.ts'
import type { Mailer } from './people/mail.ts'
import type { Revocations } from './sessions/revocations.ts'
import type { SessionUses } from './sessions/session-uses.ts'

/** What an administrator decides about the rules. Durations in milliseconds. */
export type Settings = {
  /** Scheme, host and port under which people and programs reach the service; no path. */
  origin: string
  region: string
  partition: string
  /** Further start URLs that name this instance. */
  startUrlAliases: readonly string[]
  /** How long after a person proved who they are a session may live: 15 minutes to 90 days. */
  sessionDuration: number
  /** How long a session may go unused before it cannot be continued; null where only its absolute end counts. */
  sessionIdleDuration: number | null
  /** How long a browser's sign-in may go unused before it is over. */
  signInIdleDuration: number
  /** Whether everybody needs a second factor to sign in. */
  requireSecondFactor: boolean
  /** Which devices may be signed in by a code. */
  deviceFlow: DeviceFlow
  /** Where people turn to when something is wrong: shown after a denial. */
  supportEmail: string | null
  limits: Limits
}

/** Limits on what strangers may cause. Zero switches one off. */
export type Limits = {
  /** RegisterClient calls a second and address. */
  registrationsPerSecond: number
  /** StartDeviceAuthorization calls a second and address. */
  deviceGrantsPerSecond: number
  /** Device grants of one subscriber, an IPv4 address or an IPv6 /56, that wait for a decision. */
  pendingDeviceGrants: number
  /** GetRoleCredentials calls a second and user. */
  mintsPerSecond: number
}

/** Everything a use case may reach. */
export type Deps = {
  readonly storage: Storage
  readonly instance: Instance
  readonly sealer: Sealer
  readonly signingKeys: SigningKeys
  /** Moves keys on: published, active, verify-only, retired; and makes successors of old ones. */
  readonly tendKeys: (now: number) => Promise<void>
  readonly random: Random
  readonly settings: Settings
  readonly mailer: Mailer | null
  /** What is done behind an answer. */
  readonly errands: Errands
  readonly brokers: ReadonlyMap<string, Broker>
  readonly access: Access
  readonly applications: Applications
  readonly issuerKeys: IssuerKeys
  readonly revocations: Revocations
  readonly pacing: PollPacing
  readonly waitingGrants: WaitingGrants
  readonly rateLimits: RateLimits
  readonly auditQueue: AuditQueue
  readonly sessionUses: SessionUses
  /** The same for browsers' sign-ins. */
  readonly signInUses: SessionUses
  readonly introspections: Introspections
}

/** Where a request came from, for limits and audit. */
export type Origin = {
  readonly address: string
  readonly userAgent: string
}

/** A call of an API operation, beside its input. */
export type Call = Origin & {
  /** `amz-sdk-invocation-id`: the same in every attempt of one call of an AWS SDK. */
  readonly invocationId: string | undefined
  /** SHA-256 of the raw body, base64url. */
  readonly bodyHash: string
}
