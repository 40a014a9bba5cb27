import assert from 'node:assert/strict'
import { chmodSync, readdirSync, statSync } from 'node:fs'
import { describe, test } from 'node:test'
import { ORGANIZATION, workplace } from '../../../../test/support/workplace.ts'
import { exitCodes } from './failure.ts'

describe('portico backup and restore', () => {
  test('copy the database of a running server, and put the copy back once it has stopped', async () => {
    await using place = workplace()
    const server = await place.serve()
    place.run(['apply', '-'], { input: ORGANIZATION })
    assert.match(place.run(['backup', 'copy.db']).out, /^The database is in copy\.db\./)
    assert.equal(statSync(place.path('copy.db')).mode & 0o777, 0o600)
    assert.match(place.run(['backup', 'copy.db']).err, /is there already/)
    place.run(['user', 'delete', 'carol'])

    const busy = place.run(['restore', 'copy.db', '--replace'])
    assert.equal(busy.code, exitCodes.data)
    assert.match(busy.err, /Another server/)
    assert.equal(await server.stop(), 0)
    assert.match(place.run(['restore', 'copy.db']).err, /There is a database .* already/)
    assert.match(place.run(['restore', 'copy.db', '--replace']).out, /people sign in again/)
    assert.match(place.run(['user', 'list']).out, /^carol/)
    assert.match(place.run(['audit', '--last', '1']).out, /RestoreBackup/)
    assert.ok(readdirSync(place.path('portico-data')).some((name) => name.startsWith('portico.db.before-')))
    const again = await place.serve()
    assert.equal(again.said.instanceId, server.said.instanceId)
    assert.equal(await again.stop(), 0)
  })

  test('restore makes a database for its owner alone, whoever may read the copy', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    place.run(['backup', 'copy.db'])
    chmodSync(place.path('copy.db'), 0o644)
    assert.equal(place.run(['restore', 'copy.db', '--replace']).code, 0)
    assert.equal(statSync(place.path('portico-data/portico.db')).mode & 0o777, 0o600)
  })

  test('restore takes nothing for a database that is none, and leaves the one that there is', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    place.write('other.db', 'not a database')
    const { code, err } = place.run(['restore', 'other.db', '--replace'])
    assert.equal(code, exitCodes.data)
    assert.match(err, /no sound database/)
    assert.match(place.run(['user', 'list']).out, /^carol/)
  })
})
