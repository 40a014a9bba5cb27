/**
 * The part of the storage contract that is about proving who one is: passkeys, one-time codes, recovery codes, and the links
 * by which somebody chooses a first or a new password.
 *
 * Not its job: what a proof is worth, and what is sealed or hashed how. Storage keeps what it is given.
 */
import type { AuditEvent, User } from './storage.ts'

/** The public half of a key that a device or a security key of the person holds. @see https://www.w3.org/TR/webauthn-3/ */
export type Passkey = {
  /** Credential id, base64url; unique over all people. */
  id: string
  userId: string
  /** What the person calls it. */
  name: string
  /** COSE key, base64url. */
  publicKey: string
  /** How often the key has signed, as far as it tells; some always say 0. */
  counter: number
  /** How a browser reaches it: `internal`, `usb`, `hybrid`, … */
  transports: readonly string[]
  /** Whether other devices of the person may hold it too. */
  synced: boolean
  createdAt: number
  lastUsedAt: number | null
}

/** An app that shows one-time codes. @see https://www.rfc-editor.org/rfc/rfc6238 */
export type Totp = {
  /** The shared secret, sealed. */
  secret: string
  /** The last time step whose code was used. */
  lastStep: number
  createdAt: number
  lastUsedAt: number | null
}

/** What a person can prove themselves with beside a password, and who wants them to. */
export type Factors = {
  /** Oldest first. */
  passkeys: readonly Passkey[]
  totp: Totp | null
  /** How many recovery codes are left. */
  recoveryCodes: number
  /** When an administrator took factors away, until the person has seen it. */
  resetAt: number | null
  /** Whether a group that the person is in asks for a second factor. */
  requiredByGroup: boolean
}

/** How a factor is removed. */
export type FactorRemoval = {
  userId: string
  /** What must be left, whoever removes another at the same moment: some factor, or a passkey where that is the only way in. */
  keep: 'nothing' | 'factor' | 'passkey'
  /** The sign-in of the browser that asks, which goes on; null where none does. */
  spare: string | null
  revokedUntil: number
  now: number
  audit: AuditEvent
}

/** What became of a removal. With `last`, nothing changed: what must be left would not have been. */
export type Removal = 'removed' | 'unknown' | 'last'

/** A one-time link for one person. */
export type PersonLink = {
  /** SHA-256 of the link's secret, base64url. */
  hash: string
  userId: string
  purpose: 'invitation' | 'reset'
  createdAt: number
  expiresAt: number
}

/** What a person chooses through a link: a password, a passkey, or both. */
export type ChosenCredentials = { passwordHash: string | null; passkey: Passkey | null }

/** Every way to read or change how people prove themselves. */
export interface FactorTransitions {
  readFactors(input: { userId: string }): Factors

  /**
   * Adds a passkey. False when one with its id is there already, whoever's it is; with `first`, also when the user has a
   * factor; and when the browser's sign-in in which they do it, where one is named, has ended. Of any number of first factors
   * at once, of whatever kind, one is added.
   */
  addPasskey(input: { passkey: Passkey; first: boolean; signInId?: string | null; audit: AuditEvent }): boolean
  findPasskey(input: { id: string }): Passkey | undefined
  /**
   * Notes that a passkey signed. False, and nothing changes, when its counter did not move on: then a copy of the key may be
   * about. Keys that count nothing say 0 every time. Of two uses with one count at once, one gets true.
   */
  usePasskey(input: { id: string; counter: number; synced: boolean; now: number }): boolean
  /** False when the person has no such passkey. */
  renamePasskey(input: { id: string; userId: string; name: string; audit: AuditEvent }): boolean
  /**
   * Removes a passkey. Ends what the person has open that was proved with a passkey, each with a revocation: which of their
   * passkeys that was is not known. Voids recovery codes when no factor is left. Of two removals at once that would together
   * leave less than must be left, one finds `last`.
   */
  removePasskey(input: FactorRemoval & { id: string }): Removal

  /**
   * Gives the person an app for one-time codes. False, with `first`, when they have a factor, and when the sign-in of the
   * browser that is spared has ended, as for `addPasskey`. One that they had is replaced, and what the person has open that was proved with one ends as if it were removed.
   */
  setTotp(input: Omit<FactorRemoval, 'keep'> & { totp: Totp; first: boolean }): boolean
  /** Uses the code of a step. False when that step or a later one was used before. Of any number at once, one gets true. */
  useTotp(input: { userId: string; step: number; now: number }): boolean
  /** Removes the app, as `removePasskey` removes a passkey. */
  removeTotp(input: FactorRemoval): Removal

  /** Gives the person new recovery codes, by their keyed MACs; earlier ones are void. False as for `addPasskey`. */
  replaceRecoveryCodes(input: {
    userId: string
    macs: readonly string[]
    signInId?: string
    now: number
    audit: AuditEvent
  }): boolean
  /** Uses up the recovery code that has one of these MACs. Of any number of uses at once, one gets true. */
  useRecoveryCode(input: { userId: string; macs: readonly string[]; audit: AuditEvent }): boolean

  /**
   * Takes every factor of a user away but the password, voids their unused links, ends all that the user has open, and keeps
   * when it was until the user has seen it. False when there is no such user.
   */
  resetFactors(input: { userId: string; revokedUntil: number; now: number; audit: AuditEvent }): boolean
  /** The user has seen that their factors were taken away. */
  acknowledgeFactorReset(input: { userId: string }): void

  /** Stores a link; earlier unused ones of that person are void. False when there is no such person, or they are disabled. */
  createPersonLink(input: { link: PersonLink; audit: AuditEvent }): boolean
  /** The link, when it could still be used at `now` and its user is enabled. */
  findPersonLink(input: { hash: string; now: number }): PersonLink | undefined
  /**
   * Uses a link: sets what was chosen, and ends all that the person has open. Of two callers at once, one gets the user; the
   * other, and whoever has a used, late or unknown link, gets undefined. A password that is null stays as it was. A passkey
   * where the person has a factor by then is not taken either, and the link stays good for a password. When the
   * person is disabled, or their factors are reset, at the same moment, that comes before or after as a whole: before, the
   * link is void; after, it takes away what the link brought.
   */
  redeemPersonLink(input: {
    hash: string
    chosen: ChosenCredentials
    revokedUntil: number
    now: number
    audit: AuditEvent
  }): User | undefined
}
