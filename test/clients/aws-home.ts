/**
 * A person's machine as the AWS tools see it: a home folder of its own with `~/.aws` set up against one server, an
 * environment that holds nothing of ours, and a "browser" that only writes down which address it was asked to open.
 *
 * Clients since 2.13 (2023) take the server's address from `AWS_ENDPOINT_URL`. Debian 12's AWS CLI 2.9 does not, but reads
 * endpoint rule sets from `~/.aws/models`: that is how people point it elsewhere without root or TLS.
 */
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningPortico } from '../support/portico.ts'
import { type Ended, type Started, startProgram } from './program.ts'

/** A token file of `~/.aws/sso/cache`. */
export type CachedToken = {
  accessToken: string
  expiresAt: string
  refreshToken?: string
  clientId: string
  clientSecret: string
  registrationExpiresAt: string
  region: string
  startUrl: string
}

/** A home folder. `await using` ends what was started in it and removes it. */
export type AwsHome = {
  folder: string
  /** The environment of every program that is started; a test may add to it. */
  env: Record<string, string>
  /** Starts a program and does not wait. */
  start(program: string, args: readonly string[]): Started
  /** The next address that the program opened in the browser. @throws Error with its output, if it ends or none comes. */
  openedUrl(running: Started): Promise<string>
  /** Runs a program. @throws Error with all that it said, unless it ends with exit code 0. */
  run(program: string, args: readonly string[]): Promise<string>
  /** Runs a program that must fail. @throws Error if it succeeds. */
  runToFailure(program: string, args: readonly string[]): Promise<Ended>
  /** The only token file with an access token, or undefined. */
  token(): Promise<CachedToken | undefined>
  /** Changes members of that file, as time or another tool would. */
  editToken(change: Partial<CachedToken>): Promise<void>
  /** Forgets role credentials that the CLI keeps, so that it must ask for new ones. */
  forgetCredentials(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What `~/.aws/config` names. */
export type AwsHomeOptions = {
  /** `sso_start_url`; the server's own start URL unless said otherwise. */
  startUrl?: string
  /** `sso_account_id` and `sso_role_name` of both profiles. */
  accountId: string
  roleName: string
}

/** The first account of the demo organization that has a role, and that role. @throws Error if there is none. */
export function firstRole({ accounts }: RunningPortico): { accountId: string; roleName: string } {
  for (const { accountId, roles } of accounts) if (roles[0] !== undefined) return { accountId, roleName: roles[0] }
  throw new Error('the demo organization has no role')
}

/** Makes a home folder with a `dev` profile (with an sso-session named `corp`) and a `legacy` profile (without). */
export async function createAwsHome(portico: RunningPortico, options: AwsHomeOptions): Promise<AwsHome> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-home-'))
  const aws = join(folder, '.aws')
  const cache = join(aws, 'sso', 'cache')
  const opened = join(folder, 'opened')
  await mkdir(aws)
  await writeFile(join(aws, 'config'), configFile(portico, options))
  await writeRuleSets(join(aws, 'models'), portico.url)
  await writeFile(join(folder, 'browser'), `#!/bin/sh\nprintf '%s\\n' "$1" >>'${opened}'\n`)
  await chmod(join(folder, 'browser'), 0o755)

  const env: Record<string, string> = {
    HOME: folder,
    PATH: '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    BROWSER: `${folder}/browser %s`,
    AWS_ENDPOINT_URL: portico.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  }

  const started: Started[] = []
  function start(program: string, args: readonly string[]): Started {
    const context = () => `server: ${portico.log().slice(-4000)}`
    const running = startProgram(program, args, { env, cwd: folder, context })
    started.push(running)
    return running
  }

  async function tokenFile(): Promise<{ path: string; token: CachedToken } | undefined> {
    const found: { path: string; token: CachedToken }[] = []
    for (const name of existsSync(cache) ? await readdir(cache) : []) {
      const path = join(cache, name)
      const token = JSON.parse(await readFile(path, 'utf8')) as CachedToken
      if ('accessToken' in token) found.push({ path, token })
    }
    if (found.length > 1) throw new Error(`expected one token file, found ${found.map(({ path }) => path).join(', ')}`)
    return found[0]
  }

  return {
    folder,
    env,
    start,
    openedUrl: (running) =>
      running.until('opened no browser', async () => {
        const url = existsSync(opened) ? (await readFile(opened, 'utf8')).trim() : ''
        if (url === '') return undefined
        await rm(opened)
        return url
      }),
    async run(program, args) {
      const running = start(program, args)
      const { code, stdout } = await running.ended
      if (code !== 0) throw new Error(running.explain(`ended with ${code}`))
      return stdout
    },
    async runToFailure(program, args) {
      const running = start(program, args)
      const ended = await running.ended
      if (ended.code === 0) throw new Error(running.explain('should fail'))
      return ended
    },
    async token() {
      return (await tokenFile())?.token
    },
    async editToken(change) {
      const file = await tokenFile()
      if (file === undefined) throw new Error(`there is no token in ${cache}`)
      await writeFile(file.path, JSON.stringify({ ...file.token, ...change }))
    },
    forgetCredentials: () => rm(join(aws, 'cli', 'cache'), { recursive: true, force: true }),
    async [Symbol.asyncDispose]() {
      for (const running of started) running.kill()
      await Promise.all(started.map(({ ended }) => ended))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configFile({ startUrl, region }: RunningPortico, options: AwsHomeOptions): string {
  const sso = `sso_start_url = ${options.startUrl ?? startUrl}\nsso_region = ${region}`
  const target = `sso_account_id = ${options.accountId}\nsso_role_name = ${options.roleName}\nregion = ${region}`
  return [
    `[sso-session corp]\n${sso}\nsso_registration_scopes = sso:account:access`,
    `[profile dev]\nsso_session = corp\n${target}`,
    `[profile legacy]\n${sso}\n${target}`,
    '',
  ].join('\n\n')
}

/** One rule that says where everything is, in the place of the many that say where each region of AWS is. */
async function writeRuleSets(models: string, url: string): Promise<void> {
  const builtIn = (name: string, type: string) => ({ builtIn: name, required: false, type })
  const ruleSet = {
    version: '1.0',
    parameters: {
      Region: builtIn('AWS::Region', 'String'),
      UseDualStack: { ...builtIn('AWS::UseDualStack', 'Boolean'), required: true, default: false },
      UseFIPS: { ...builtIn('AWS::UseFIPS', 'Boolean'), required: true, default: false },
      Endpoint: builtIn('SDK::Endpoint', 'String'),
      UseGlobalEndpoint: { ...builtIn('AWS::STS::UseGlobalEndpoint', 'Boolean'), required: true, default: false },
    },
    rules: [{ conditions: [], endpoint: { url, properties: {}, headers: {} }, type: 'endpoint' }],
  }
  for (const service of ['sso-oidc/2019-06-10', 'sso/2019-06-10', 'sts/2011-06-15']) {
    await mkdir(join(models, service), { recursive: true })
    await writeFile(join(models, service, 'endpoint-rule-set-1.json'), JSON.stringify(ruleSet))
  }
}
