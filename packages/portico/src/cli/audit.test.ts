import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { ORGANIZATION, PASSWORD, workplace } from '../../../../test/support/workplace.ts'
import { openSqlite } from '../storage/sqlite/sqlite.ts'
import { exitCodes } from './failure.ts'

describe('portico audit', () => {
  test('prints who did what, filtered, for people and as lines of JSON', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    place.run(['user', 'password', 'carol'], { input: PASSWORD })
    place.run(['user', 'disable', 'carol', '--yes'])
    const events = (...args: string[]) => {
      const { out } = place.run(['audit', '--json', ...args])
      return out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    }
    const names = (...args: string[]) => events(...args).map(({ eventName }) => eventName)
    assert.deepEqual(names(), ['ApplyOrganization', 'SetPassword', 'DisableUser'])
    assert.deepEqual(names('--user', 'CAROL'), ['SetPassword', 'DisableUser'])
    assert.deepEqual(names('--event', 'SetPassword'), ['SetPassword'])
    assert.deepEqual(names('--last', '1'), ['DisableUser'])
    assert.deepEqual(names('--until', '2020-01-01'), [])
    const [line] = events('--last', '1')
    assert.deepEqual([line.userIdentity.userName, line.userAgent], ['carol', 'portico user'])
    assert.match(place.run(['audit']).out, /^\S+Z {2}DisableUser {2}carol {2}portico user$/m)
    assert.equal(place.run(['audit', '--since', 'yesterday']).code, exitCodes.usage)
  })

  test('verifies its chain, and says which line was changed or is missing', async () => {
    await using place = workplace()
    place.run(['apply', '-'], { input: ORGANIZATION })
    place.run(['user', 'disable', 'carol', '--yes'])
    place.run(['user', 'enable', 'carol'])
    assert.match(place.run(['audit', 'verify']).out, /^0 lines, .* 3 too new to be sealed/)
    const path = place.path('portico-data/portico.db')
    const storage = await openSqlite({ path })
    await storage.sealAudit({ limit: 10 })
    await storage.close()
    const { lines, unsealed } = JSON.parse(place.run(['audit', 'verify', '--json']).out)
    assert.deepEqual([lines, unsealed], [3, 0])

    const tamper = (sql: string) => {
      const database = new DatabaseSync(path)
      database.exec(sql)
      database.close()
      return place.run(['audit', 'verify'])
    }
    const changed = tamper(`update "auditEvents" set "userId" = 'nobody' where "seq" = 2`)
    assert.equal(changed.code, exitCodes.data)
    assert.match(changed.err, /Line 2 of the audit log was changed/)
    assert.match(tamper('delete from "auditEvents" where "seq" = 2').err, /Line 2 of the audit log is missing/)
    assert.match(tamper('delete from "auditEvents" where "seq" > 1').err, /Line 2 of the audit log is missing/)
  })
})
