/**
 * Role credentials as the AWS CLI keeps them between its calls, in `~/.aws/cli/cache`. Ours are read by it, and its by us.
 *
 * An entry of its own in the package, and on purpose without the client: a program that finds what it needs here asks nobody,
 * and is done before anything else would have been loaded.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '../../config/surroundings.ts'
import type { Session } from '../session.ts'
import { credentialsFileName, credentialsFolder } from './node-names.ts'

/** Credentials of a role, with the names of GetRoleCredentials. */
export type RoleCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** Epoch milliseconds. */
  readonly expiration: number
}

/** Whose credentials. */
export type RoleOf = {
  readonly session: Session
  readonly accountId: string
  readonly roleName: string
  /** Says where the person's home is. Default: the process's environment. */
  readonly env?: Environment | undefined
}

/** With less life than this the AWS CLI asks for new ones, and so do we: a program needs time to use them. */
const LEAST_LIFE = 900_000

/** What is kept, unless it is about to end. What cannot be read counts as nothing. */
export function readRoleCredentials(of: RoleOf, now: number, leastLife = LEAST_LIFE): RoleCredentials | undefined {
  const found = parse(pathOf(of))
  return found !== undefined && found.expiration - now > leastLife ? found : undefined
}

/** Keeps credentials in the place of what was there. */
export async function writeRoleCredentials(of: RoleOf, credentials: RoleCredentials): Promise<void> {
  const { replaceFile } = await import('./node-write.ts')
  const { formatMoment } = await import('./token.ts')
  const entry = {
    ProviderType: 'sso',
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: formatMoment(credentials.expiration),
      AccountId: of.accountId,
    },
  }
  await replaceFile(pathOf(of), JSON.stringify(entry))
}

/** Forgets what any sign-in gave, as `aws sso logout` does: a file does not say whose it is. */
export async function forgetRoleCredentials(env?: Environment): Promise<void> {
  const folder = credentialsFolder(env)
  for (const name of namesIn(folder)) {
    const path = join(folder, name)
    if (parse(path) !== undefined) await rm(path, { force: true })
  }
}

const pathOf = ({ session, accountId, roleName, env }: RoleOf) =>
  join(credentialsFolder(env), credentialsFileName(session, accountId, roleName))

function parse(path: string): RoleCredentials | undefined {
  try {
    const { ProviderType, Credentials } = JSON.parse(readFileSync(path, 'utf8'))
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials
    const expiration = Date.parse(Expiration)
    const texts = [AccessKeyId, SecretAccessKey, SessionToken]
    if (ProviderType !== 'sso' || Number.isNaN(expiration) || texts.some((text) => typeof text !== 'string'))
      return undefined
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration }
  } catch {
    return undefined // torn, foreign, or not there
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}
