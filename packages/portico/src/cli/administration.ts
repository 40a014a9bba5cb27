/** What administrators may ask for at the command line, beside serving: each command is loaded when it is asked for. */
import type { Command } from 'commander'
import type { ResolvedSettings } from './resolve-settings.ts'
import type { SettingName } from './settings.ts'

/** What commander parsed: texts of options with a value, `true` of switches. */
export type Given = Readonly<Record<string, string | boolean | undefined>>

/** What `--yes` says, wherever people or what they may can be taken away. */
export const INSISTING = 'even when nobody who administers, or nobody at all, could sign in any more'

/** What commands are built with. */
export type Tools = {
  withSettings(command: Command, names: readonly SettingName[]): Command
  resolve(given: Given): ResolvedSettings
}

/** Adds the commands of administrators; `user` is there already. */
export function addAdministration(program: Command, user: Command, tools: Tools): void {
  const { withSettings, resolve } = tools
  addKeys(program, tools)
  addAudit(program, tools)
  addBackup(program, tools)
  for (const enabled of [false, true]) {
    const command = withSettings(user.command(enabled ? 'enable' : 'disable'), ['data'])
      .description(
        enabled ? 'let a disabled person sign in again' : 'disable a person, and end all that they have open',
      )
      .argument('<name>', 'the user name')
      .action(async (name: string, given: Given) => {
        const { setUserEnabled } = await import('./commands/user-life.ts')
        await setUserEnabled(resolve(given).values, name, enabled, { yes: given.yes === true })
      })
    if (!enabled) command.option('--yes', INSISTING)
  }

  withSettings(user.command('delete'), ['data'])
    .description('delete a person and all that is theirs; audit lines stay')
    .argument('<name>', 'the user name')
    .option('--yes', INSISTING)
    .action(async (name: string, given: Given) => {
      const { deleteUser } = await import('./commands/user-life.ts')
      await deleteUser(resolve(given).values, name, { yes: given.yes === true })
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

function addAudit(program: Command, { withSettings, resolve }: Tools): void {
  const audit = withSettings(program.command('audit'), ['data'])
    .description('print the audit log, oldest first')
    .option('--event <name>', 'only events of this name, such as ApproveDevice')
    .option('--user <name>', 'only what this person did, or was done to them; the id of one who is deleted')
    .option('--since <time>', 'only from this time on, such as 2026-11-24T09:00:00Z')
    .option('--until <time>', 'only before this time')
    .option('--last <number>', 'only the newest')
    .option('--follow', 'go on with what is written from now on, until Ctrl-C')
    .option('--json', 'one event a line, in the shape of CloudTrail records')
    .action(async (given: Given) => {
      const { printAudit } = await import('./commands/audit.ts')
      const { event, user, since, until, last } = given
      const asked = { event: text(event), user: text(user), since: text(since), until: text(until), last: text(last) }
      await printAudit(
        resolve(given).values,
        { ...asked, follow: given.follow === true },
        { json: given.json === true },
      )
    })

  withSettings(audit.command('verify'), ['data'])
    .description('tell whether a line of the log was changed or taken away')
    .option('--json', 'as JSON')
    .action(async (_: Given, command: Command) => {
      const { verifyAudit } = await import('./commands/audit.ts')
      // `audit` has the same options, and takes those that stand before `verify` or after it.
      const given: Given = command.optsWithGlobals()
      await verifyAudit(resolve(given).values, { json: given.json === true })
    })
}

function addBackup(program: Command, { withSettings, resolve }: Tools): void {
  withSettings(program.command('backup'), ['data'])
    .description('copy the embedded database as it is now, beside a running server or without one')
    .argument('<file>', 'a new file; the root key is not in it')
    .action(async (file: string, given: Given) => {
      const { backup } = await import('./commands/backup.ts')
      backup(resolve(given).values, file)
    })

  withSettings(program.command('restore'), ['data'])
    .description('put a copy in the place of the embedded database, and end every session')
    .argument('<file>', 'what `portico backup` made')
    .option('--replace', 'put the database that there is aside')
    .action(async (file: string, given: Given) => {
      const { restore } = await import('./commands/backup.ts')
      await restore(resolve(given).values, file, { replace: given.replace === true })
    })
}
