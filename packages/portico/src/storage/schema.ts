/**
 * The tables, as Kysely sees them: one dialect-neutral schema for every engine. A column carries the name of the record's
 * member, so that one name leads from the contract to the disk. Only portable types: `text`, `bigint`, JSON as text, and
 * booleans as 0 or 1.
 *
 * Not its job: how the tables came to be (`migrations.ts`), and what may happen to them (`transitions/`).
 */

import type { Generated, Selectable } from 'kysely'
import type { DistantDevice } from './distant-devices.ts'
import type { Passkey, PersonLink, Totp } from './factors.ts'
import type {
  AuditEvent,
  AuthorizationCode,
  Change,
  DeviceFlow,
  DeviceGrant,
  Instance,
  Revocation,
  Session,
  SignInSession,
  User,
  WrappedKey,
} from './storage.ts'

/** A record as a row: booleans are 0 or 1, lists and objects are JSON. */
export type Stored<Item> = {
  [Member in keyof Item]: StoredValue<Item[Member]>
}

// Given one member of a union at a time, so that what may be null stays so.
type StoredValue<Value> = Value extends boolean ? number : Value extends object ? string : Value

/** Every table. */
export type Database = {
  /** One row for each migration that has run. */
  migrations: { version: number; name: string; appliedAt: number }
  /** At most one row; its key is always 1. */
  instances: Instance & { one: number }
  /** One row for each kind of change: how often it happened. Other processes watch these. */
  changes: { kind: Change; counter: number }
  dataKeys: Stored<WrappedKey>
  /** `userNameKey` is what makes a user name unique without regard to case. */
  users: Stored<User> & { userNameKey: string }
  groups: { id: string; displayName: string; requireSecondFactor: number }
  memberships: { groupId: string; userId: string }
  accounts: { id: string; name: string; email: string | null; broker: string }
  permissionSets: {
    id: string
    name: string
    sessionDuration: number
    administrator: number
    requireSecondFactor: number
    deviceFlow: DeviceFlow | null
  }
  userAssignments: { accountId: string; permissionSetId: string; userId: string }
  groupAssignments: { accountId: string; permissionSetId: string; groupId: string }
  /** `definition` is JSON: everything that an organization says of it beside its name. */
  applications: { id: string; name: string; definition: string }
  trustedTokenIssuers: { id: string; name: string; definition: string }
  resourceServers: { id: string; name: string; definition: string }
  /** Assertions that made a session, by a hash of issuer and `jti`, until they are over. */
  usedAssertions: { key: string; expiresAt: number }
  /** Values are JSON. */
  settings: { name: string; value: string }
  deviceGrants: Stored<DeviceGrant>
  authorizationCodes: Stored<AuthorizationCode> & {
    usedAt: number | null
    requestHash: string | null
    sessionId: string | null
  }
  sessions: Stored<Session>
  distantDevices: DistantDevice
  signInSessions: Stored<SignInSession>
  revocations: Stored<Revocation>
  /** `times` is a JSON list of the attempts that still count. */
  attempts: { bucket: string; times: string; expiresAt: number }
  passkeys: Stored<Passkey>
  totps: Stored<Totp> & { userId: string }
  recoveryCodes: { mac: string; userId: string; createdAt: number }
  /** When an administrator took somebody's factors away, until the person has seen it. */
  factorResets: { userId: string; at: number }
  personLinks: Stored<PersonLink> & { usedAt: number | null }
  setupLinks: { hash: string; createdAt: number; expiresAt: number; usedAt: number | null }
  auditEvents: Stored<AuditEvent> & {
    id: Generated<number>
    seq: Generated<number | null>
    hash: Generated<string | null>
  }
  /** At most one row: where the chain of audit lines ends. */
  auditChains: { one: number; seq: number; hash: string }
}

/** A row of a table, as it is read. */
export type Row<Table extends keyof Database> = Selectable<Database[Table]>

/** What an SQL parameter can be on every engine. */
export type Value = string | number | null

/** The grant of a row. */
export const toDeviceGrant = (row: Row<'deviceGrants'>): DeviceGrant => ({
  ...row,
  scopes: JSON.parse(row.scopes),
  amr: row.amr === null ? null : JSON.parse(row.amr),
  numbers: row.numbers === null ? null : JSON.parse(row.numbers),
})

/** The session of a row. */
export const toSession = (row: Row<'sessions'>): Session => ({
  ...row,
  scopes: JSON.parse(row.scopes),
  amr: JSON.parse(row.amr),
})

/** The browser's sign-in of a row. */
export const toSignInSession = (row: Row<'signInSessions'>): SignInSession => ({ ...row, amr: JSON.parse(row.amr) })

/** The user of a row. */
export function toUser({ userNameKey: _, ...row }: Row<'users'>): User {
  return { ...row, enabled: row.enabled === 1, administrator: row.administrator === 1 }
}

/** The passkey of a row. */
export const toPasskey = (row: Row<'passkeys'>): Passkey => ({
  ...row,
  transports: JSON.parse(row.transports),
  synced: row.synced === 1,
})

/** The audit line of a row. */
export function toAuditEvent({ id: _, seq: __, hash: ___, ...row }: Row<'auditEvents'>): AuditEvent {
  return { ...row, detail: JSON.parse(row.detail) }
}
