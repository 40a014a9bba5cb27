import assert from 'node:assert/strict'
import { test } from 'node:test'
import { migrate } from '../migrations.ts'
import { type Connection, connect } from '../sqlite/database.ts'
import { firstTables } from './1-first-tables.ts'
import { howPeopleProveThemselves } from './2-how-people-prove-themselves.ts'

function run({ raw, db }: Connection, steps: Parameters<typeof migrate>[3]): Promise<void> {
  const alone = async (step: (transaction: typeof db) => Promise<void>) => {
    raw.exec('begin immediate')
    await step(db)
    raw.exec('commit')
  }
  return migrate('sqlite', alone, 1_700_000_000_000, steps)
}

test('whoever was signed in before proofs were written down had a password, and was last seen at a refresh', async () => {
  const connection = connect(':memory:')
  await run(connection, [firstTables])
  connection.raw.exec(`
    insert into "sessions" values ('s', 'u', 'c', 'cli', 'device', '[]', 3, 700, 100, 200, 900, null, null);
    insert into "signInSessions" values ('b', 'u', 100, 100, 900, '192.0.2.1', 'a browser');
    insert into "deviceGrants" values ('g1', 'm1', 'c', 'cli', '[]', 'a', 'ua', 1, 9, 'approved', 'u', 2, 1, null);
    insert into "deviceGrants" values ('g2', 'm2', 'c', 'cli', '[]', 'a', 'ua', 1, 9, 'pending', null, null, null, null);
  `)
  await run(connection, [firstTables, howPeopleProveThemselves])
  const read = (sql: string) =>
    connection.raw
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  assert.deepEqual(read('select "amr", "address", "userAgent", "lastUsedAt" from "sessions"'), [
    { amr: '["password"]', address: '', userAgent: '', lastUsedAt: 700 },
  ])
  assert.deepEqual(read('select "amr" from "signInSessions"'), [{ amr: '["password"]' }])
  assert.deepEqual(read('select "amr" from "deviceGrants" order by "id"'), [{ amr: '["password"]' }, { amr: null }])
})
