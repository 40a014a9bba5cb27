/**
 * What is fuzzed, how far that came, and what it found: drawn from the targets themselves and from the figures that
 * `npm run test:fuzz -- --keep` keeps beside them.
 */
import { readFigures, readFound } from '../../test/fuzz/results.ts'
import { loadTarget, targetNames } from '../../test/fuzz/target.ts'
import { code, DRAWN, page, table } from './markdown.ts'

const number = (value: number) => Math.round(value).toLocaleString('en')

/** The page of targets, figures and findings. */
export async function fuzzingPage(): Promise<string> {
  const targets = await Promise.all(targetNames.map(async (name) => ({ name, ...(await loadTarget(name)) })))
  const figures = readFigures()
  const found = readFound()
  const rows = targets.map(({ name }) => {
    const known = figures.find(({ target }) => target === name)
    const wrong = String(found.filter(({ target }) => target === name).length)
    if (known === undefined) return [code(name), '', '', '', '', '', wrong]
    const { executions, seconds, corpus, blocks } = known
    const reached = `${blocks.covered} of ${blocks.all}`
    return [
      code(name),
      number(executions),
      number(executions / seconds),
      reached,
      number(corpus),
      number(seconds),
      wrong,
    ]
  })
  const [executions, seconds] = [
    figures.reduce((sum, each) => sum + each.executions, 0),
    figures.reduce((sum, each) => sum + each.seconds, 0),
  ]
  return page(
    DRAWN,
    '# Fuzzing',
    'Everything that reads what strangers send is fuzzed, led by the code that runs: `npm run test:fuzz`, [how](../decisions/0016-fuzzing.md). CI fuzzes each for a minute and shows what that finds, which fails no change that only happened to be tested then; `npm test` replays every input that was ever worth keeping (`test/corpora/fuzz`), and fails. A target is a file in `test/fuzz/targets`, and promises more than not to fail.',
    table(
      ['Target', 'Reads', 'Promises'],
      targets.map(({ name, reads, promises }) => [code(name), reads, promises]),
    ),
    'Besides, for each of them: 64 kB cost no more than eight times what a quarter of them costs, or less than a tenth of a second, whatever piece of an input is repeated.',
    '## Figures',
    `${number(executions)} executions in ${number(seconds / 60)} minutes, all kept runs together, on two cores that others shared. Blocks are V8’s, in the files of the parser: some of these also write, or do what no input of the target asks for.`,
    table(['Target', 'Executions', 'a second', 'Blocks', 'Corpus', 'Seconds', 'Findings'], rows),
    '## Findings',
    `What fuzzing, or writing down what it should hold, brought to light: ${found.length} so far, none of them open.`,
    table(
      ['Target', 'What was wrong', 'Held by'],
      found.map(({ target, wrong, test }) => [code(target), wrong, code(test)]),
    ),
  )
}
