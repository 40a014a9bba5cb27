/** Applications and the issuers that they trust: read as a whole, and the sessions that they begin. */

import { sql } from 'kysely'
import type { Application, ResourceServer, TrustedTokenIssuer } from '../applications.ts'
import { toUser } from '../schema.ts'
import { appendAudit } from './audit.ts'
import { beginSession } from './sessions.ts'
import { read, write } from './transition.ts'

export const readApplications = read<'readApplications'>(
  async (db) => ({
    applications: (await db.selectFrom('applications').selectAll().orderBy('name').execute()).map(
      toDefined<Application>,
    ),
    trustedTokenIssuers: (await db.selectFrom('trustedTokenIssuers').selectAll().orderBy('name').execute()).map(
      toDefined<TrustedTokenIssuer>,
    ),
    resourceServers: (await db.selectFrom('resourceServers').selectAll().orderBy('name').execute()).map(
      toDefined<ResourceServer>,
    ),
  }),
  { snapshot: true },
)

export const beginApplicationSession = write<'beginApplicationSession'>({
  async run(db, { session, owner, assertion, audit }) {
    if (assertion !== null) {
      const first = await db
        .insertInto('usedAssertions')
        .values(assertion)
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .executeTakeFirst()
      if (first === undefined) return undefined
    }
    const begun = await beginSession(db, session, owner)
    await appendAudit(db, audit, owner.userId)
    return begun
  },
})

export const findUsersByEmail = read<'findUsersByEmail'>(async (db, { email }) => {
  // SQLite's `lower` knows ASCII only, a server's whatever its locale says: letters beyond ASCII must be spelled alike.
  const folded = email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const rows = await db
    .selectFrom('users')
    .selectAll()
    .where((eb) => eb.or([eb('email', '=', email), eb(sql<string>`lower(${eb.ref('email')})`, '=', folded)]))
    .limit(2)
    .execute()
  return rows.map(toUser)
})

/** What a row describes. Its definition was written by `applyOrganization`, from what the row is called after. */
function toDefined<Item>({ id, name, definition }: { id: string; name: string; definition: string }): Item {
  return { id, name, ...JSON.parse(definition) }
}
