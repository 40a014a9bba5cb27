/**
 * A conformance check: a sentence that a server keeps or does not, where it is written, and how to find out. Checks know a
 * server by its address only, so they judge anybody's.
 */
import type { Target } from './target.ts'

/** One thing that a server must do. */
export type Check = {
  /** Short and stable, for lists of known failures: `aws/unknown-device-code`. */
  readonly id: string
  readonly says: string
  /** Where that is written, or which client depends on it. */
  readonly see: string
  /** Whether a person must approve or deny something on the way. */
  readonly needsPerson?: boolean
  /** Finds out. @throws Unmet when the server does not keep it, NotApplicable when it does not claim to */
  readonly run: (target: Target) => Promise<void>
}

/** What came of a check. `detail` says what was found, or why nothing was looked for. */
export type Result = Pick<Check, 'id' | 'says' | 'see'> & {
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly detail?: string
  readonly ms: number
}

/** The server does something else. */
export class Unmet extends Error {}

/** The server does not offer what the check is about. */
export class NotApplicable extends Error {}

/** @throws Unmet with the sentence, unless it holds */
export function demand(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Unmet(otherwise)
}

/** Runs a check. Never throws: a server that breaks off is a result, too. */
export async function runCheck(check: Check, target: Target): Promise<Result> {
  const { id, says, see } = check
  const startedAt = performance.now()
  const result = (outcome: Result['outcome'], detail?: string): Result => {
    const ms = Math.round(performance.now() - startedAt)
    return { id, says, see, outcome, ...(detail === undefined ? {} : { detail }), ms }
  }
  if (check.needsPerson && target.person === undefined) return result('skipped', 'needs a person: run it with --person')
  try {
    await check.run(target)
    return result('passed')
  } catch (error) {
    if (error instanceof NotApplicable) return result('skipped', error.message)
    return result('failed', error instanceof Error ? error.message : String(error))
  }
}
