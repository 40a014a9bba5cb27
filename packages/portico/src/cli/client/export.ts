/** `portico export`: credentials of a role, as text to load or to pipe. */
import { exportCredentials } from '../../core/access/credential-formats.ts'
import { Failure } from '../failure.ts'
import { roleCredentials } from './role-credentials.ts'
import { resolveRole, type TargetFlags } from './target.ts'
import { SCHEMA_VERSION } from './terminal.ts'
import { milliseconds } from './values.ts'

type Credentials = Parameters<typeof exportCredentials>[1]

const writers = {
  env: (credentials) => exportCredentials('sh', credentials),
  fish: (credentials) => exportCredentials('fish', credentials),
  powershell: (credentials) => exportCredentials('powershell', credentials),
  // No shell reads it, so nothing is quoted; no value of ours holds a blank.
  dotenv: (credentials) => exportCredentials('sh', credentials).replaceAll(/^export (\w+)='([^']*)'$/gm, '$1=$2'),
  json: ({ expiration, ...keys }) =>
    `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...keys, expiration: new Date(expiration).toISOString() })}\n`,
  process: (credentials) => exportCredentials('json', credentials),
} satisfies Record<string, (credentials: Credentials) => string>

/** The formats, as typed. */
export const exportFormats = Object.keys(writers) as (keyof typeof writers)[] // exactly the keys of the object above

/** Prints them. */
export async function exportRole(
  flags: TargetFlags & { readonly format?: string; readonly json?: boolean; readonly minTtl?: string },
): Promise<void> {
  const format = flags.json ? 'json' : exportFormats.find((each) => each === (flags.format ?? 'env'))
  if (format === undefined) throw new Failure('usage', `--format is one of ${exportFormats.join(', ')}.`)
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await roleCredentials(
    resolveRole(flags),
    flags.minTtl === undefined ? undefined : milliseconds('--min-ttl', flags.minTtl),
  )
  process.stdout.write(writers[format]({ accessKeyId, secretAccessKey, sessionToken, expiration }))
}
