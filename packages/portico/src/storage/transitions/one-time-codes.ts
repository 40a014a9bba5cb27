/** Codes that work once: those of an app, by their time step, and recovery codes, by their MAC. */

import { appendAudit } from './audit.ts'
import { afterRemoval, countFactors, endWhatItProved, isEnough } from './removing-factors.ts'
import { write } from './transition.ts'
import { holdUser, isSignedIn } from './user-life.ts'

export const setTotp = write<'setTotp', 'revocations'>({
  async run(db, { totp, first, ...change }, changed) {
    const { userId, spare, audit } = change
    const before = await countFactors(db, userId)
    if (spare !== null && !(await isSignedIn(db, spare))) return false
    if (first && isEnough('factor', before)) return false
    await db
      .insertInto('totps')
      .values({ userId, ...totp })
      .onConflict((conflict) => conflict.column('userId').doUpdateSet(totp))
      .execute()
    await appendAudit(db, audit, userId)
    if (before.totps > 0) await endWhatItProved(db, 'totp', change, changed)
    return true
  },
})

export const useTotp = write<'useTotp'>({
  async run(db, { userId, step, now }) {
    const used = await db
      .updateTable('totps')
      .set({ lastStep: step, lastUsedAt: now })
      .where('userId', '=', userId)
      .where('lastStep', '<', step)
      .returning('userId')
      .executeTakeFirst()
    return used !== undefined
  },
})

export const removeTotp = write<'removeTotp', 'revocations'>({
  async run(db, removal, changed) {
    const { userId, keep } = removal
    const before = await countFactors(db, userId)
    if (before.totps === 0) return 'unknown'
    const left = { ...before, totps: 0 }
    if (!isEnough(keep, left)) return 'last'
    await db.deleteFrom('totps').where('userId', '=', userId).execute()
    await afterRemoval(db, 'totp', removal, left, changed)
    return 'removed'
  },
})

export const replaceRecoveryCodes = write<'replaceRecoveryCodes'>({
  async run(db, { userId, macs, signInId, now, audit }) {
    await holdUser(db, userId)
    if (signInId !== undefined && !(await isSignedIn(db, signInId))) return false
    await db.deleteFrom('recoveryCodes').where('userId', '=', userId).execute()
    const codes = macs.map((mac) => ({ mac, userId, createdAt: now }))
    if (codes.length > 0) await db.insertInto('recoveryCodes').values(codes).execute()
    await appendAudit(db, audit, userId)
    return true
  },
})

export const useRecoveryCode = write<'useRecoveryCode'>({
  async run(db, { userId, macs, audit }) {
    const used = await db
      .deleteFrom('recoveryCodes')
      .where('userId', '=', userId)
      .where('mac', 'in', macs)
      .returning('mac')
      .executeTakeFirst()
    if (used === undefined) return false
    await appendAudit(db, audit, userId)
    return true
  },
})
