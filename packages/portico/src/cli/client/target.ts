/**
 * Whose sign-in a command is about, and where its service is: from flags, else from the environment, else from the shared
 * files of the AWS tools. Asks nobody, and loads nothing that could.
 */
import {
  ConfigError,
  listProfiles,
  listSsoSessions,
  readSharedFiles,
  resolveProfile,
  resolveSsoSession,
  type SharedFiles,
  type SsoSession,
  ssoSessionOf,
} from 'ssooidc/config'
import { Failure } from '../failure.ts'
import { isAlias, isAws, regionIn, wholeStartUrl } from './start-url.ts'

/** Flags by which a person says whose sign-in they mean. */
export type TargetFlags = {
  readonly profile?: string | undefined
  readonly session?: string | undefined
  readonly startUrl?: string | undefined
  readonly endpoint?: string | undefined
  readonly region?: string | undefined
  readonly account?: string | undefined
  readonly role?: string | undefined
}

/** What they mean. */
export type Target = {
  readonly session: SsoSession
  /** Options for the client: where the service is. */
  readonly client: { readonly profile?: string; readonly endpoint?: string }
  /** The profile from which the rest comes. */
  readonly profile: string | undefined
  readonly accountId: string | undefined
  readonly roleName: string | undefined
}

/** A role that a person means. */
export type RoleTarget = Target & { readonly accountId: string; readonly roleName: string }

/**
 * @throws Failure when flags contradict each other or nothing says what is meant
 * @throws ConfigError, ProfileNotFoundError of the shared files
 */
export function resolveTarget(flags: TargetFlags, env: NodeJS.ProcessEnv = process.env): Target {
  const named = [flags.profile, flags.session, flags.startUrl].filter((name) => name !== undefined)
  if (named.length > 1) throw new Failure('usage', 'Give one of --profile, --session and --start-url.')
  const files = readSharedFiles(env)
  if (flags.startUrl !== undefined) return fromStartUrl(flags, flags.startUrl, env)
  if (flags.session !== undefined) return fromSession(files, flags, flags.session, env)
  const profile = resolveProfile(files, env, flags.profile)
  const session = ssoSessionOf(profile)
  if (session === undefined) {
    if (profile.origin !== 'default')
      throw new ConfigError(`profile ${profile.name} (${profile.origin}) has no sso_session; name another, or add one`)
    return fromSession(files, flags, onlySession(files), env)
  }
  return {
    session: withRegion(session, flags),
    client: { profile: profile.name, ...endpointOf(flags) },
    profile: profile.name,
    accountId: flags.account ?? profile.get('sso_account_id')?.value,
    roleName: flags.role ?? profile.get('sso_role_name')?.value,
  }
}

/** The same, where a role is needed. */
export function resolveRole(flags: TargetFlags, env: NodeJS.ProcessEnv = process.env): RoleTarget {
  const { accountId, roleName, ...target } = resolveTarget(flags, env)
  if (accountId === undefined || roleName === undefined)
    throw new Failure('usage', 'Say which role: give --profile, or --account and --role.')
  return { ...target, accountId, roleName }
}

/** How to say on a command line what the target is. */
export function flagsFor({ profile, session }: Target): string {
  if (profile !== undefined) return `--profile ${profile}`
  return session.name === undefined ? `--start-url ${session.startUrl}` : `--session ${session.name}`
}

function fromSession(files: SharedFiles, flags: TargetFlags, name: string, env: NodeJS.ProcessEnv): Target {
  const session = withRegion(resolveSsoSession(files, name), flags)
  // A session does not say where its service is, but the profiles that use it do.
  const users = listProfiles(files).filter((each) => {
    try {
      return resolveProfile(files, env, each).sessionName === name
    } catch {
      return false // a profile that is broken is not what the person asked about
    }
  })
  const [user] = users
  const endpoint = flags.endpoint ?? (user === undefined ? endpointOfSession(files, session, name) : undefined)
  return {
    session,
    client: { ...(user === undefined ? {} : { profile: user }), ...(endpoint === undefined ? {} : { endpoint }) },
    profile: undefined,
    accountId: flags.account,
    roleName: flags.role,
  }
}

/** Where a session's service is that no profile uses yet: `configure session` leaves it in a section of the same name. */
function endpointOfSession(files: SharedFiles, { startUrl }: SsoSession, name: string): string | undefined {
  const services = files.config.get(`services ${name}`)?.get('sso_oidc')
  const written = typeof services === 'object' ? services.get('endpoint_url') : undefined
  if (written !== undefined) return written
  if (isAlias(startUrl))
    throw new Failure('configuration', `Nothing says where the Portico of sso-session ${name} is: give --endpoint.`)
  return isAws(startUrl) ? undefined : new URL(startUrl).origin
}

function fromStartUrl(flags: TargetFlags, typed: string, env: NodeJS.ProcessEnv): Target {
  if (!URL.canParse(typed))
    throw new Failure('usage', `${typed} is no start URL, such as https://sso.example.com/start.`)
  const startUrl = wholeStartUrl(typed)
  const region = flags.region ?? regionIn(startUrl) ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined)
  if (isAws(startUrl) && region === undefined)
    throw new Failure('usage', `Say in which Region the Identity Center of ${startUrl} is, with --region.`)
  if (isAlias(startUrl) && flags.endpoint === undefined)
    throw new Failure('usage', `${startUrl} only stands for a Portico: give its own start URL, or --endpoint.`)
  const endpoint = flags.endpoint ?? (isAws(startUrl) ? undefined : new URL(startUrl).origin)
  return {
    session: {
      name: undefined,
      startUrl,
      region: region ?? DEFAULT_REGION,
      registrationScopes: [],
      useDeviceCode: false,
    },
    client: endpoint === undefined ? {} : { endpoint },
    profile: undefined,
    accountId: flags.account,
    roleName: flags.role,
  }
}

/** The Region of a Portico that was not told another. */
export const DEFAULT_REGION = 'us-east-1'

function onlySession(files: SharedFiles): string {
  const names = listSsoSessions(files)
  const [name] = names
  if (name !== undefined && names.length === 1) return name
  throw new Failure(
    'usage',
    names.length === 0
      ? `${files.configPath} has no sign-in session yet. Make one: portico configure session <name> --start-url <url>`
      : `Say which sign-in you mean: --session ${names.join(', --session ')}, or a --profile.`,
  )
}

function withRegion(session: SsoSession, { region }: TargetFlags): SsoSession {
  return region === undefined ? session : { ...session, region }
}

function endpointOf({ endpoint }: TargetFlags): { endpoint?: string } {
  return endpoint === undefined ? {} : { endpoint }
}
