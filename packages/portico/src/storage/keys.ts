/**
 * How keys live on after the first start: published, active, verify-only, retired. Part of the storage door: see `storage.ts`
 * for what every transition promises.
 */
import type { AuditEvent, WrappedKey } from './storage.ts'

/** A key as lists show it, without what it holds. */
export type ListedKey = Omit<WrappedKey, 'wrapped'>

/** For each purpose, how many ms after a key was followed by another it retires; one that is not named never does. */
export type KeyLives = Readonly<Record<string, number>>

/** Every way to change keys. */
export interface KeyTransitions {
  /** Every key, retired ones too, by purpose and then age, the newest first. */
  listKeys(input: Record<never, never>): readonly ListedKey[]
  /** Adds keys. Rejects, and adds none, when a kid is taken. */
  publishKeys(input: { keys: readonly WrappedKey[]; audit: AuditEvent }): void
  /**
   * Moves keys to the state that time has brought them to. Of each purpose the published or active key that became due last
   * is active, and what was active before it verifies only; a verify-only key retires when a later one of its purpose has
   * been due for as long as `lives` says, and what it held is erased. Answers how many moved.
   */
  advanceKeys(input: { lives: KeyLives; now: number; audit: AuditEvent }): number
  /**
   * Retires a key at once, erases it, and puts `replacement` in its place. False when there is no such key, or it is retired
   * already, or the replacement is for another purpose.
   */
  compromiseKey(input: { kid: string; replacement: WrappedKey; audit: AuditEvent }): boolean
  /**
   * Replaces what wraps the same keys. Only where `was` is still what is stored; answers how many those were.
   */
  rewrapKeys(input: { keys: readonly { kid: string; was: string; wrapped: string }[]; audit: AuditEvent }): number
}
