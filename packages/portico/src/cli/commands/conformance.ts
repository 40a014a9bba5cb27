/** `portico conformance URL`: runs the conformance kit against a server, and says what it does not keep. */
import { type Result, runCheck } from '../conformance/check.ts'
import { suites } from '../conformance/suites.ts'
import { openTarget, type Person } from '../conformance/target.ts'
import { Failure } from '../failure.ts'

/** What the command was asked for. */
export type ConformanceFlags = {
  suite?: string
  startUrl?: string
  person?: boolean
  clientId?: string
  clientSecret?: string
  json?: boolean
}

/**
 * Runs the suites one after another, each check once.
 *
 * @throws Failure when a check failed, after all have run
 */
export async function conformance(url: string, flags: ConformanceFlags): Promise<void> {
  const origin = URL.parse(url)
  if (origin === null || !/^https?:$/.test(origin.protocol))
    throw new Failure('usage', `${url} is no http or https address.`)
  const chosen = Object.entries(suites).filter(([name]) => flags.suite === undefined || flags.suite === name)
  if (chosen.length === 0)
    throw new Failure('usage', `There is no such suite. Choose of ${Object.keys(suites).join(', ')}.`)
  const target = openTarget({
    url,
    startUrl: flags.startUrl ?? `${url.replace(/\/+$/, '')}/start`,
    person: flags.person ? askPerson : undefined,
    client: flags.clientId === undefined ? undefined : { id: flags.clientId, secret: flags.clientSecret },
  })
  const results: (Result & { suite: string })[] = []
  for (const [suite, checks] of chosen)
    for (const check of checks) {
      const result = { suite, ...(await runCheck(check, target)) }
      results.push(result)
      if (!flags.json) console.log(lineOf(result))
    }
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length
  const summary = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
  if (flags.json) console.log(JSON.stringify({ url, at: new Date().toISOString(), ...summary, results }, null, 2))
  else console.log(`\n${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped`)
  if (summary.failed > 0) throw new Failure('denied', `${url} does not keep all that it should.`)
}

// On standard error, so that results alone are on standard output.
const askPerson: Person = async (decision, url) => {
  console.error(`Please sign in and ${decision}: ${url}`)
}

const marks = { passed: '✔', failed: '✖', skipped: '–' } as const

function lineOf({ outcome, id, says, see, detail }: Result): string {
  const line = `${marks[outcome]} ${id}: ${says}`
  if (outcome === 'failed') return `${line}\n    ${detail}\n    ${see}`
  return detail === undefined ? line : `${line}\n    ${detail}`
}
