import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { PASSWORD, workplace } from '../../../../test/support/workplace.ts'

type Place = ReturnType<typeof workplace>

/** What one command leaves in the log: the events that it is about, or nothing because it changes and reveals nothing. */
type Leaves = {
  events: readonly string[]
  /** How it is run; as it is named, unless said. */
  args?: readonly string[] | ((place: Place) => readonly string[])
  input?: string
  env?: (place: Place) => Readonly<Record<string, string>>
}

const ORGANIZATION = `
users: [{ userName: carol, administrator: true }, { userName: dan }]
accounts: [{ id: 333333333333, name: Shop }]
permissionSets: [{ name: Reader }]
assignments: [{ account: 333333333333, permissionSet: Reader, user: dan }]
applications: [{ name: reports, grants: [token-exchange], actors: [{ accessKey: nightly }] }]
resourceServers: [{ name: shelf, scopes: [] }]
`
const nothing = { events: [] }
const rootKey = randomBytes(32).toString('base64')
const bothRootKeys = (place: Place) => ({
  PORTICO_ROOT_KEY: rootKey,
  PORTICO_PREVIOUS_ROOT_KEY: readFileSync(place.path('portico-data/root.key'), 'utf8').trim(),
})

/** Every command that is given a data folder, in an order in which each finds what it needs. */
const commands: Readonly<Record<string, Leaves>> = {
  apply: { args: ['apply', '-'], input: ORGANIZATION, events: ['ApplyOrganization'] },
  settings: nothing,
  'user list': nothing,
  'user link': { events: ['CreateSetupLink'] },
  'user invite': { args: ['user', 'invite', 'dan'], events: ['InvitePerson'] },
  'user reset-link': { args: ['user', 'reset-link', 'dan'], events: ['CreateResetLink'] },
  'user reset-factors': { args: ['user', 'reset-factors', 'dan'], events: ['ResetFactors'] },
  'user password': { args: ['user', 'password', 'dan'], input: PASSWORD, events: ['SetPassword'] },
  'user disable': { args: ['user', 'disable', 'dan', '--yes'], events: ['DisableUser'] },
  'user enable': { args: ['user', 'enable', 'dan'], events: ['EnableUser'] },
  'user delete': { args: ['user', 'delete', 'dan', '--yes'], events: ['DeleteUser'] },
  'application list': nothing,
  'application access-key': { args: ['application', 'access-key', 'nightly'], events: ['RevealAccessKey'] },
  'application secret': { args: ['application', 'secret', 'reports'], events: ['RevealApplicationSecret'] },
  'resource-server list': nothing,
  'resource-server secret': {
    args: ['resource-server', 'secret', 'shelf'],
    events: ['RevealResourceServerSecret'],
  },
  'session list': nothing,
  'session end': { args: ['session', 'end', '--all'], events: ['EndAllSessions'] },
  'client deny': { args: ['client', 'deny', 'h'.repeat(43)], events: ['DenyClient'] },
  'keys list': nothing,
  'keys rotate': { events: ['RotateKeys'] },
  'keys compromised': { args: (place) => ['keys', 'compromised', aKey(place)], events: ['CompromisedKey'] },
  audit: nothing,
  'audit verify': nothing,
  backup: { args: ['backup', 'copy.db'], events: ['CreateBackup'] },
  restore: { args: ['restore', 'copy.db', '--replace'], events: ['RestoreBackup'] },
  'keys rewrap': { env: bothRootKeys, events: ['RewrapKeys'] },
}

test('every command that changes or reveals something writes it down, and the others change nothing', async () => {
  assert.deepEqual(
    commandsWithData(),
    ['serve', ...Object.keys(commands)].toSorted(),
    'a command without its line here',
  )
  await using place = workplace()
  const server = await place.serve()
  await server.stop()
  assert.deepEqual(eventsIn(place), ['CreateSetupLink'], 'serve')
  for (const [name, { args = name.split(' '), input = '', env, events }] of Object.entries(commands)) {
    const [before, lines] = [contents(place), eventsIn(place).length]
    const { code, err } = place.run(typeof args === 'function' ? args(place) : args, { input, ...env?.(place) })
    assert.equal(code, 0, `${name}: ${err}`)
    assert.deepEqual(eventsIn(place).slice(lines), events, name)
    if (events.length === 0) assert.deepEqual(contents(place), before, name)
  }
})

/** The commands that take `--data`, by the reference: without it, none can reach a database. */
function commandsWithData(): string[] {
  const reference = new URL('../../../../docs/reference/command-line.md', import.meta.url)
  const [, ...sections] = readFileSync(reference, 'utf8').split(/^## portico/m)
  return sections
    .filter((section) => /^ {2}--data </m.test(section))
    .map((section) => section.slice(0, section.indexOf('\n')).trim())
    .toSorted()
}

function read<Result>(place: Place, ask: (database: DatabaseSync) => Result): Result {
  using database = new DatabaseSync(place.path('portico-data/portico.db'), { readOnly: true })
  return ask(database)
}

/** Names of the events in the log, oldest first. */
function eventsIn(place: Place): string[] {
  return read(place, (database) =>
    database
      .prepare('select "eventName" from "auditEvents" order by "id"')
      .all()
      .map(({ eventName }) => String(eventName)),
  )
}

/** Every row of every table. */
function contents(place: Place): Record<string, unknown> {
  return read(place, (database) => {
    const tables = database.prepare(`select "name" from "sqlite_schema" where "type" = 'table'`).all()
    return Object.fromEntries(
      tables.map(({ name }) => [String(name), database.prepare(`select * from "${name}"`).all()]),
    )
  })
}

function aKey(place: Place): string {
  return read(place, (database) => String(database.prepare('select "kid" from "dataKeys"').get()?.kid))
}
