/** `portico export`: credentials of a role, as text to load or to pipe. */
import { exportCredentials, exportVariables } from '../../core/access/credential-formats.ts'
import { Failure } from '../failure.ts'
import { roleCredentials } from './role-credentials.ts'
import { surroundingsOf } from './surroundings.ts'
import { resolveRole, type TargetFlags } from './target.ts'
import { SCHEMA_VERSION } from './terminal.ts'
import { milliseconds } from './values.ts'

type Credentials = Parameters<typeof exportCredentials>[1]

/** Variables beside the credentials. */
type Others = Readonly<Record<string, string>>

const writers = {
  env: inShell('sh'),
  fish: inShell('fish'),
  powershell: inShell('powershell'),
  // No shell reads it, so nothing is quoted; no value of ours holds a blank.
  dotenv: (credentials, others) => inShell('sh')(credentials, others).replaceAll(/^export (\w+)='([^']*)'$/gm, '$1=$2'),
  json: ({ expiration, ...keys }) =>
    `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...keys, expiration: new Date(expiration).toISOString() })}\n`,
  process: (credentials) => exportCredentials('json', credentials),
} satisfies Record<string, (credentials: Credentials, others: Others) => string>

function inShell(shell: 'sh' | 'fish' | 'powershell'): (credentials: Credentials, others: Others) => string {
  return (credentials, others) => exportCredentials(shell, credentials) + exportVariables(shell, others)
}

/** The formats, as typed. */
export const exportFormats = Object.keys(writers) as (keyof typeof writers)[] // exactly the keys of the object above

/** Prints them. */
export async function exportRole(
  flags: TargetFlags & { readonly format?: string; readonly json?: boolean; readonly minTtl?: string },
): Promise<void> {
  const format = flags.json ? 'json' : exportFormats.find((each) => each === (flags.format ?? 'env'))
  if (format === undefined) throw new Failure('usage', `--format is one of ${exportFormats.join(', ')}.`)
  const target = resolveRole(flags)
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await roleCredentials(
    target,
    flags.minTtl === undefined ? undefined : milliseconds('--min-ttl', flags.minTtl),
  )
  // Credentials of a Portico are known to nobody else: without this a shell would take them to AWS.
  const { stsEndpoint } = surroundingsOf(target)
  const others: Others = stsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_STS: stsEndpoint }
  process.stdout.write(writers[format]({ accessKeyId, secretAccessKey, sessionToken, expiration }, others))
}
