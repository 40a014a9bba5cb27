/**
 * The short way of `portico credential-process`: the AWS tools start it for each of their own starts, and nearly always the
 * answer is in a file. So it is looked for before the command line, the client or anything that could reach a network is loaded.
 */
import { parseArgs } from 'node:util'
import { readRoleCredentials } from 'ssooidc/sign-in/role-credentials'
import { exportCredentials } from '../../core/access/credential-formats.ts'
import { resolveRole } from './target.ts'
import { watchOutput } from './terminal.ts'

const text = { type: 'string' } as const

/** Prints what is kept, or nothing. False: the long way must be gone, also to say what is wrong. */
export function answerFromCache(args: readonly string[]): boolean {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        profile: text,
        session: text,
        'start-url': text,
        region: text,
        endpoint: text,
        account: text,
        role: text,
        'auto-login': { type: 'boolean' },
      },
    })
    const { 'start-url': startUrl, 'auto-login': _, ...flags } = values
    const credentials = readRoleCredentials(resolveRole({ ...flags, startUrl }), Date.now())
    if (credentials === undefined) return false
    watchOutput()
    process.stdout.write(exportCredentials('json', credentials))
    return true
  } catch {
    return false
  }
}
