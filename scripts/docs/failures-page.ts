/**
 * What callers of the client meet when the service fails, beside other clients: our column is what the test of each row
 * holds, theirs is what `bench/client/failures.ts` measured and keeps.
 */
import { readFileSync } from 'node:fs'
import type { Failed, FailureResults } from '../../bench/client/failures.ts'
import { type FailureRow, failureRows, promiseOf } from '../../test/client/failure-rows.ts'
import { DRAWN, page, table } from './markdown.ts'

/** The page of failures. */
export function failuresPage(): string {
  const { versions, clients } = JSON.parse(readFileSync('bench/client/results/failures.json', 'utf8')) as FailureResults
  const peers = Object.keys(clients)
  return page(
    DRAWN,
    '# Failures',
    'What a caller meets when the service, or something before it, fails: how many requests were sent, and what came of it. CreateToken is called, which nobody may repeat unasked, where the row does not say that the operation may be repeated.',
    `The first column is a promise: [one test for each row](../../test/client/failures.test.ts) holds it on Node.js 26, and [the same rows](../../test/client/runtimes/exercise.ts) run on Node.js 20, 22 and 24, Bun, Deno, workerd and Chromium. The others were measured by \`node bench/client/failures.ts\`, each client with its own defaults and watched for ten seconds at most: ${peers.map((each) => `${each} ${versions[each]}`).join(' and ')} on Node.js ${versions['Node.js']}; and earlier paws with paws.common 0.7.5. Empty: not measured, or no such operation.`,
    table(
      ['', 'ssooidc', ...peers, 'paws'],
      failureRows.map((row) => [
        row.item,
        ours(row),
        ...peers.map((each) => theirs(clients[each]?.[row.item])),
        row.paws,
      ]),
    ),
    'Beside what the table shows: a wait ends at `timeoutMs`, 60 s unless set, and an answer is read up to `maxResponseBytes`, 1 MiB unless set, so that neither takes more memory than it may.',
  )
}

function ours(row: FailureRow): string {
  const { error } = row
  const words = error?.error ?? error?.message
  const safe = error?.retrySafe === undefined ? '' : `, \`retrySafe: ${error.retrySafe}\``
  return `${promiseOf(row)}${safe}${words === undefined ? '' : `: “${words}”`}`
}

function theirs(failed: Failed | undefined): string {
  if (failed === undefined) return ''
  const { requests, outcome, rssGrowthMiB } = failed
  const sent = requests === 0 ? '' : `${requests} ${requests === 1 ? 'request' : 'requests'}, `
  // What a process needs to read any answer at all is not worth a word.
  // What was cut when it was measured ends with a whole word.
  const words = outcome.replace(/^(.{0,70}?: .{50,})\s\S*$/, '$1 …')
  return `${sent}${words}${rssGrowthMiB > 100 ? `, ${rssGrowthMiB} MiB` : ''}`
}
