/** Answers, as the client reads them: of a server that may be anything, or of something that stands between. */
import assert from 'node:assert/strict'
import { type Operation, type Service, ServiceException, ssoOidc, ssoPortal } from 'ssooidc/protocol'
import { encodeOutput } from 'ssooidc/protocol/rest-json'
import { decodeResponse, MalformedResponseError } from '../../../packages/ssooidc/src/protocol/rest-json/client.ts'
import { asJson, textsOf } from '../parts.ts'
import type { Target } from '../target.ts'

const operations: readonly { service: Service; operation: Operation }[] = [ssoOidc, ssoPortal].flatMap(
  (service: Service) => Object.values(service.operations).map((operation) => ({ service, operation })),
)

export const target: Target = {
  reads: 'the answers that the client gets',
  promises:
    'An output of declared members that the server writes again, the same; or the service’s error; or an error that says the answer is malformed and repeats nothing of it but a page’s title.',
  files: ['packages/ssooidc/src/protocol/rest-json/client.ts', 'packages/ssooidc/src/protocol/read.ts'],
  seeds: [
    'CreateToken\n200\n\n\n{"accessToken":"a","expiresIn":3600,"tokenType":"Bearer","refreshToken":"b"}',
    'CreateToken\n400\nSlowDownException\n5\n{"error":"slow_down","error_description":"slower"}',
    'CreateToken\n400\n\n\n{"error":"authorization_pending"}',
    'CreateToken\n502\n\n\n<!doctype html><html><head><title lang=en>Bad Gateway</title></head></html>',
    'CreateToken\n400\nx#SlowDownException:http://a\n\n{}',
    'RegisterClient\n200\n\n\n{"clientId":"a","clientSecret":"b","clientIdIssuedAt":1,"clientSecretExpiresAt":2}',
    'StartDeviceAuthorization\n200\n\n\n{"deviceCode":"a","userCode":"b","verificationUri":"c","expiresIn":600,"interval":1}',
    'ListAccounts\n200\n\n\n{"nextToken":null,"accountList":[{"accountId":"111111111111","accountName":"a","emailAddress":null}]}',
    'ListAccountRoles\n200\n\n\n{"roleList":[{"roleName":"a","accountId":"1"}]}',
    'GetRoleCredentials\n200\n\n\n{"roleCredentials":{"accessKeyId":"a","secretAccessKey":"b","sessionToken":"c","expiration":1}}',
    'Logout\n200\n\n\n',
    'ListAccounts\n429\n\n\n{"message":"slower","__type":"com.amazonaws.switchboard.portal#TooManyRequestsException"}',
  ],
  words: ['<title', '<title>', '</title>', '">', '":"', '__type', '"error":', '"message":', 'null', '#', ':'],
  check(input) {
    const [name, status = '', type = '', retryAfter = '', bytes = ''] = textsOf(input, 5)
    const found = operations.find(({ operation }) => operation.name === name)
    if (found === undefined || !/^[2-5]\d\d$/.test(status)) return
    const { service, operation } = found
    const body = Buffer.from(bytes, 'latin1').toString('utf8')
    const headers = new Map([
      ['x-amzn-errortype', type],
      ['retry-after', retryAfter],
    ])
    const header = (asked: string) => headers.get(asked.toLowerCase()) || undefined
    let output: Readonly<Record<string, unknown>>
    try {
      output = decodeResponse(service, operation, { status: Number(status), header, body })
    } catch (error) {
      assert.ok(error instanceof ServiceException || error instanceof MalformedResponseError, String(error))
      if (error.retryAfter !== undefined) assert.equal(String(error.retryAfter), String(Number(retryAfter)))
      return
    }
    assert.ok(status.startsWith('2'))
    for (const member of Object.keys(output)) assert.ok(member in operation.output, member)
    const { body: written } = encodeOutput(operation, output)
    const again = decodeResponse(service, operation, { status: 200, header: () => undefined, body: written })
    assert.deepEqual(asJson(again), asJson(output))
  },
}
