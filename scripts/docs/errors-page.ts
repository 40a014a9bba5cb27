/** One page for all errors of all services: how each reads on the wire, and what to do about it. */
import { errorsOf, type Operation, type Service } from 'ssooidc/protocol'
import { whyNotAnswered } from '../../packages/portico/src/protocol/not-answered.ts'
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

const namesOf = (operations: readonly Operation[]) => operations.map(({ name }) => name)

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
      const declaring = operations.filter((each) => errorsOf(service, each).includes(Exception))
      const why = Map.groupBy(declaring, (each) => whyNotAnswered(service.name, each.name, name))
      const answering = why.get(undefined) ?? []
      const by =
        answering.length === operations.length && around.has(Exception) ? ['any operation'] : namesOf(answering)
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
            [
              'Answered by',
              by.length > 0 ? by.join(', ') : declaring.length > 0 ? 'nothing' : 'the authorization endpoint',
            ],
            ...[...why].flatMap(([reason, silent]) =>
              reason === undefined
                ? []
                : [[`Not by ${silent.length === operations.length ? 'any' : namesOf(silent).join(', ')}`, reason]],
            ),
            ...(words.see ? [['See', links(words.see)]] : []),
          ],
        ),
      ]
    }),
  ]
}
