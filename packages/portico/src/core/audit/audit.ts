/** Lines of the audit log, as use cases write them. */
import type { AuditEvent } from '../../storage/storage.ts'
import type { Origin } from '../deps.ts'

/** An audit line. `detail` never holds a secret. */
export function auditEvent(
  eventName: string,
  origin: Origin,
  userId: string | null,
  detail: Readonly<Record<string, unknown>>,
  now: number,
): AuditEvent {
  return { at: now, eventName, userId, address: origin.address, userAgent: origin.userAgent, detail }
}
