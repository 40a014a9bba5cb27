import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Client } from 'pg'
import { type PostgresPlace, type RunningPostgres, startPostgres } from '../../../../../test/support/postgres.ts'
import { testStorage } from '../conformance/conformance.ts'
import { aKey, now } from '../conformance/records.ts'
import { NewerDatabaseError } from '../errors.ts'
import { openPostgres } from './postgres.ts'

describe('PostgreSQL', () => {
  let server: RunningPostgres
  before(async () => {
    server = await startPostgres()
  })
  after(() => server?.stop())

  async function withPlace(use: (place: PostgresPlace) => Promise<void>): Promise<void> {
    const place = await server.createPlace()
    try {
      await use(place)
    } finally {
      await place.remove()
    }
  }

  async function withClient(place: PostgresPlace, use: (client: Client) => Promise<void>): Promise<void> {
    const client = new Client({ connectionString: place.connectionString })
    await client.connect()
    try {
      await use(client)
    } finally {
      await client.end()
    }
  }

  testStorage('PostgreSQL', {
    shared: true,
    async createPlace() {
      const place = await server.createPlace()
      return { open: () => openPostgres({ ...place, maxConnections: 8 }), remove: place.remove }
    },
  })

  test('nodes that start at the same moment make the tables once', async () => {
    await withPlace(async (place) => {
      const nodes = await Promise.all(Array.from({ length: 4 }, () => openPostgres(place)))
      await nodes[0]?.addKey({ key: aKey() })
      for (const node of nodes) assert.deepEqual(await node.readKeys({}), [aKey()])
      for (const node of nodes) await node.close()
    })
  })

  test('a database that a newer version has written is refused', async () => {
    await withPlace(async (place) => {
      await (await openPostgres(place)).close()
      await withClient(place, async (client) => {
        await client.query('insert into migrations values ($1, $2, $3)', [1_000, 'from the future', now])
      })
      await assert.rejects(openPostgres(place), NewerDatabaseError)
    })
  })

  /** The same place, with one more connection parameter. */
  function withParameter(place: PostgresPlace, name: string, value: string): PostgresPlace {
    const url = new URL(place.connectionString)
    url.searchParams.set(name, `${url.searchParams.get(name) ?? ''} ${value}`.trim())
    return { ...place, connectionString: url.href }
  }

  test('a node whose connections were cut goes on with new ones, and hears of changes again', async () => {
    await withPlace(async (place) => {
      const name = `portico-${process.pid}`
      const maxConnections = 4
      const node = await openPostgres({ ...withParameter(place, 'application_name', name), maxConnections })
      const other = await openPostgres(place)
      await node.addKey({ key: aKey({ kid: 'before' }) })
      await withClient(place, async (client) => {
        // With a time to wait: by then they are gone, where without one they have only been told.
        const cut = 'select pg_terminate_backend(pid, 60000) from pg_stat_activity where application_name = $1'
        await client.query(cut, [name])
      })
      const heard = new Promise<void>((resolve) => node.onChange(() => resolve()))
      await other.addKey({ key: aKey({ kid: 'after' }) })
      await heard
      // The cut shows at the latest when a connection is used: each may fail one call, and none may hang.
      const answers = []
      for (let used = 0; used <= maxConnections; used += 1) answers.push(await node.readKeys({}).catch(() => undefined))
      assert.equal(answers.at(-1)?.length, 2)
      await node.close()
      await other.close()
    })
  })

  test('what is acknowledged is durable even on a server that is set up to answer sooner', async () => {
    await withPlace(async (place) => {
      await (await openPostgres(place)).close()
      const hasty = withParameter(place, 'options', '-c synchronous_commit=off')
      await withClient(hasty, async (client) => {
        await client.query(`
          create function refuse_haste() returns trigger language plpgsql as $$ begin
            if current_setting('synchronous_commit') = 'off' then raise 'not durable'; end if;
            return new;
          end $$;
          create trigger durable before insert on "dataKeys" for each row execute function refuse_haste()`)
        await assert.rejects(
          client.query(`insert into "dataKeys" values ('k', 'p', 'w', 'active', 0, 0)`),
          /not durable/,
        )
      })
      const node = await openPostgres(hasty)
      await node.addKey({ key: aKey() })
      await node.close()
    })
  })
})
