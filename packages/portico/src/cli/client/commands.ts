/**
 * The commands for people who sign in: what can be asked for. Each is loaded when it is. They work against AWS as against a
 * Portico, and know nothing of the server.
 *
 * Not its job: serving, and everything else that needs a data folder.
 */
import { type Command, Option } from 'commander'
import { ssoOidcDocs } from 'ssooidc/protocol/docs'
import { ssoOidc } from 'ssooidc/protocol/sso-oidc'
import type { OperationName } from './raw.ts'
import type { TargetFlags } from './target.ts'
import { flagOf } from './values.ts'

/** Adds them to a program. */
export function registerClientCommands(program: Command): void {
  addSignIn(program)
  addAccess(program)
  addConfigure(program)
  addRaw(program)
  addHelp(program)
}

function addSignIn(program: Command): void {
  const login = target(program.command('login').argument('[session]', 'a session of ~/.aws/config, or a start URL'))
    .description('sign in, unless you are; in a browser here, or by a code on any device')
    .addOption(new Option('--method <method>', 'how').choices(['auto', 'pkce', 'device']).default('auto'))
    .option('--force', 'sign in even if you are')
    .option('--if-needed', 'what is done anyway: nothing, when you are signed in')
    .option('--min-ttl <time>', 'sign in again when less is left, such as 30m')
    .option('--timeout <time>', 'how long to wait for you (default: as long as the code lives)')
    .option('--scope <scope...>', 'scopes to ask for (default: those of the session, or sso:account:access)')
    .option('--port <number>', 'port that the browser comes back to (default: one that is free)')
    .option('--copy', "put the address into your terminal's clipboard")
  browser(login).action(async (session: string | undefined, flags) => {
    const { login } = await import('./login.ts')
    await run(flags, () => login(session, flags))
  })

  target(program.command('logout').argument('[session]', 'a session of ~/.aws/config, or a start URL'))
    .description('sign out, at the service and on this machine')
    .option('--all', 'of everything that this machine is signed in to')
    .action(async (session: string | undefined, flags) => {
      const { logout } = await import('./logout.ts')
      await run(flags, () => logout(session, flags))
    })

  target(program.command('status'))
    .description('show your sign-ins, without asking anybody')
    .option('--quiet', 'say it by the exit code only: 0, or 3 when you must sign in')
    .action(async (flags) => {
      const { status } = await import('./status.ts')
      await run(flags, () => status(flags))
    })
}

function addAccess(program: Command): void {
  target(program.command('accounts').argument('[filter]', 'a part of a name or number'))
    .description('list your accounts')
    .action(async (filter: string | undefined, flags) => {
      const { accounts } = await import('./accounts.ts')
      await run(flags, () => accounts(filter, flags))
    })

  target(program.command('roles').argument('[filter]', "a part of an account's name or number"))
    .description('list your roles in accounts')
    .action(async (filter: string | undefined, flags) => {
      const { roles } = await import('./accounts.ts')
      await run(flags, () => roles(filter, flags))
    })

  role(target(program.command('exec').argument('<command...>', 'after --, the program and its arguments'), false))
    .description("run a program with a role's credentials in its environment")
    .addHelpText('after', '\nExample:\n  portico exec --profile dev -- aws sts get-caller-identity')
    .action(async (command: string[], flags) => {
      const { exec } = await import('./exec.ts')
      await run(flags, () => exec(command, flags))
    })

  role(target(program.command('export')))
    .description("print a role's credentials")
    .addOption(
      new Option('--format <format>', 'as what')
        .choices(['env', 'fish', 'powershell', 'dotenv', 'json', 'process'])
        .default('env'),
    )
    .option('--min-ttl <time>', 'get new ones when less is left (default: 15m)')
    .addHelpText('after', '\nExample:\n  eval "$(portico export --profile dev)"')
    .action(async (flags) => {
      const { exportRole } = await import('./export.ts')
      await run(flags, () => exportRole(flags))
    })

  browser(role(target(program.command('credential-process'), false)))
    .description('print credentials for the credential_process of a profile')
    .option('--auto-login', 'sign in first when that is needed')
    .addHelpText(
      'after',
      '\nExample, in ~/.aws/config:\n  [profile tool]\n  credential_process = portico credential-process --profile dev',
    )
    .action(async (flags) => {
      const { credentialProcess } = await import('./credential-process.ts')
      await run(flags, () => credentialProcess(flags))
    })
}

