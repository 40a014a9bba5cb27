/** What a command says when it would have shut out everybody, or everybody who administers. */
import type { ShutOut } from '../../storage/storage.ts'
import { Failure } from '../failure.ts'

const nobody: Record<ShutOut, string> = {
  administrators: 'nobody who administers',
  'administrator-roles': 'nobody with a role that administers',
  everybody: 'nobody',
}

/**
 * Goes on unless the storage refused.
 *
 * @throws Failure that says how to insist
 */
export function refuseShutOut<Outcome extends string>(
  outcome: Outcome | ShutOut,
): asserts outcome is Exclude<Outcome, ShutOut> {
  if (!Object.hasOwn(nobody, outcome)) return
  const who = nobody[outcome as ShutOut] // it is one of its keys
  throw new Failure(
    'configuration',
    `Nothing was changed, because ${who} could sign in any more. See to it that somebody else can, or say --yes as well.`,
  )
}
