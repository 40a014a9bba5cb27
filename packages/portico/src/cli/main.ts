#!/usr/bin/env node
/**
 * The command line. This file knows what can be asked for and turns failures into a sentence and an exit code; each command
 * is loaded when it is asked for. Rules are not its job.
 */
import { existsSync, readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { addAdministration, type Given, INSISTING } from './administration.ts'
import { registerClientCommands } from './client/commands.ts'
import { exitCodes, Failure } from './failure.ts'
import { type ResolvedSettings, resolveSettings } from './resolve-settings.ts'
import { environmentName, flagName, type Setting, type SettingName, settingNames, settings } from './settings.ts'
import { version } from './version.ts'

const program = new Command('portico')
  .description('A self-hosted IAM Identity Center')
  .version(version())
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .addHelpText(
    'after',
    `
Settings are taken from flags, then PORTICO_… variables, then portico.yaml. \`portico settings\` shows them all.

Exit codes: ${Object.entries(exitCodes)
      .map(([reason, code]) => `${code} ${reason}`)
      .join(', ')}.`,
  )

withSettings(program.command('serve'), settingNames)
  .description('serve, until Ctrl-C or SIGTERM')
  .option('--demo', 'put the demo organization into an empty database and print what to paste')
  .option('--json', 'print one line of JSON when listening')
  .action(async (given: Given) => {
    const { serve } = await import('./commands/serve.ts')
    await serve(resolve(given), { demo: given.demo === true, json: given.json === true })
  })

withSettings(program.command('apply'), ['data'])
  .description('make the organization what a file says, and show what that changes')
  .argument('<file>', 'the organization file, in YAML; - is standard input')
  .option('--dry-run', 'only show what would change')
  .option('--prune', 'also remove whatever the file does not name, and end all that people among it have open')
  .option('--yes', INSISTING)
  .action(async (file: string, given: Given) => {
    const { apply } = await import('./commands/apply.ts')
    const options = { dryRun: given.dryRun === true, prune: given.prune === true, yes: given.yes === true }
    await apply(resolve(given).values, file, options)
  })

const user = program.command('user').description('look after people')

withSettings(user.command('list'), ['data'])
  .description('list people')
  .option('--json', 'as JSON')
  .action(async (given: Given) => {
    const { listUsers } = await import('./commands/user.ts')
    await listUsers(resolve(given).values, { json: given.json === true })
  })

withSettings(user.command('password'), ['data'])
  .description('set the password of a person; it is asked for, or read from standard input')
  .argument('<name>', 'the user name')
  .action(async (name: string, given: Given) => {
    const { setPassword } = await import('./commands/user.ts')
    await setPassword(resolve(given).values, name)
  })

withSettings(user.command('link'), ['data', 'host', 'port', 'publicUrl'])
  .description('print a one-time link by which an administrator sets themselves up')
  .action(async (given: Given) => {
    const { printSetupLink } = await import('./commands/user.ts')
    await printSetupLink(resolve(given).values)
  })

const aboutPeople = ['data', 'host', 'port', 'publicUrl', 'mailFrom', 'supportEmail'] as const

withSettings(user.command('invite'), aboutPeople)
  .description('make a one-time link by which a person chooses how to sign in, and print it')
  .argument('<name>', 'the user name')
  .option('--mail', 'send it to the person instead')
  .action(async (name: string, given: Given) => {
    const { makeLink } = await import('./commands/user-links.ts')
    await makeLink(resolve(given).values, name, 'invitation', { mail: given.mail === true })
  })

withSettings(user.command('reset-link'), aboutPeople)
  .description('make a one-time link by which a person chooses a new password, and print it')
  .argument('<name>', 'the user name')
  .option('--mail', 'send it to the person instead')
  .action(async (name: string, given: Given) => {
    const { makeLink } = await import('./commands/user-links.ts')
    await makeLink(resolve(given).values, name, 'reset', { mail: given.mail === true })
  })

withSettings(user.command('reset-factors'), aboutPeople)
  .description('take passkeys, app and recovery codes of a person away, sign them out and tell them')
  .argument('<name>', 'the user name')
  .action(async (name: string, given: Given) => {
    const { resetFactors } = await import('./commands/user-links.ts')
    await resetFactors(resolve(given).values, name)
  })

const application = program.command('application').description('look after applications')

withSettings(application.command('list'), ['data'])
  .description('list applications and their ARNs, which are their client ids')
  .option('--json', 'as JSON')
  .action(async (given: Given) => {
    const { listApplications } = await import('./commands/application.ts')
    await listApplications(resolve(given).values, { json: given.json === true })
  })

withSettings(application.command('access-key'), ['data'])
  .description('print the access key of a program that asks in the name of an application')
  .argument('<name>', 'the name that the organization file gives it')
  .action(async (name: string, given: Given) => {
    const { printAccessKey } = await import('./commands/application.ts')
    await printAccessKey(resolve(given).values, name)
  })

withSettings(application.command('secret'), ['data'])
  .description('print the client id and the secret of an application, for the standard endpoints')
  .argument('<name>', 'the name that the organization file gives it')
  .action(async (name: string, given: Given) => {
    const { printSecret } = await import('./commands/application.ts')
    await printSecret(resolve(given).values, name)
  })

const resourceServer = program
  .command('resource-server')
  .description('look after the services that ask about access tokens')

withSettings(resourceServer.command('list'), ['data'])
  .description('list resource servers and the scopes that each is told of')
  .option('--json', 'as JSON')
  .action(async (given: Given) => {
    const { listResourceServers } = await import('./commands/resource-server.ts')
    await listResourceServers(resolve(given).values, { json: given.json === true })
  })

withSettings(resourceServer.command('secret'), ['data'])
  .description('print the client id and the secret of a resource server')
  .argument('<name>', 'the name that the organization file gives it')
  .action(async (name: string, given: Given) => {
    const { printSecret } = await import('./commands/resource-server.ts')
    await printSecret(resolve(given).values, name)
  })

withSettings(program.command('settings'), settingNames)
  .description('show every setting, its value and where it came from')
  .option('--json', 'as JSON')
  .action(async (given: Given) => {
    const { printSettings } = await import('./commands/settings.ts')
    printSettings(resolve(given), { json: given.json === true })
  })

registerClientCommands(program)

addAdministration(program, user, { withSettings, resolve })

function withSettings(command: Command, names: readonly SettingName[]): Command {
  command.option('--config <file>', 'the settings file (default: portico.yaml, if there is one; PORTICO_CONFIG)')
  for (const name of names) {
    const { secret, argument, docs, fallback }: Setting<unknown> = settings[name]
    if (secret) continue
    const preset = fallback ? ` (default: ${fallback}; ${environmentName(name)})` : ` (${environmentName(name)})`
    command.addOption(new Option(argument ? `${flagName(name)} <${argument}>` : flagName(name), docs + preset))
  }
  return command
}

function resolve(given: Given): ResolvedSettings {
  const flags = settingNames.filter((name) => given[name] !== undefined).map((name) => [name, String(given[name])])
  const file = settingsFile(typeof given.config === 'string' ? given.config : process.env.PORTICO_CONFIG || undefined)
  return resolveSettings({ file, env: process.env, flags: Object.fromEntries(flags) })
}

function settingsFile(named: string | undefined): { name: string; text: string } | undefined {
  const name = named ?? 'portico.yaml'
  if (named === undefined && !existsSync(name)) return undefined
  try {
    return { name, text: readFileSync(name, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure('configuration', `The settings file ${name} cannot be read (${code}).`, { cause: error })
  }
}

program
  .command('conformance')
  .description('find out what a server, of whatever make, does not do as AWS clients and RFC 8628 need it')
  .argument('<url>', 'the origin of the server')
  .option('--suite <name>', 'aws or standard (default: both)')
  .option('--start-url <url>', 'the start URL of the instance (default: /start at the server)')
  .option('--person', 'also check what needs a person: addresses to approve or deny are printed as they come up')
  .option('--client-id <id>', 'a client of the standard endpoints, where programs cannot register themselves')
  .option('--client-secret <secret>', 'its secret, if it has one')
  .option('--json', 'print the results as JSON')
  .action(async (url: string, given: Given) => {
    const { conformance } = await import('./commands/conformance.ts')
    await conformance(url, given)
  })

try {
  await program.parseAsync()
} catch (error) {
  // Commander has said what was wrong already, and --help and --version end here too.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  else if (error instanceof Failure) {
    console.error(`portico: ${error.message}`)
    process.exitCode = error.exitCode
  } else {
    // Nobody foresaw this, so that whoever looks into it needs all of it.
    console.error('portico: something went wrong that should not have. Please report it with the following.\n', error)
    process.exitCode = exitCodes.error
  }
}
