import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NewerDatabaseError } from './errors.ts'
import { type Migration, migrate } from './migrations.ts'
import { type Connection, connect } from './sqlite/database.ts'

const table = (version: number): Migration => ({
  version,
  name: `table ${version}`,
  async up(db) {
    await db.schema.createTable(`table${version}`).addColumn('id', 'bigint').execute()
  },
})

const broken: Migration = {
  version: 2,
  name: 'broken',
  async up(db, engine) {
    await table(2).up(db, engine)
    throw new Error('the disk is on fire')
  },
}

function run({ raw, db }: Connection, steps: readonly Migration[]): Promise<void> {
  const alone = async (step: (transaction: typeof db) => Promise<void>) => {
    raw.exec('begin immediate')
    try {
      await step(db)
      raw.exec('commit')
    } catch (error) {
      raw.exec('rollback')
      throw error
    }
  }
  return migrate('sqlite', alone, 1_700_000_000_000, steps)
}

const versions = ({ raw }: Connection) =>
  raw
    .prepare('select version from migrations order by version')
    .all()
    .map(({ version }) => version)

const tables = ({ raw }: Connection) =>
  raw
    .prepare(`select name from sqlite_schema where name like 'table%' order by name`)
    .all()
    .map(({ name }) => name)

test('an older database gets the steps that it lacks, each once and in order', async () => {
  const connection = connect(':memory:')
  await run(connection, [table(1)])
  await run(connection, [table(1), table(2), table(3)])
  await run(connection, [table(1), table(2), table(3)])
  assert.deepEqual(versions(connection), [1, 2, 3])
  assert.deepEqual(tables(connection), ['table1', 'table2', 'table3'])
})

test('a step that fails leaves nothing behind, keeps those before it, and runs again next time', async () => {
  const connection = connect(':memory:')
  await assert.rejects(run(connection, [table(1), broken, table(3)]), /the disk is on fire/)
  assert.deepEqual(versions(connection), [1])
  assert.deepEqual(tables(connection), ['table1'])
  await run(connection, [table(1), table(2), table(3)])
  assert.deepEqual(versions(connection), [1, 2, 3])
})

test('a database that knows more steps is refused before any runs', async () => {
  const connection = connect(':memory:')
  await run(connection, [table(1), table(2)])
  await assert.rejects(run(connection, [table(1)]), NewerDatabaseError)
  assert.deepEqual(versions(connection), [1, 2])
})
