/** How the AWS tools name their cache files: each is the SHA-1 of a text, in hex. A name, not a protection. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { awsFolder } from '../../config/shared-files.ts'
import type { Environment } from '../../config/surroundings.ts'
import { keyOf, type Session } from '../session.ts'

/** The folder of token files: `~/.aws/sso/cache`. */
export const tokenFolder = (env?: Environment): string => join(awsFolder(env), 'sso', 'cache')

/** The name of a session's token file. */
export const tokenFileName = (session: Session): string => `${sha1(keyOf(session))}.json`

/** The folder of role credentials that the AWS CLI keeps: `~/.aws/cli/cache`. */
export const credentialsFolder = (env?: Environment): string => join(awsFolder(env), 'cli', 'cache')

/** The name of the file of a role's credentials. */
export function credentialsFileName({ name, startUrl }: Session, accountId: string, roleName: string): string {
  // Sorted by name and without blanks, as the AWS CLI has it.
  const of = { accountId, roleName, ...(name === undefined ? { startUrl } : { sessionName: name }) }
  return `${sha1(ascii(JSON.stringify(of)))}.json`
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

/** Python's JSON has no character beyond ASCII. */
function ascii(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
