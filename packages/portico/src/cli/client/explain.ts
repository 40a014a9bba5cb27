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

type Row = readonly [setting: string, value: string, origin: string]

/** Prints them. Where no sign-in session is meant, all that does not need one. */
export function explain(flags: TargetFlags & { readonly json?: boolean }): void {
  const files = readSharedFiles()
  const target = targetOf(flags)
  const client = target?.client ?? (flags.endpoint === undefined ? {} : { endpoint: flags.endpoint })
  const around = { env: process.env, files: () => files }
  const rows: Row[] = target === undefined ? [] : aboutSession(target, flags, files)
  for (const service of services) {
    const { endpoint } = resolveSettings(service, client, around)
    rows.push([`endpoint of ${service}`, String(endpoint?.value ?? '(that of AWS)'), endpoint?.origin ?? 'default'])
  }
  // Without the password that a proxy's address may hold. Endpoints stand above already; one that nothing says is no failure here.
  const { endpoint: _, ...others } = resolveConfig({ ...client, endpoint: () => '' })
  for (const [name, setting] of Object.entries(others as ResolvedConfig))
    if (setting !== undefined) rows.push([name, String(setting.value), setting.origin])
  if (flags.json)
    printJson({ settings: rows.map(([name, value, origin]) => ({ name, value, origin: origin || null })) })
  else console.log(table([['SETTING', 'VALUE', 'FROM'], ...rows]))
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
    [
      'session',
      session.name ?? '(none)',
      from('sso_session', 'session', section && `the only one in ${files.configPath}`),
    ],
    ['startUrl', session.startUrl, from('sso_start_url', 'startUrl', section)],
    ['session region', session.region, from('sso_region', 'region', section ?? 'default')],
    ['account', accountId ?? '(none)', from('sso_account_id', 'account')],
    ['role', roleName ?? '(none)', from('sso_role_name', 'role')],
  ]
}
