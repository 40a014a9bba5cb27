/**
 * One resolution of profiles for everything: Region, endpoint, retries, certificates, credentials and sign-in sessions all
 * come from the same profile, which is what a person means who names one.
 */
import { ConfigError, ProfileNotFoundError } from './errors.ts'
import type { Section, Sections } from './ini.ts'
import type { SharedFiles } from './shared-files.ts'
import type { Environment, Setting } from './surroundings.ts'

/** A profile of the shared files. A profile that nobody asked for by name may be empty. */
export type Profile = {
  readonly name: string
  /** What asked for it: `option profile`, `environment AWS_PROFILE`, `default`. */
  readonly origin: string
  /** A key's value: from the config file, else from the credentials file. */
  get(key: string): Setting<string> | undefined
  /** The keys below a key, such as those of a service in a `services` section. */
  below(section: string, key: string): ReadonlyMap<string, string> | undefined
  /** A key of its sign-in session: from the `sso-session` that it names, or, in older profiles, from the profile itself. */
  sso(key: string): Setting<string> | undefined
  /** The name of its sign-in session; older profiles have none. */
  readonly sessionName: string | undefined
}

/** Where and how a person signs in. */
export type SsoSession = {
  /** The name after `sso-session`; undefined for an older profile that spells the session out itself. */
  readonly name: string | undefined
  /** As written in the file, because the AWS tools name their cache files after it. */
  readonly startUrl: string
  /** The Region of the instance. */
  readonly region: string
  /** Scopes to register for; empty when none are set. */
  readonly registrationScopes: readonly string[]
  /** Whether the file asks for the device flow. */
  readonly useDeviceCode: boolean
}

/**
 * The profile that was asked for, by option or by the environment, or else `default`.
 *
 * @throws ProfileNotFoundError when a profile was named and there is none
 * @throws ConfigError when the profile and its session say different things, or the session does not exist
 */
export function resolveProfile(files: SharedFiles, env: Environment, asked?: string): Profile {
  const { name, origin } = nameOf(env, asked)
  const config = configSection(files, name)
  const credentials = files.credentials.get(name)
  if (config === undefined && credentials === undefined && origin !== 'default')
    throw new ProfileNotFoundError(name, origin, listProfiles(files), [files.configPath, files.credentialsPath])
  const get = (key: string) =>
    text(config, key, `profile ${name} in ${files.configPath}`) ??
    text(credentials, key, `profile ${name} in ${files.credentialsPath}`)
  const sessionName = get('sso_session')?.value
  const session = sessionName === undefined ? undefined : sessionSection(files, sessionName)
  const fromSession = (key: string) => text(session, key, `sso-session ${sessionName} in ${files.configPath}`)
  for (const key of ['sso_region', 'sso_start_url']) {
    const [own, shared] = [get(key)?.value, fromSession(key)?.value]
    if (own !== undefined && shared !== undefined && own !== shared)
      throw new ConfigError(
        `${key} is ${own} in profile ${name} and ${shared} in sso-session ${sessionName}; take it out of the profile`,
      )
  }
  return {
    name,
    origin,
    get,
    below: (section, key) => {
      const found = files.config.get(section)?.get(key)
      return typeof found === 'string' ? undefined : found
    },
    sso: (key) => fromSession(key) ?? get(key),
    sessionName,
  }
}

/**
 * The sign-in session of a profile; undefined when the profile has none.
 *
 * @throws ConfigError when its start URL or Region is missing
 */
export function ssoSessionOf(profile: Profile): SsoSession | undefined {
  const startUrl = profile.sso('sso_start_url')?.value
  if (startUrl === undefined && profile.sessionName === undefined) return undefined
  return complete(profile.sessionName, (key) => profile.sso(key)?.value)
}

/**
 * A sign-in session by its own name, without any profile.
 *
 * @throws ConfigError when there is no such session, or its start URL or Region is missing
 */
export function resolveSsoSession(files: SharedFiles, name: string): SsoSession {
  const section = sessionSection(files, name)
  return complete(name, (key) => text(section, key, '')?.value)
}

/** The names of all profiles in both files, in order of their appearance. */
export function listProfiles(files: SharedFiles): string[] {
  const names = [...files.config.keys()]
    .filter((heading) => heading === 'default' || heading.startsWith('profile '))
    .map((heading) => heading.replace(/^profile /, ''))
  return [...new Set([...names, ...files.credentials.keys()])]
}

/** The names of all sign-in sessions. */
export function listSsoSessions(files: SharedFiles): string[] {
  return namesOf(files.config, 'sso-session ')
}

function nameOf(env: Environment, asked: string | undefined): { name: string; origin: string } {
  if (asked) return { name: asked, origin: 'option profile' }
  for (const variable of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']) {
    const name = env[variable]
    if (name) return { name, origin: `environment ${variable}` }
  }
  return { name: 'default', origin: 'default' }
}

function configSection(files: SharedFiles, name: string): Section | undefined {
  return files.config.get(`profile ${name}`) ?? (name === 'default' ? files.config.get('default') : undefined)
}

function sessionSection(files: SharedFiles, name: string): Section {
  const section = files.config.get(`sso-session ${name}`)
  if (section) return section
  const known = listSsoSessions(files)
  const have = known.length === 0 ? 'none' : `only ${known.join(', ')}`
  throw new ConfigError(`there is no sso-session ${name}; ${files.configPath} has ${have}`)
}

function complete(name: string | undefined, get: (key: string) => string | undefined): SsoSession {
  const required = (key: string) => {
    const value = get(key)
    if (value !== undefined) return value
    throw new ConfigError(
      `${name === undefined ? 'the profile' : `sso-session ${name}`} has no ${key}; add it to the shared config file`,
    )
  }
  return {
    name,
    startUrl: required('sso_start_url'),
    region: required('sso_region'),
    registrationScopes: (get('sso_registration_scopes') ?? '')
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== ''),
    useDeviceCode: get('sso_use_device_code')?.toLowerCase() === 'true',
  }
}

function namesOf(sections: Sections, prefix: string): string[] {
  return [...sections.keys()]
    .filter((heading) => heading.startsWith(prefix))
    .map((heading) => heading.slice(prefix.length))
}

function text(section: Section | undefined, key: string, origin: string): Setting<string> | undefined {
  const value = section?.get(key)
  return typeof value === 'string' && value !== '' ? { value, origin } : undefined
}
