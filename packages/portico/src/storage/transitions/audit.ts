/** The audit log: who did what, in the transaction that did it. */

import type { Kysely } from 'kysely'
import { hot } from '../hot.ts'
import { type Database, type Stored, toAuditEvent } from '../schema.ts'
import type { AuditEvent } from '../storage.ts'
import { read, write } from './transition.ts'

export const recordAudit = write<'recordAudit'>({
  async run(db, { events }) {
    for (let first = 0; first < events.length; first += linesAtOnce) {
      const lines = events.slice(first, first + linesAtOnce).map((event) => toLine(event))
      await db.insertInto('auditEvents').values(lines).execute()
    }
  },
})

export const readAudit = read<'readAudit'>(async (db, { limit }) => {
  const rows = await db.selectFrom('auditEvents').selectAll().orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toAuditEvent)
})

/** Appends one line. When the line does not say who acted, it is the user whose grant or session the change is about. */
export async function appendAudit(
  db: Kysely<Database>,
  event: AuditEvent,
  ofUser: string | null = null,
): Promise<void> {
  await append(db, toLine(event, ofUser))
}

/** Few enough that there are few statements, by how many lines they have: each is found prepared when it comes again. */
const linesAtOnce = 50

type Line = Stored<AuditEvent>

function toLine({ at, eventName, userId, address, userAgent, detail }: AuditEvent, ofUser: string | null = null): Line {
  return { at, eventName, userId: userId ?? ofUser, address, userAgent, detail: JSON.stringify(detail) }
}

const append = hot((db, line: Line) =>
  db.insertInto('auditEvents').values({
    at: line.at,
    eventName: line.eventName,
    userId: line.userId,
    address: line.address,
    userAgent: line.userAgent,
    detail: line.detail,
  }),
)
