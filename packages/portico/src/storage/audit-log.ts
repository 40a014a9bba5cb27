/**
 * The audit log as it is read and held together. Each line is sealed into a chain: its hash covers the line and the hash before
 * it, so that whoever keeps one hash can tell later whether anything before it was changed or taken away.
 *
 * Lines are sealed soon after they were written and not with them: a chain in the transaction would make all of them wait for
 * one another. What was not sealed yet is not protected yet.
 *
 * Part of the storage door: see `storage.ts` for what every transition promises.
 */
import { createHash } from 'node:crypto'
import type { AuditEvent } from './storage.ts'

/** A line as it is stored. */
export type AuditLine = AuditEvent & {
  /** Greater than that of lines written long before; there may be gaps. */
  id: number
  /** Its place in the chain, from 1, without gaps; null until it is sealed. */
  seq: number | null
  /** 64 hexadecimal digits; null until the line is sealed. */
  hash: string | null
}

/** Which lines: those that match everything that is not null. */
export type AuditFilter = {
  eventName: string | null
  userId: string | null
  /** At this moment or later. */
  from: number | null
  /** Before this moment. */
  to: number | null
}

/** Every way to read the log, beside writing it. */
export interface AuditLogTransitions {
  /** At most `limit` lines with a greater id than `after`, in the order of their ids. */
  listAudit(input: { after: number; limit: number; filter: AuditFilter }): readonly AuditLine[]
  /** At most `limit` lines of the chain after the one at `after`, in its order. */
  readAuditChain(input: { after: number; limit: number }): readonly AuditLine[]
  /** The newest `limit` lines that match, in the order of their ids. */
  lastAudit(input: { limit: number; filter: AuditFilter }): readonly AuditLine[]
  /** Appends at most `limit` lines to the chain, and says how many. Of any number of callers at once, each line is sealed once. */
  sealAudit(input: { limit: number }): number
  /** How long the chain is, and how many lines are not in it yet. */
  countAudit(input: Record<never, never>): { sealed: number; unsealed: number }
}

/** What the first line's hash covers in place of one before it. */
export const CHAIN_START = '0'.repeat(64)

/** The hash of a line at this place of the chain. */
export function chainHash(previous: string, seq: number, event: AuditEvent): string {
  const { at, eventName, userId, address, userAgent, detail } = event
  const text = JSON.stringify([previous, seq, at, eventName, userId, address, userAgent, detail])
  return createHash('sha256').update(text).digest('hex')
}

/** Follows the chain over some of its lines. Answers the last hash, or where it does not hold. */
export function followChain(
  { seq, hash }: { seq: number; hash: string },
  lines: readonly AuditLine[],
): { seq: number; hash: string } | { brokenAt: number; fault: 'missing' | 'changed' } {
  let [place, previous] = [seq, hash]
  for (const line of lines) {
    place += 1
    if (line.seq !== place) return { brokenAt: place, fault: 'missing' }
    if (line.hash !== chainHash(previous, place, line)) return { brokenAt: place, fault: 'changed' }
    previous = line.hash
  }
  return { seq: place, hash: previous }
}
