/** Applies applications, the issuers that they trust, and resource servers. Each is stored whole, as it was described. */

import { randomBytes, randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Database } from '../../schema.ts'
import type { Organization } from '../../storage.ts'
import { type Applied, applyEach } from './nouns.ts'
import type { Stored } from './stored.ts'

/** Applications, by name. */
export function applyApplications(
  db: Kysely<Database>,
  { applications = [] }: Organization,
  stored: Stored,
): Promise<Applied> {
  // The form of AWS's application ids.
  return applyDefined(
    db,
    'applications',
    applications,
    stored.applications,
    () => `apl-${randomBytes(8).toString('hex')}`,
  )
}

/** Trusted token issuers, by name. */
export function applyTokenIssuers(
  db: Kysely<Database>,
  { trustedTokenIssuers = [] }: Organization,
  stored: Stored,
): Promise<Applied> {
  return applyDefined(db, 'trustedTokenIssuers', trustedTokenIssuers, stored.trustedTokenIssuers, randomUUID)
}

/** Resource servers, by name. */
export function applyResourceServers(
  db: Kysely<Database>,
  { resourceServers = [] }: Organization,
  stored: Stored,
): Promise<Applied> {
  return applyDefined(db, 'resourceServers', resourceServers, stored.resourceServers, randomUUID)
}

function applyDefined(
  db: Kysely<Database>,
  table: 'applications' | 'trustedTokenIssuers' | 'resourceServers',
  wanted: readonly { name: string }[],
  rows: Stored['applications'],
  newId: () => string,
): Promise<Applied> {
  return applyEach(
    rows,
    wanted.map(({ name, ...definition }) => ({ name, definition: JSON.stringify(definition) })),
    (row) => row.name,
    async (row) => {
      const id = newId()
      await db
        .insertInto(table)
        .values({ id, ...row })
        .execute()
      return id
    },
    (id, row) => db.updateTable(table).set(row).where('id', '=', id).execute(),
  )
}
