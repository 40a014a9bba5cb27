/**
 * The two files in which people keep their AWS settings, as they stand on this machine. Read when asked, never written here.
 *
 * Built-in modules by `getBuiltinModule`: an `import` of them costs every program that starts three megabytes.
 */
import { ConfigError } from './errors.ts'
import { parseIni, type Sections } from './ini.ts'
import type { Environment } from './surroundings.ts'

/** `~/.aws/config` and `~/.aws/credentials`, or the files that the environment names in their place. */
export type SharedFiles = {
  readonly configPath: string
  readonly credentialsPath: string
  readonly config: Sections
  readonly credentials: Sections
  /** Files that the environment names and that do not exist. */
  readonly missing: readonly string[]
}

/**
 * Reads both files. One that does not exist is empty.
 *
 * @throws ConfigError when a file exists and cannot be read
 */
export function readSharedFiles(env: Environment = process.env): SharedFiles {
  const configPath = fromHome(env, env.AWS_CONFIG_FILE || '~/.aws/config')
  const credentialsPath = fromHome(env, env.AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials')
  const config = readOptional(configPath)
  const credentials = readOptional(credentialsPath)
  const missing = [
    ...(env.AWS_CONFIG_FILE && config === undefined ? [configPath] : []),
    ...(env.AWS_SHARED_CREDENTIALS_FILE && credentials === undefined ? [credentialsPath] : []),
  ]
  return {
    configPath,
    credentialsPath,
    config: parseIni(config ?? ''),
    credentials: parseIni(credentials ?? ''),
    missing,
  }
}

/** The folder of a person's AWS files: `~/.aws`. */
export function awsFolder(env: Environment = process.env): string {
  return fromHome(env, '~/.aws')
}

function fromHome(env: Environment, path: string): string {
  if (!path.startsWith('~/')) return path
  const home = env.HOME || env.USERPROFILE || process.getBuiltinModule('node:os').homedir()
  return process.getBuiltinModule('node:path').join(home, path.slice(2))
}

function readOptional(path: string): string | undefined {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException // node:fs throws nothing else
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new ConfigError(`${path} cannot be read: ${code}`)
  }
}
