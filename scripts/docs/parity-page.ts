/** The client beside paws and the AWS SDK, with a link to the test behind each row, and the words to change. */
import { parity, translation } from '../../test/client/parity.ts'
import { DRAWN, page, table } from './markdown.ts'

/** The page that shows `test/client/parity.ts`. */
export function parityPage(): string {
  return page(
    DRAWN,
    '# Parity',
    'What the client does beside `paws::ssooidc()`, the client that it takes its shape from, and `@aws-sdk/client-sso-oidc`. Each row is held by the test that it links to, and these tests pass on every runtime that has what they test: on Node.js 20, 22, 24 and 26; on Bun and Deno but for those of Node.js’s own connections; on workerd and in Chromium those that need no files, as [ssooidc-runtimes](../../test/clients/ssooidc-runtimes.test.ts) and [web](../../test/client/web.test.ts) run them. Empty: not measured, or no such thing.',
    ...parity.flatMap(({ title, rows }) => [
      `## ${title}`,
      table(
        ['', 'paws', 'AWS SDK for JavaScript v3', 'ssooidc', 'Test'],
        rows.map(({ item, paws, aws, ours, test: [file, words] }) => [
          item,
          paws,
          aws,
          ours,
          `[${words.replaceAll(/[[\]]/g, '')}](../../${file})`,
        ]),
      ),
    ]),
    'What happens when the service fails has [a page of its own](failures.md).',
    '## Moving a program from paws',
    '`ssooidc/paws` takes the names of paws as they are, with its seconds. In TypeScript’s own words:',
    table(['paws', 'ssooidc'], translation),
  )
}
