import * as v from 'valibot'
import { nearest } from '../core/organization/nearest.ts'
import { readYaml } from '../core/organization/yaml-file.ts'
import { Failure } from './failure.ts'
import {
  environmentName,
  flagName,
  ENVIRONMENT_PREFIX as PREFIX,
  type Setting,
  type SettingName,
  type Settings,
  settingNames,
  settings,
  type Written,
} from './settings.ts'

/** Where a value came from: `portico.yaml:3`, `PORTICO_PORT`, `--port`, or `default`. */
export type Origins = { readonly [Name in SettingName]: string }

/** What there is to resolve. */
export type Sources = {
  /** The settings file: its name, for messages, and its text. */
  file?: { name: string; text: string } | undefined
  /** Only names that begin with `PORTICO_` are looked at; an empty value counts as none. */
  env: Readonly<Record<string, string | undefined>>
  /** By setting name, as typed. */
  flags: Readonly<Partial<Record<SettingName, string>>>
}

/** Every setting's value, its origin, and what looks like a mistake but may be none. */
export type ResolvedSettings = { values: Settings; origins: Origins; warnings: readonly string[] }

const settingsFile = v.strictObject(
  Object.fromEntries(
    settingNames.map((name) => [name, v.optional(settings[name].schema as v.GenericSchema<Written, unknown>)]),
  ),
)

/**
 * The value of every setting and where it came from. `warnings` name variables of the environment that look like settings
 * and are none: another program may own them, so they are no error.
 *
 * @throws Failure that names every wrong value, its place, and what to do
 */
export function resolveSettings({ file, env, flags }: Sources): ResolvedSettings {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  const origins: Record<string, string> = {}

  const take = (name: SettingName, written: string | undefined, origin: string) => {
    if (written === undefined) return
    const parsed = v.safeParse(settings[name].schema, written)
    if (parsed.success) values[name] = parsed.output
    else problems.push(`${origin}: ${parsed.issues[0].message}`) // never the value: it may be a secret
    origins[name] = origin
  }

  for (const name of settingNames) {
    values[name] = undefined
    origins[name] = 'default'
    take(name, (settings[name] as Setting<unknown>).fallback, 'default')
  }
  if (file) {
    const reading = readYaml(file.text, settingsFile)
    if (reading.ok) {
      for (const [name, value] of Object.entries(reading.file.value)) {
        values[name] = value
        origins[name] = `${file.name}:${reading.file.problemAt([name], '').line}`
      }
    } else {
      problems.push(
        ...reading.problems.map(({ line, column, message }) => `${file.name}:${line}:${column}: ${message}`),
      )
    }
  }
  for (const name of settingNames) take(name, env[environmentName(name)] || undefined, environmentName(name))
  for (const name of settingNames) take(name, flags[name], flagName(name))

  if (problems.length > 0) throw new Failure('configuration', `Some settings must change.\n${problems.join('\n')}`)
  const resolved = values as Settings // each member came out of the schema that Settings takes its type from
  return { values: resolved, origins: origins as Origins, warnings: unknownVariables(env) }
}

/** Variables that the command line reads and that are no settings. */
const OTHER_VARIABLES = ['PORTICO_CONFIG']

function unknownVariables(env: Sources['env']): string[] {
  // Without what all of them begin with, which would make any two of them look alike.
  const known = [...settingNames.map(environmentName), ...OTHER_VARIABLES].map((name) => name.slice(PREFIX.length))
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name.slice(PREFIX.length)))
    .map((name) => ({ name, meant: nearest(name.slice(PREFIX.length), known) }))
    .flatMap(({ name, meant }) => (meant ? [`${name} is not a setting. Did you mean ${PREFIX}${meant}?`] : []))
}

/** Each setting as it may be shown: a secret's value is not. */
export function showSettings({ values, origins }: Pick<ResolvedSettings, 'values' | 'origins'>) {
  return settingNames.map((name) => {
    const secret = (settings[name] as Setting<unknown>).secret === true
    const value = values[name] ?? null
    return { name, value: secret && value !== null ? '(secret)' : value, origin: origins[name] }
  })
}

/** The settings as a table for a person: name, value, origin. */
export function renderSettings(resolved: Pick<ResolvedSettings, 'values' | 'origins'>): string {
  const rows = showSettings(resolved).map(({ name, value, origin }) => ({
    name,
    value: (Array.isArray(value) ? value.join(',') : String(value ?? '')) || '-',
    origin,
  }))
  const widest = (member: 'name' | 'value') => Math.max(...rows.map((row) => row[member].length))
  const [name, value] = [widest('name'), widest('value')]
  return rows.map((row) => `${row.name.padEnd(name)}  ${row.value.padEnd(value)}  ${row.origin}`).join('\n')
}
