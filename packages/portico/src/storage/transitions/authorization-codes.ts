/** Authorization codes: used once. @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2 */

import type { Kysely } from 'kysely'
import type { Database, Row } from '../schema.ts'
import type { CodeRedemption } from '../storage.ts'
import { appendAudit } from './audit.ts'
import { beginSession, endForReuse, readSession } from './sessions.ts'
import { type Changed, type Input, read, write } from './transition.ts'

export const issueAuthorizationCode = write<'issueAuthorizationCode'>({
  async run(db, { code, audit }) {
    await db
      .insertInto('authorizationCodes')
      .values({
        ...{ ...code, scopes: JSON.stringify(code.scopes), amr: JSON.stringify(code.amr) },
        ...{ usedAt: null, requestHash: null, sessionId: null },
      })
      .execute()
    await appendAudit(db, audit, code.userId)
  },
})

export const findAuthorizationCode = read<'findAuthorizationCode'>(async (db, { id }) => {
  const row = await db.selectFrom('authorizationCodes').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return undefined
  const { usedAt, requestHash, sessionId, ...code } = row
  return { ...code, scopes: JSON.parse(code.scopes), amr: JSON.parse(code.amr) }
})

export const redeemAuthorizationCode = write<'redeemAuthorizationCode', 'revocations'>({
  async run(db, input, changed) {
    const { id, clientHash, redirectUri, codeChallenge, requestHash, session, now, audit } = input
    const code = await db
      .updateTable('authorizationCodes')
      .set({ usedAt: now, requestHash, sessionId: session.id })
      .where('id', '=', id)
      .where('clientHash', '=', clientHash)
      .where('redirectUri', '=', redirectUri)
      .where('codeChallenge', '=', codeChallenge)
      .where('usedAt', 'is', null)
      .where('expiresAt', '>', now)
      .returningAll()
      .executeTakeFirst()
    if (code === undefined) return await refuseOrRepeat(db, input, changed)
    const { userId, authenticatedAt, clientName } = code
    const proof = { authenticatedAt, amr: JSON.parse(code.amr) }
    const owner = { userId, ...proof, clientHash, clientName, scopes: JSON.parse(code.scopes) }
    const made = await beginSession(db, session, owner)
    await appendAudit(db, audit, userId)
    return { outcome: 'redeemed', session: made, again: false }
  },
})

async function refuseOrRepeat(
  db: Kysely<Database>,
  input: Input<'redeemAuthorizationCode'>,
  changed: Changed<'revocations'>,
): Promise<CodeRedemption> {
  const code = await db.selectFrom('authorizationCodes').selectAll().where('id', '=', input.id).executeTakeFirst()
  if (code === undefined) return { outcome: 'unknown' }
  if (code.usedAt !== null && code.sessionId !== null) {
    const { usedAt, sessionId, requestHash } = code
    const session = await readSession(db, sessionId)
    const alive = session !== undefined && session.endedAt === null && session.expiresAt > input.now
    const repeated = matches(code, input) && requestHash === input.requestHash
    if (alive && repeated && input.now - usedAt <= input.repeatWithin) {
      return { outcome: 'redeemed', session, again: true }
    }
    // RFC 6749 §4.1.2: a code that is used twice may have been stolen, and so may what it was first exchanged for.
    await endForReuse(db, sessionId, 'code-reuse', input, changed)
    return { outcome: 'reused' }
  }
  return { outcome: matches(code, input) ? 'expired' : 'mismatch' }
}

const matches = (code: Row<'authorizationCodes'>, input: Input<'redeemAuthorizationCode'>): boolean =>
  code.clientHash === input.clientHash &&
  code.redirectUri === input.redirectUri &&
  code.codeChallenge === input.codeChallenge