function addConfigure(program: Command): void {
  const configure = program.command('configure').description('set up ~/.aws/config for the AWS tools')
  const written = (command: Command) =>
    command
      .option('--dry-run', 'only show what would change')
      .option('--json', 'as JSON')
      .option('--no-input', 'never ask')

  written(configure.command('session').argument('<name>', 'what to call it'))
    .description('write an sso-session, and for a Portico where it is')
    .option('--start-url <url>', 'of the Identity Center, or of a Portico (its origin is enough)')
    .option('--region <region>', 'of the Identity Center (for a Portico: us-east-1)')
    .option('--endpoint <url>', 'where a Portico is, when its start URL does not say so')
    .option('--scope <scope...>', 'scopes to register for (default: sso:account:access)')
    .option('--endpoint-rules', 'also write what AWS CLI 2.9 to 2.12 needs; it then signs in nowhere else')
    .action(async (name: string, flags) => {
      const { configureSession } = await import('./configure/session.ts')
      await run(flags, () => configureSession(name, flags))
    })

  written(configure.command('profile').argument('[name]', 'what to call it (default: from account and role)'))
    .description('write a profile for one role')
    .option('--session <name>', 'the sign-in session (default: the only one)')
    .option('--account <id>', 'its account')
    .option('--role <name>', 'the role')
    .option('--region <region>', 'where its programs work (default: that of the session)')
    .action(async (name: string | undefined, flags) => {
      const { configureProfile } = await import('./configure/profile.ts')
      await run(flags, () => configureProfile(name, flags))
    })

  written(configure.command('populate'))
    .description('write a profile for every role that you have, in a block that is kept')
    .option('--session <name>', 'the sign-in session (default: the only one)')
    .option('--template <text>', 'names, from {account}, {id} and {role}')
    .option('--region <region>', 'where their programs work (default: that of the session)')
    .option('--prune', 'take away profiles of roles that you have no more')
    .action(async (flags) => {
      const { configurePopulate } = await import('./configure/populate.ts')
      await run(flags, () => configurePopulate(flags))
    })
}

function addRaw(program: Command): void {
  addOperation(
    program.command('register'),
    'registerClient',
    'register a program as a public client, so that it may start sign-ins',
  )

  const device = program.command('device').description('sign in by device code, one step at a time')
  addOperation(
    device.command('start'),
    'startDeviceAuthorization',
    'begin the sign-in of a device: get a short code for a person and a long one for the program',
  )
  where(device.command('poll'))
    .description('wait for the approval, and print the tokens')
    .option('--client-id <text>', 'the id that register gave')
    .option('--client-secret <text>', 'the secret that register gave')
    .option('--device-code <text>', 'the code that device start gave')
    .option('--expires-in <seconds>', 'until when to wait (default: 600)')
    .option('--interval <seconds>', 'between two polls (default: 5)')
    .action(async (flags) => {
      const { pollDevice } = await import('./raw.ts')
      await run(flags, () => pollDevice(flags))
    })

  const token = target(program.command('token'))
    .description('print the access token, renewed when it is about to end')
    .option('--show', 'even on a terminal')
    .option('--min-ttl <time>', 'renew it when less is left (default: 5m)')
    .action(async (flags) => {
      const { token } = await import('./token.ts')
      await run(flags, () => token(flags))
    })
  // Else it would take the flags of the two below for its own.
  program.enablePositionalOptions()
  token.enablePositionalOptions()
  addOperation(
    token.command('create'),
    'createToken',
    'redeem a device code, an authorization code or a refresh token for an access token',
  )
  addOperation(
    token.command('create-with-iam'),
    'createTokenWithIAM',
    'get tokens for a person, as a registered application that proves itself with an AWS signature',
  )
}

