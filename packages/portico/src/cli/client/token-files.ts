/** The files in which the AWS tools of this machine keep tokens, whatever they are tokens of. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { awsFolder } from 'ssooidc/config'

/** Their paths. Registrations lie beside them, under names of the same kind. */
export function tokenFiles(): string[] {
  const folder = join(awsFolder(), 'sso', 'cache')
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name))
  } catch {
    return [] // nobody has signed in yet
  }
}
