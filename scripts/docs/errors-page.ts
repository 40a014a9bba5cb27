/** One page for all errors of all services: how each reads on the wire, and what to do about it. */
import { errorsOf, type Service } from 'ssooidc/protocol'
import { code, DRAWN, links, page, table } from './markdown.ts'
import { anchor } from './service-page.ts'
import type { Documented } from './services.ts'

const forms = {
  oauth:
    'The type is in the header `x-amzn-ErrorType`. The body has OAuth’s `error` and `error_description`, and the same text as `message`.',
  message: 'The type is in the header `x-amzn-ErrorType` and in the body’s `__type`; the text is its `message`.',
  standard:
    'The body has OAuth’s `error` and `error_description`, and nothing else says more. The names are those of the source.',
  xml: 'The code is in the header `x-amzn-ErrorType` and in the body’s `Error/Code`; the text is `Error/Message`.',
} as const

/** The page of errors. */
export function errorsPage(all: readonly Documented[]): string {
  return page(
    DRAWN,
    '# Errors',
    'A program tells errors apart by their type, never by their text. Every answer carries `x-amzn-RequestId`, which finds the request in the server’s log. `Retry-After` says how many seconds to wait where waiting helps.',
    ...all.flatMap(blocksOf),
  )
}

function formOf({ dialect, errorBody }: Service): keyof typeof forms {
  if (dialect === 'awsQuery') return 'xml'
  return dialect === 'oauth2' ? 'standard' : errorBody
}

function blocksOf({ service, docs, errors }: Documented): string[] {
  const operations = Object.values(service.operations)
  const around = new Set(Object.values(service.edge))
  return [
    `## ${service.name}`,
    forms[formOf(service)],
    ...Object.values(errors).flatMap((Exception) => {
      const { name, status, error, members = {} } = Exception.spec
      const words = docs.errors[name]
      if (words === undefined) throw new Error(`no words about ${name}`)
      const by = around.has(Exception)
        ? ['any operation']
        : operations.filter((each) => errorsOf(service, each).includes(Exception)).map((each) => each.name)
      return [
        `<a id="${anchor(service, name)}"></a>\n\n### ${name}`,
        words.text,
        table(
          ['', ''],
          [
            ['Status', `${status}`],
            ...(error === undefined ? [] : [[code('error'), code(error)]]),
            ...Object.entries(members).map(([member, { values }]) => [
              `Member ${code(member)}`,
              values ? values.map(code).join(', ') : 'string',
            ]),
            ['Answered by', by.length > 0 ? by.join(', ') : 'the authorization endpoint'],
            ...(words.see ? [['See', links(words.see)]] : []),
          ],
        ),
      ]
    }),
  ]
}