function addHelp(program: Command): void {
  target(program.command('doctor'))
    .description('look for what keeps you from signing in')
    .option('--server <url>', 'look at a server instead of this machine')
    .action(async (flags) => {
      const { doctor } = await import('./doctor/doctor.ts')
      await run(flags, () => doctor(flags))
    })

  const config = program.command('config').description('settings of the client commands')
  target(config.command('explain'))
    .description('show every setting and where it comes from')
    .action(async (flags) => {
      const { explain } = await import('./explain.ts')
      await run(flags, async () => explain(flags))
    })

  program
    .command('completion')
    .description('print a script that completes commands')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', '\nExample:\n  source <(portico completion bash)')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts')
      await run({}, async () => void process.stdout.write(completionScript(shell)))
    })
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { complete } = await import('./completion.ts')
      console.log(complete(program, words).join('\n'))
    })
}

/** Flags that say whose sign-in is meant. */
function target(command: Command, json = true): Command {
  command
    .option('--profile <name>', 'a profile of ~/.aws/config (default: AWS_PROFILE)')
    .option('--session <name>', 'an sso-session of ~/.aws/config (default: the only one)')
    .option('--start-url <url>', 'a start URL; of a Portico its origin is enough')
    .option('--endpoint <url>', 'where the service is, when it is neither AWS nor where the files say')
    .option('--region <region>', 'the Region of the Identity Center')
  return json ? command.option('--json', 'as JSON') : command
}

function role(command: Command): Command {
  return command
    .option('--account <id>', "the account (default: the profile's)")
    .option('--role <name>', "the role (default: the profile's)")
}

function browser(command: Command): Command {
  return command
    .option('--browser <command>', 'the browser to open, %s for the address')
    .option('--no-browser', 'open none')
    .option('--qr', 'draw a code for your phone (default: when no browser is opened)')
    .option('--no-qr', 'draw none')
    .option('--no-input', 'never ask')
}

/** Flags that say where the service is. */
function where(command: Command): Command {
  return command
    .option('--endpoint <url>', 'where the service is, when it is not AWS')
    .option('--region <region>', 'the AWS Region')
    .option('--profile <name>', 'a profile of ~/.aws/config')
    .option('--input-json <json>', 'members as JSON, such as another command printed; - is standard input')
}

/** A command for an operation, as the contract has it. */
function addOperation(command: Command, name: OperationName, description: string): void {
  const { input } = ssoOidc.operations[name]
  const docs = ssoOidcDocs.operations[name]
  where(command.description(description))
  for (const [member, shape] of Object.entries(input)) {
    const about = (docs.input as Readonly<Record<string, unknown>>)[member]
    command.option(
      `${flagOf(member)} ${shape.kind === 'list' ? '<text...>' : '<text>'}`,
      typeof about === 'string' ? about : '',
    )
  }
  command.action(async (flags) => {
    const { callOperation } = await import('./raw.ts')
    await run(flags, () => callOperation(name, Object.keys(input), flags))
  })
}

/** Runs a command; what goes wrong becomes a failure, and for a program that reads JSON, JSON. */
async function run(flags: TargetFlags & { readonly json?: boolean }, work: () => Promise<void>): Promise<void> {
  const { printJson, watchOutput } = await import('./terminal.ts')
  watchOutput()
  try {
    await work()
  } catch (thrown) {
    const { toFailure } = await import('./failures.ts')
    const failure = toFailure(thrown, flags)
    if (flags.json && failure instanceof Error && 'exitCode' in failure)
      printJson({ error: { exitCode: failure.exitCode, message: failure.message } })
    throw failure
  }
}
