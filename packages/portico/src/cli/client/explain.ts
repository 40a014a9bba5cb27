/** `portico config explain`: every setting that a client command would use, and where it was found. */
import { resolveConfig } from 'ssooidc'
import {
  ConfigError,
  type ResolvedConfig,
  readSharedFiles,
  resolveProfile,
  resolveSettings,
  type SharedFiles,
} from 'ssooidc/config'
import { Failure } from '../failure.ts'
import { resolveTarget, type Target, type TargetFlags } from './target.ts'
import { printJson, say, table } from './terminal.ts'

const services = ['SSO OIDC', 'SSO', 'STS'] as const

/** A setting that nothing says has no value. */
type Row = readonly [setting: string, value: string | undefined, origin: string]

/** Prints them. Where no sign-in session is meant, all that does not need one. */
export function explain(flags: TargetFlags & { readonly json?: boolean }): void {
  const files = readSharedFiles()
  const target = targetOf(flags)
  const client = target?.client ?? (flags.endpoint === undefined ? {} : { endpoint: flags.endpoint })
  const around = { env: process.env, files: () => files }
  const rows: Row[] = target === undefined ? [] : aboutSession(target, flags, files)
  for (const service of services) {
    const { endpoint } = resolveSettings(service, client, around)
    const origin = isOurs(endpoint, client, flags) ? endpointOrigin(target, files) : (endpoint?.origin ?? 'default')
    rows.push([`endpoint of ${service}`, String(endpoint?.value ?? '(that of AWS)'), origin])
  }
  // Without the password that a proxy's address may hold. Endpoints stand above already; one that nothing says is no failure here.
  const { endpoint: _, ...others } = resolveConfig({ ...client, endpoint: () => '' })
  for (const [name, setting] of Object.entries(others as ResolvedConfig))
    if (setting !== undefined) {
      const origin = name === 'profile' && target !== undefined ? profileOrigin(target, flags, files) : setting.origin
      rows.push([name, String(setting.value), origin])
    }
  if (flags.json)
    printJson({
      settings: rows.map(([name, value, origin]) => ({ name, value: value ?? null, origin: origin || null })),
    })
  else
    console.log(
      table([['SETTING', 'VALUE', 'FROM'], ...rows.map(([name, value = '(none)', from]) => [name, value, from])]),
    )
}

/** Whether an endpoint that the client takes for an option is one that we found for it. */
function isOurs(
  endpoint: { readonly value: unknown; readonly origin: string } | undefined,
  client: { readonly endpoint?: string },
  flags: TargetFlags,
): boolean {
  return flags.endpoint === undefined && endpoint !== undefined && endpoint.value === client.endpoint
}

/** Where a session's endpoint was found that no profile of its own says. */
function endpointOrigin(target: Target | undefined, { config, configPath }: SharedFiles): string {
  const section = `services ${target?.session.name}`
  return config.has(section) ? `${section} in ${configPath}` : 'start URL'
}

/** A session is reached by what a profile says that uses it, whether or not somebody named that one. */
function profileOrigin({ profile, session }: Target, flags: TargetFlags, files: SharedFiles): string {
  if (flags.profile !== undefined) return 'option profile'
  if (profile !== undefined) return resolveProfile(files, process.env).origin
  return `the first in ${files.configPath} that uses sso-session ${session.name}`
}

/** What is meant; undefined, with a word about it, when nothing says so. */
function targetOf(flags: TargetFlags): Target | undefined {
  try {
    return resolveTarget(flags)
  } catch (thrown) {
    const isAsked = flags.profile !== undefined || flags.session !== undefined || flags.startUrl !== undefined
    if (isAsked || !(thrown instanceof Failure || thrown instanceof ConfigError)) throw thrown
    say(`${thrown.message}\n`)
    return undefined
  }
}

function aboutSession(target: Target, flags: TargetFlags, files: SharedFiles): Row[] {
  const { session, profile, accountId, roleName } = target
  const found = profile === undefined ? undefined : resolveProfile(files, process.env, profile)
  const section = session.name === undefined ? undefined : `sso-session ${session.name} in ${files.configPath}`
  const from = (key: string, flag: keyof TargetFlags, otherwise = '') =>
    flags[flag] === undefined ? (found?.sso(key)?.origin ?? found?.get(key)?.origin ?? otherwise) : `option ${flag}`
  return [
    ['session', session.name, from('sso_session', 'session', section && `the only one in ${files.configPath}`)],
    ['startUrl', session.startUrl, from('sso_start_url', 'startUrl', section)],
    ['session region', session.region, from('sso_region', 'region', section ?? 'default')],
    ['account', accountId, from('sso_account_id', 'account')],
    ['role', roleName, from('sso_role_name', 'role')],
  ]
}
