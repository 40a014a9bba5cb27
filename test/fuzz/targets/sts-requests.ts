/** Requests to `sts`, as forms, and its answers, as XML that may have to repeat what a stranger wrote. */
import assert from 'node:assert/strict'
import { decodeRequest, encodeError, encodeOutput } from '../../../packages/portico/src/protocol/aws-query.ts'
import { sts } from '../../../packages/portico/src/protocol/sts.ts'
import { partsOf, unlessRefused } from '../parts.ts'
import type { Target } from '../target.ts'

const { getCallerIdentity } = sts.operations

export const target: Target = {
  reads: 'requests to `sts` (awsQuery), and text that goes into its XML',
  promises:
    'Refused as malformed or as no operation, or the form names this action and version to `URLSearchParams`; XML that is written holds the text, and no markup of its making.',
  files: [
    'packages/portico/src/protocol/aws-query.ts',
    'packages/portico/src/protocol/form.ts',
    'packages/portico/src/protocol/xml.ts',
  ],
  seeds: [
    'alice\nAction=GetCallerIdentity&Version=2011-06-15',
    '<&>"\'\r\u00ef\u00bf\u00be\nVersion=2011-06-15&Action=GetCallerIdentity',
    ']]>\u0000\u001f\nAction=AssumeRole&Version=2011-06-15',
    '&amp;\nAction=GetCallerIdentity&Action=GetCallerIdentity&Version=2011-06-15',
  ],
  words: ['Action=', 'Version=', '2011-06-15', 'GetCallerIdentity', '&', '%', '<', '&#', '-->', '<![CDATA['],
  check(input) {
    const [said, body = Buffer.alloc(0)] = partsOf(input, 2)
    const read = unlessRefused([sts.edge.malformed, sts.edge.unknownOperation], () =>
      decodeRequest(sts, getCallerIdentity, { method: 'POST', query: '', header: () => undefined, body }),
    )
    if (read !== undefined) {
      const form = new URLSearchParams(`?${body.toString('utf8')}`)
      assert.deepEqual(form.getAll('Action'), ['GetCallerIdentity'])
      assert.deepEqual(form.getAll('Version'), ['2011-06-15'])
    }
    const text = said?.toString('utf8') ?? ''
    const Refusal = sts.edge.malformed
    holds(encodeError(sts, new Refusal(text), 'id').body, 'Message', text)
    holds(encodeOutput(sts, getCallerIdentity, { Arn: text, UserId: 'a', Account: 'b' }, 'id').body, 'Arn', text)
  },
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&#38;': '&',
  '&#60;': '<',
  '&#62;': '>',
  '&#34;': '"',
  '&#39;': "'",
  '&#13;': '\r',
}

function holds(xml: string, element: string, text: string): void {
  const content = xml.slice(xml.indexOf(`<${element}>`) + element.length + 2, xml.indexOf(`</${element}>`))
  assert.doesNotMatch(content, /[<>"'\0-\x08\x0b-\x1f\ufffe\uffff]/)
  const read = content.replace(/&[^;]*;?/g, (reference) => REFERENCES[reference] ?? assert.fail(reference))
  assert.equal(read, text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd'))
}
