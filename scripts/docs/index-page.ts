/** The reference's first page: what is here, and how to keep it right. */
import { DRAWN, page, table } from './markdown.ts'
import type { Documented } from './services.ts'

/** The page that lists the others. */
export function indexPage(all: readonly Documented[]): string {
  return page(
    DRAWN,
    '# Reference',
    'Drawn from the contract in `packages/*/src/protocol`, the table of settings and the commands’ own help, so it says what the code does. `npm run docs` draws it; `npm run check` fails when it is stale.',
    table(
      ['Page', 'What is in it'],
      [
        ...all.map(({ service, docs }) => [`[${service.name}](${service.name}.md)`, docs.text]),
        ['[Errors](errors.md)', 'Every error of every service: status, code, members, what to do.'],
        ['[Conformance](conformance.md)', 'What AWS’s own clients see of the server, by version and operation.'],
        ['[Parity](parity.md)', 'The client beside paws and the AWS SDK, row by row, each with its test.'],
        ['[Performance](performance.md)', 'What was measured, beside what else, and what misses its aim.'],
        ['[Fuzzing](fuzzing.md)', 'What is fuzzed, what it promises, how far that came, and what was found.'],
        ['[Failures](failures.md)', 'What the client’s caller meets when the service fails, beside other clients.'],
        ['[Settings](settings.md)', 'Every setting of the server, in its three spellings.'],
        [
          '[openapi.json](openapi.json)',
          'The JSON services as an OpenAPI 3.1 document, for generators and test tools.',
        ],
      ],
    ),
  )
}
