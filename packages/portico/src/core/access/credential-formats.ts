/**
 * Role credentials as text that somebody can paste: for three families of shells, for the shared credentials file, and for
 * programs that read what `credential_process` prints. Where credentials come from is not its job.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html
 */

/** Role credentials, with the names of GetRoleCredentials. */
export type RoleCredentials = {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  /** Epoch milliseconds. */
  expiration: number
}

/** Every format, in the order in which to offer them. */
export const credentialFormats = ['sh', 'fish', 'powershell', 'profile', 'json'] as const

export type CredentialFormat = (typeof credentialFormats)[number]

/**
 * Writes credentials in a format, every value quoted so that the shell takes it literally, whatever it holds.
 *
 * @param profile name of the section in the `profile` format
 * @throws Error in the `profile` format when a value cannot stand in a file of that kind, which has no quoting
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html for `json`
 */
export function exportCredentials(format: CredentialFormat, credentials: RoleCredentials, profile = 'default'): string {
  return writers[format](credentials, profile)
}

/** Writes variables as a family of shells sets them, every value quoted. */
export function exportVariables(shell: keyof typeof shells, values: Record<string, string>): string {
  return lines(values, shells[shell])
}

const shells = {
  sh: (name: string, value: string) => `export ${name}=${quoteForSh(value)}`,
  fish: (name: string, value: string) => `set -gx ${name} ${quoteForFish(value)}`,
  powershell: (name: string, value: string) => `$Env:${name} = ${quoteForPowerShell(value)}`,
}

const writers: Record<CredentialFormat, (credentials: RoleCredentials, profile: string) => string> = {
  sh: (credentials) => exportVariables('sh', variables(credentials)),
  fish: (credentials) => exportVariables('fish', variables(credentials)),
  powershell: (credentials) => exportVariables('powershell', variables(credentials)),
  profile: ({ accessKeyId, secretAccessKey, sessionToken }, profile) =>
    `[${bare(profile)}]\n${lines(
      { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey, aws_session_token: sessionToken },
      (name, value) => `${name} = ${bare(value)}`,
    )}`,
  json: ({ accessKeyId, secretAccessKey, sessionToken, expiration }) =>
    `${JSON.stringify(
      {
        Version: 1,
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: moment(expiration),
      },
      null,
      2,
    )}\n`,
}

function variables({ accessKeyId, secretAccessKey, sessionToken, expiration }: RoleCredentials) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: moment(expiration),
  }
}

function lines(values: Record<string, string>, write: (name: string, value: string) => string): string {
  return Object.entries(values)
    .map(([name, value]) => `${write(name, value)}\n`)
    .join('')
}

/** ISO 8601 without the milliseconds, which some readers of `Expiration` refuse. */
function moment(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** Between single quotes a POSIX shell takes everything literally but the quote itself. */
function quoteForSh(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}

/** Between single quotes fish knows two escapes, of the quote and of the backslash. */
function quoteForFish(value: string): string {
  return `'${value.replaceAll(/[\\']/g, '\\$&')}'`
}

/** PowerShell doubles a quote to keep it, and takes the four typographic single quotes for the same character. */
function quoteForPowerShell(value: string): string {
  return `'${value.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
}

function bare(value: string): string {
  if (/^$|^[#;]|[\s\p{Cc}\]]/u.test(value)) {
    throw new Error('credentials or a profile name that a shared credentials file cannot hold')
  }
  return value
}
