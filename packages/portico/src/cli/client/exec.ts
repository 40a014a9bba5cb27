/** `portico exec`: runs a program with credentials of a role, and with nothing else of AWS in its environment. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { endpointRuleSet, endpointRuleSetFiles } from '../../core/access/aws-config.ts'
import { Failure } from '../failure.ts'
import { roleCredentials } from './role-credentials.ts'
import { surroundingsOf } from './surroundings.ts'
import { resolveRole, type TargetFlags } from './target.ts'

/** Runs it and ends as it ends. */
export async function exec(command: readonly string[], flags: TargetFlags): Promise<void> {
  const [program, ...args] = command
  if (program === undefined) throw new Failure('usage', 'Say what to run: portico exec -- aws sts get-caller-identity')
  const target = resolveRole(flags)
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await roleCredentials(target)
  const { region, stsEndpoint } = surroundingsOf(target)
  using models = stsEndpoint === undefined ? undefined : ruleSets(stsEndpoint)
  const env: NodeJS.ProcessEnv = {
    ...withoutAws(process.env),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: new Date(expiration).toISOString(),
    AWS_ACCOUNT_ID: target.accountId,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(stsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_STS: stsEndpoint }),
    ...(models === undefined ? {} : { AWS_DATA_PATH: models.folder }),
  }
  process.exitCode = await run(program, args, env)
}

/** Files of the person stay in force, since programs read more than credentials from them. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CA_BUNDLE', 'AWS_PAGER', 'AWS_SDK_UA_APP_ID']
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !name.startsWith('AWS_') || kept.includes(name) || name.startsWith('AWS_CLI_'),
    ),
  )
}

/** AWS CLI 2.9 to 2.12 read no endpoint from the environment, but rule sets from a folder that it names. */
function ruleSets(url: string): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'portico-exec-'))
  for (const file of endpointRuleSetFiles.filter((name) => name.startsWith('sts/'))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), JSON.stringify(endpointRuleSet(url)))
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const child = spawn(program, args, { stdio: 'inherit', env })
  // The terminal tells the child itself of Ctrl-C; what only we are told is passed on.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  child.once('error', (thrown: NodeJS.ErrnoException) => {
    const why = thrown.code === 'ENOENT' ? 'is not installed' : `cannot be run (${thrown.code})`
    reject(new Failure('error', `${program} ${why}.`, { cause: thrown }))
  })
  child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  return promise
}
