/** Programs that were let in from afar, until their people have seen it. */

import { read, write } from './transition.ts'

export const listDistantDevices = read<'listDistantDevices'>(async (db, { userId, now }) => {
  const rows = await db
    .selectFrom('distantDevices')
    .selectAll()
    .where('userId', '=', userId)
    .where('expiresAt', '>', now)
    .orderBy('at', 'desc')
    .orderBy('sessionId')
    .execute()
  // Rows have no prototype, and records do.
  return rows.map((row) => ({ ...row }))
})

export const dismissDistantDevice = write<'dismissDistantDevice'>({
  async run(db, { sessionId, userId }) {
    await db.deleteFrom('distantDevices').where('sessionId', '=', sessionId).where('userId', '=', userId).execute()
  },
})
