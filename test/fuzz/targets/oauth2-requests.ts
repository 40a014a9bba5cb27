/** Requests to the standard endpoints: a form or JSON, and a client that may prove itself in a header. */
import assert from 'node:assert/strict'
import { oauth2 } from '../../../packages/portico/src/protocol/oauth2.ts'
import * as dialect from '../../../packages/portico/src/protocol/oauth2-dialect.ts'
import { partsOf, unlessRefused } from '../parts.ts'
import type { Target } from '../target.ts'

const operations = Object.values(oauth2.operations)
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

export const target: Target = {
  reads: 'requests to the OAuth 2.0 endpoints, with the client in the form or in HTTP Basic',
  promises:
    'Refused as malformed, or every member is what the form or the header says to `URLSearchParams`, and the client is named once.',
  files: ['packages/portico/src/protocol/oauth2-dialect.ts', 'packages/ssooidc/src/protocol/read.ts'],
  seeds: [
    'Token\n\ngrant_type=refresh_token&refresh_token=a&client_id=b&client_secret=c',
    `Token\n${basic('id:secret')}\ngrant_type=refresh_token&refresh_token=a`,
    `Introspect\n${basic('a%3Ab:c+d')}\ntoken=x&token_type_hint=access_token`,
    `Revoke\n${basic('id:secret')}\ntoken=x&client_id=other`,
    'DeviceAuthorization\n\nclient_id=a&scope=openid+profile',
    'Register\n\n{"client_name":"a","redirect_uris":["http://127.0.0.1/cb"],"grant_types":["authorization_code"]}',
    'UserInfo\nBearer abc\n',
    ...operations.map(({ name }) => `${name}\n\n`),
  ],
  words: ['Basic ', 'Bearer ', 'grant_type=', 'client_id=', '&client_secret=', '%', '=', '&', '":["', 'null'],
  check(input) {
    const [name, authorization, body = Buffer.alloc(0)] = partsOf(input, 3)
    const operation = operations.find((each) => each.name === name?.toString('latin1'))
    if (operation === undefined) return
    const given = authorization?.toString('latin1') ?? ''
    const header = (asked: string) => (asked.toLowerCase() === 'authorization' && given !== '' ? given : undefined)
    const read = unlessRefused([oauth2.edge.malformed], () =>
      dialect.decodeRequest(oauth2, operation, { method: operation.method, query: '', header, body }),
    )
    if (read === undefined || operation.method === 'GET' || operation.jsonBody) return
    const form = new URLSearchParams(`?${body.toString('utf8')}`)
    const decoded = Buffer.from(given.replace(/^basic +/i, ''), 'base64').toString()
    const [id, secret] = [decoded.slice(0, decoded.indexOf(':')), decoded.slice(decoded.indexOf(':') + 1)].map((part) =>
      new URLSearchParams(`?a=${part.replaceAll('&', '%26')}`).get('a'),
    )
    for (const [member, value] of Object.entries(read)) {
      const shape = operation.input[member as keyof typeof operation.input] as { location: string }
      if (shape.location === 'header' || value === undefined) continue
      const byHeader = given === '' ? undefined : { client_id: id, client_secret: secret }[member]
      assert.equal(String(value), byHeader ?? form.get(member), member)
    }
  },
}
