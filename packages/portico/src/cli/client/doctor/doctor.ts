/** `portico doctor`: looks for what keeps people from signing in, and says what to do about it. Changes nothing. */
import { Failure } from '../../failure.ts'
import { toFailure } from '../failures.ts'
import { resolveTarget, type TargetFlags } from '../target.ts'
import { printJson, table } from '../terminal.ts'
import { lookAtCache } from './cache.ts'
import { lookAtServer } from './server.ts'
import { lookAtSharedFiles } from './shared-files.ts'
import { lookAtTarget } from './target.ts'
import { lookAtTools } from './tools.ts'

/** One look at one thing. */
export type Finding = {
  readonly check: string
  readonly result: 'ok' | 'warning' | 'problem'
  /** What was seen, and, when it is not good, what to do. */
  readonly detail: string
}

/**
 * Prints what it finds: about this machine and the target that the flags mean, or about one server.
 *
 * @throws Failure when there is a problem
 */
export async function doctor(
  flags: TargetFlags & { readonly server?: string; readonly json?: boolean },
): Promise<void> {
  const findings = flags.server === undefined ? await lookAtMachine(flags) : await lookAtServer(flags.server)
  if (flags.json) printJson({ findings })
  else {
    const marks = { ok: 'ok', warning: 'WARNING', problem: 'PROBLEM' }
    console.log(table(findings.map(({ check, result, detail }) => [marks[result], check, detail])))
  }
  const problems = findings.filter(({ result }) => result === 'problem').length
  if (problems > 0)
    throw new Failure('error', problems === 1 ? 'There is a problem.' : `There are ${problems} problems.`)
}

async function lookAtMachine(flags: TargetFlags): Promise<Finding[]> {
  const findings = [...lookAtSharedFiles(), ...(await lookAtCache()), ...lookAtTools()]
  try {
    const target = resolveTarget(flags)
    findings.push(...(await lookAtTarget(target)))
  } catch (thrown) {
    findings.push(problem('session', thrown))
  }
  return findings
}

/** What an error says, and what to do about it. */
export function problem(check: string, thrown: unknown): Finding {
  const told = toFailure(thrown)
  return { check, result: 'problem', detail: told instanceof Error ? told.message : String(told) }
}
