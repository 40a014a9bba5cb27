/** Reading the audit log, and sealing it into its chain. */

import type { SelectQueryBuilder } from 'kysely'
import { type AuditFilter, type AuditLine, chainHash } from '../audit-log.ts'
import { type Database, type Row, toAuditEvent } from '../schema.ts'
import { read, write } from './transition.ts'

export const listAudit = read<'listAudit'>(async (db, { after, limit, filter }) => {
  const lines = db.selectFrom('auditEvents').selectAll().where('id', '>', after)
  const rows = await matching(lines, filter).orderBy('id').limit(limit).execute()
  return rows.map(toLine)
})

export const lastAudit = read<'lastAudit'>(async (db, { limit, filter }) => {
  const lines = matching(db.selectFrom('auditEvents').selectAll(), filter)
  const rows = await lines.orderBy('id', 'desc').limit(limit).execute()
  return rows.reverse().map(toLine)
})

export const readAuditChain = read<'readAuditChain'>(async (db, { after, limit }) => {
  const chain = db.selectFrom('auditEvents').selectAll().where('seq', '>', after)
  const rows = await chain.orderBy('seq').limit(limit).execute()
  return rows.map(toLine)
})

export const countAudit = read<'countAudit'>(async (db) => {
  const counted = await db
    .selectFrom('auditEvents')
    .select((eb) => [eb.fn.countAll<number>().as('all'), eb.fn.count<number>('seq').as('sealed')])
    .executeTakeFirstOrThrow()
  // The end is where the chain says, not where its last line is: that may be what somebody took away.
  const chain = await db.selectFrom('auditChains').select('seq').executeTakeFirstOrThrow()
  return { sealed: chain.seq, unsealed: counted.all - counted.sealed }
})

export const sealAudit = write<'sealAudit'>({
  async peek(db) {
    const unsealed = await db.selectFrom('auditEvents').select('id').where('seq', 'is', null).limit(1).execute()
    return unsealed.length === 0 ? 0 : undefined
  },
  async run(db, { limit }) {
    // Setting the key to itself changes nothing and takes the lock: nobody else seals until this is committed.
    const chain = await db.updateTable('auditChains').set({ one: 1 }).returningAll().executeTakeFirstOrThrow()
    const lines = db.selectFrom('auditEvents').selectAll().where('seq', 'is', null)
    const rows = await lines.orderBy('id').limit(limit).execute()
    let { seq, hash } = chain
    for (const row of rows) {
      seq += 1
      hash = chainHash(hash, seq, toAuditEvent(row))
      await db.updateTable('auditEvents').set({ seq, hash }).where('id', '=', row.id).execute()
    }
    await db.updateTable('auditChains').set({ seq, hash }).execute()
    return rows.length
  },
})

type Lines = SelectQueryBuilder<Database, 'auditEvents', Row<'auditEvents'>>

function matching(lines: Lines, { eventName, userId, from, to }: AuditFilter): Lines {
  let query = lines
  if (eventName !== null) query = query.where('eventName', '=', eventName)
  if (userId !== null) query = query.where('userId', '=', userId)
  if (from !== null) query = query.where('at', '>=', from)
  if (to !== null) query = query.where('at', '<', to)
  return query
}

function toLine(row: Row<'auditEvents'>): AuditLine {
  return { ...toAuditEvent(row), id: row.id, seq: row.seq, hash: row.hash }
}
