/** What administrators may ask for at the command line, beside serving: each command is loaded when it is asked for. */
import type { Command } from 'commander'
import type { ResolvedSettings } from './resolve-settings.ts'
import type { SettingName } from './settings.ts'

/** What commander parsed: texts of options with a value, `true` of switches. */
export type Given = Readonly<Record<string, string | boolean | undefined>>

/** What commands are built with. */
export type Tools = {
  withSettings(command: Command, names: readonly SettingName[]): Command
  resolve(given: Given): ResolvedSettings
}

/** Adds the commands of administrators; `user` is there already. */
export function addAdministration(program: Command, user: Command, tools: Tools): void {
  const { withSettings, resolve } = tools
  addKeys(program, tools)
  for (const enabled of [false, true]) {
    withSettings(user.command(enabled ? 'enable' : 'disable'), ['data'])
      .description(
        enabled ? 'let a disabled person sign in again' : 'disable a person, and end all that they have open',
      )
      .argument('<name>', 'the user name')
      .action(async (name: string, given: Given) => {
        const { setUserEnabled } = await import('./commands/user-life.ts')
        await setUserEnabled(resolve(given).values, name, enabled)
      })
  }

  withSettings(user.command('delete'), ['data'])
    .description('delete a person and all that is theirs; audit lines stay')
    .argument('<name>', 'the user name')
    .action(async (name: string, given: Given) => {
      const { deleteUser } = await import('./commands/user-life.ts')
      await deleteUser(resolve(given).values, name)
    })

  const session = program.command('session').description('see who is signed in with which program, and end it')

  withSettings(session.command('list'), ['data'])
    .description('list living sessions, newest first')
    .option('--user <name>', 'of this person')
    .option('--client <id>', 'of this client: its id, or its clientHash')
    .option('--json', 'as JSON')
    .action(async (given: Given) => {
      const { listSessions } = await import('./commands/session.ts')
      await listSessions(resolve(given).values, whose(given), { json: given.json === true })
    })

  withSettings(session.command('end'), ['data'])
    .description('end sessions; their tokens, and role credentials of the built-in broker, stop within 250 ms')
    .argument('[id]', 'the session')
    .option('--user <name>', 'everything that this person has open')
    .option('--client <id>', 'every session of this client: its id, or its clientHash')
    .option('--all', 'everything of everybody')
    .option('--json', 'as JSON')
    .action(async (id: string | undefined, given: Given) => {
      const { endSessions } = await import('./commands/session.ts')
      const what = { session: id, ...whose(given), all: given.all === true }
      await endSessions(resolve(given).values, what, { json: given.json === true })
    })

  const client = program.command('client').description('look after registered programs')

  withSettings(client.command('deny'), ['data'])
    .description('accept nothing of a client any more, and end its sessions')
    .argument('<id>', 'its client id, or its clientHash')
    .option('--json', 'as JSON')
    .action(async (id: string, given: Given) => {
      const { denyClient } = await import('./commands/client.ts')
      await denyClient(resolve(given).values, id, { json: given.json === true })
    })
}

const text = (value: string | boolean | undefined) => (typeof value === 'string' ? value : undefined)

const whose = ({ user, client }: Given) => ({ user: text(user), client: text(client) })

function addKeys(program: Command, { withSettings, resolve }: Tools): void {
  const keys = program.command('keys').description('look after the keys that everything is sealed and signed with')
  const places = ['data', 'rootKeyFile', 'rootKeyCommand'] as const

  withSettings(keys.command('list'), ['data'])
    .description('list keys and their states: published, active, verify-only, retired')
    .option('--json', 'as JSON')
    .action(async (given: Given) => {
      const { listKeys } = await import('./commands/keys.ts')
      await listKeys(resolve(given).values, { json: given.json === true })
    })

  withSettings(keys.command('rotate'), places)
    .description('let new keys follow the present ones; nothing that is alive is lost')
    .argument('[purpose]', 'only the key of this purpose')
    .action(async (purpose: string | undefined, given: Given) => {
      const { rotate } = await import('./commands/keys.ts')
      await rotate(resolve(given).values, purpose)
    })

  withSettings(keys.command('compromised'), places)
    .description('retire a key that somebody else may have, with everything that was made under it')
    .argument('<key>', 'the key')
    .action(async (kid: string, given: Given) => {
      const { compromised } = await import('./commands/keys.ts')
      await compromised(resolve(given).values, kid)
    })

  withSettings(keys.command('rewrap'), places)
    .description('put every key under the present root key, given the previous one (PORTICO_PREVIOUS_ROOT_KEY)')
    .action(async (given: Given) => {
      const { rewrap } = await import('./commands/keys.ts')
      await rewrap(resolve(given).values)
    })
}
