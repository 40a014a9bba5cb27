/** Requests to the services that the AWS clients speak with: what the contract makes of path, query, header and body. */
import assert from 'node:assert/strict'
import { type Operation, type Service, ServiceException, ssoOidc, ssoPortal } from 'ssooidc/protocol'
import { decodeRequest, encodeError } from 'ssooidc/protocol/rest-json'
import {
  decodeResponse,
  encodeRequest,
  isHeaderValue,
} from '../../../packages/ssooidc/src/protocol/rest-json/client.ts'
import { asJson, isOneOf, partsOf } from '../parts.ts'
import type { Target } from '../target.ts'

const operations: readonly { service: Service; operation: Operation }[] = [ssoOidc, ssoPortal].flatMap(
  (service: Service) => Object.values(service.operations).map((operation) => ({ service, operation })),
)

export const target: Target = {
  reads: 'requests to `sso-oidc` and to the access portal (restJson1)',
  promises:
    'Refused with the service’s own error, which the client reads as it was meant, or an input that the client writes and the server reads again, the same.',
  files: [
    'packages/ssooidc/src/protocol/rest-json/server.ts',
    'packages/ssooidc/src/protocol/read.ts',
    'packages/ssooidc/src/protocol/rest-json/client.ts',
  ],
  seeds: [
    'RegisterClient\n\n\n{"clientName":"a","clientType":"public","scopes":["sso:account:access"],"redirectUris":["http://127.0.0.1/oauth/callback"],"grantTypes":["authorization_code"]}',
    'StartDeviceAuthorization\n\n\n{"clientId":"a","clientSecret":"b","startUrl":"https://sso.example/start"}',
    'CreateToken\n\n\n{"clientId":"a","clientSecret":"b","grantType":"refresh_token","refreshToken":"c","scope":["d"]}',
    'CreateTokenWithIAM\naws_iam=t\n\n{"clientId":"a","grantType":"refresh_token","refreshToken":"c"}',
    'ListAccounts\nmax_result=10&next_token=a\nptc_at_a\n',
    'ListAccountRoles\naccount_id=111111111111\nptc_at_a\n',
    'GetRoleCredentials\naccount_id=111111111111&role_name=Admin\nptc_at_a\n',
    'Logout\n\nptc_at_a\n',
  ],
  words: ['max_result=', 'next_token=', '"scope":[', '":"', 'null', '%', '&', '1e1', 'true'],
  check(input) {
    const [name, query, token, body = Buffer.alloc(0)] = partsOf(input, 4)
    const found = operations.find(({ operation }) => operation.name === name?.toString('latin1'))
    const header = token?.toString('latin1') ?? ''
    if (found === undefined || !isHeaderValue(header)) return
    const { service, operation } = found
    const carriers = Object.entries(operation.input).filter(([, shape]) => shape.location === 'header')
    const headers = new Map(carriers.map(([member, { wireName = member }]) => [wireName.toLowerCase(), header]))
    const ask = (request: { query: string; body: Uint8Array }) =>
      decodeRequest(service, operation, {
        ...request,
        method: operation.method,
        header: (asked) => headers.get(asked.toLowerCase()) || undefined,
      })
    let read: ReturnType<typeof ask>
    try {
      read = ask({ query: query?.toString('latin1') ?? '', body })
    } catch (error) {
      assert.ok(isOneOf([service.edge.malformed, service.edge.unauthenticated], error), String(error))
      return readsBack(service, operation, error)
    }
    const parts = encodeRequest(operation, read)
    const [, again = ''] = parts.target.split('?')
    assert.deepEqual(ask({ query: again, body: Buffer.from(parts.body ?? '') }), read)
    const hasBody = Object.values(operation.input).some((shape) => shape.location === 'body')
    const sent: Record<string, unknown> = hasBody ? JSON.parse(body.toString('utf8')) : {}
    for (const [member, shape] of Object.entries(operation.input)) {
      const value = asJson(read[member])
      if (value === undefined) continue
      const plain = new URLSearchParams(query?.toString('latin1')).get(shape.wireName ?? member)
      const said = shape.location === 'body' ? sent[member] : shape.location === 'header' ? header : plain
      if (shape.location === 'body') assert.deepEqual(value, said, member)
      else assert.equal(String(value), String(typeof value === 'number' ? Number(said) : said), member)
    }
  },
}

/** The client must see the error that the server meant. */
function readsBack(service: Service, operation: Operation, error: ServiceException): void {
  const { status, headers, body } = encodeError(service, error)
  const header = (name: string) =>
    Object.entries(headers).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
  assert.throws(
    () => decodeResponse(service, operation, { status, body, header }),
    (thrown) =>
      thrown instanceof ServiceException && thrown.spec.name === error.spec.name && thrown.message === error.message,
  )
}
