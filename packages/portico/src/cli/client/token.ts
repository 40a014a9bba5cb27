/** `portico token`: the access token, for programs that are given one. */
import { refresh } from 'ssooidc/sign-in'
import { Failure } from '../failure.ts'
import { describe } from './login.ts'
import { resolveTarget, type TargetFlags } from './target.ts'
import { printJson } from './terminal.ts'
import { milliseconds } from './values.ts'

/** Prints it, refreshed when it is about to end. */
export async function token(
  flags: TargetFlags & { readonly json?: boolean; readonly show?: boolean; readonly minTtl?: string },
): Promise<void> {
  if (process.stdout.isTTY && !flags.show)
    throw new Failure('usage', 'The token is a secret, and this is a terminal. To see it all the same, add --show.')
  const target = resolveTarget(flags)
  const minTtlMs = flags.minTtl === undefined ? undefined : milliseconds('--min-ttl', flags.minTtl)
  const found = await refresh(target.session, { client: target.client, minTtlMs })
  if (flags.json) printJson({ ...describe(target, found), accessToken: found.accessToken })
  else console.log(found.accessToken)
}
