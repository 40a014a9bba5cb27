/**
 * Wire tests that are derived from the contract: whatever operation, member or error is added to it is tested here at once.
 * The AWS SDK is the oracle: where our reading and the SDK's differ, the SDK is right.
 */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import * as awsSso from '@aws-sdk/client-sso'
import * as awsOidc from '@aws-sdk/client-sso-oidc'
import fc from 'fast-check'
import {
  type ErrorClass,
  errorsOf,
  type Input,
  type Members,
  type Operation,
  type Output,
  redact,
  type Service,
  ServiceException,
  type Shape,
  ssoOidc,
  ssoPortal,
  type WireRequest,
  type WireResponse,
} from 'ssooidc/protocol'
import { ssoOidcDocs, ssoPortalDocs } from 'ssooidc/protocol/docs'
import { decodeRequest, encodeError, encodeOutput } from 'ssooidc/protocol/rest-json'
import { decodeResponse, encodeRequest, type RequestParts } from '../packages/ssooidc/src/protocol/rest-json/client.ts'

const services = [
  { service: ssoOidc as Service, docs: ssoOidcDocs },
  { service: ssoPortal as Service, docs: ssoPortalDocs },
]

// ── Values of a shape ────────────────────────────────────────────────────────────────────────────────────────────────

type Values = Record<string, unknown>

/** Any value of a shape. Texts that travel in a header keep to what a header may hold. */
function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  const { min = 0, max } = shape
  switch (shape.kind) {
    case 'string': {
      if (shape.values) return fc.constantFrom(...shape.values)
      const unit = shape.location === 'header' ? fc.constantFrom(...'aZ09-._~+/=:;,@"\\') : 'grapheme'
      const text = fc.string({
        unit,
        minLength: shape.location === 'header' ? 1 : min,
        ...(max ? { maxLength: max } : {}),
      })
      return text.filter((it) => it.length >= min && it.length <= (max ?? Number.POSITIVE_INFINITY))
    }
    case 'integer':
      return fc.integer({ min: shape.min ?? Number.MIN_SAFE_INTEGER, max: max ?? Number.MAX_SAFE_INTEGER })
    case 'boolean':
      return fc.boolean()
    case 'timestamp':
      return fc.integer({ min: 0, max: 4e12 })
    case 'list':
      return fc.array(arbitraryOf(itemOf(shape)), { minLength: min, maxLength: max ?? 5 })
    case 'map':
      return fc.dictionary(fc.string(), arbitraryOf(itemOf(shape)))
    case 'structure':
      return structureOf(shape.members ?? {})
    case 'document':
      return fc.jsonValue()
  }
}

/** Any structure with these members, optional ones now and then left out. */
function structureOf(members: Members): fc.Arbitrary<Values> {
  const requiredKeys = Object.keys(members).filter((name) => !members[name]?.optional)
  return fc.record(Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, arbitraryOf(shape)])), {
    requiredKeys,
    noNullPrototype: true,
  })
}

function itemOf({ item }: Shape): Shape {
  assert.ok(item)
  return item
}

/** One structure with every member, so that no test depends on chance. */
function sample(members: Members): Values {
  return Object.fromEntries(Object.entries(members).map(([name, shape]) => [name, sampleOf(shape, name)]))
}

function sampleOf(shape: Shape, name: string): unknown {
  if (shape.kind === 'structure') return sample(shape.members ?? {})
  if (shape.kind === 'list') return [sampleOf(itemOf(shape), name)]
  if (shape.kind === 'integer') return shape.max ?? 1_777_777_777_000
  return shape.values?.[0] ?? `the ${name} é+/ &`.replace(/[^!-~]/g, shape.location === 'header' ? '-' : '$&')
}

// ── Both ends of the wire, without a wire ────────────────────────────────────────────────────────────────────────────

function received({ method, target, headers, body = '' }: RequestParts): WireRequest {
  return {
    method,
    query: new URL(target, 'http://host').search.slice(1),
    header: (name) => Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1],
    body: new TextEncoder().encode(body),
  }
}

function answered(response: WireResponse) {
  const headers = new Headers(response.headers)
  return { status: response.status, body: response.body, header: (name: string) => headers.get(name) ?? undefined }
}

const send = (service: Service, operation: Operation, input: Values) =>
  decodeRequest(service, operation, received(encodeRequest(operation, input)))

/** A request whose members are `input`, right or wrong, since `encodeRequest` refuses what is wrong. */
function unchecked(operation: Operation, input: Values): WireRequest {
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  const body: Values = {}
  for (const [name, value] of Object.entries(input)) {
    const { location = 'body', wireName = name } = operation.input[name] ?? {}
    if (location === 'body') body[name] = value
    else if (value === undefined || value === null) continue
    else if (location === 'query') query.append(wireName, String(value))
    else headers[wireName] = String(value)
  }
  return received({
    method: operation.method,
    target: `${operation.path}?${query}`,
    headers,
    body: JSON.stringify(body),
  })
}

function thrownBy(run: () => unknown): ServiceException {
  try {
    run()
  } catch (thrown) {
    assert.ok(thrown instanceof ServiceException, `${thrown}`)
    return thrown
  }
  assert.fail('nothing was thrown')
}

/** An error with all its members. */
const sampleError = (Exception: ErrorClass) =>
  new Exception('What was wrong, and what to do: “é”.', { members: sample(Exception.spec.members ?? {}) })

const bodyMembers = (members: Members) => Object.keys(members).filter((name) => members[name]?.location === 'body')

// ── Derived tests ────────────────────────────────────────────────────────────────────────────────────────────────────

for (const { service, docs } of services) {
  describe(`${service.name}`, () => {
    for (const [method, operation] of Object.entries(service.operations)) {
      describe(operation.name, () => {
        it('hands every input over as it was given', () => {
          fc.assert(
            fc.property(structureOf(operation.input), (input) =>
              assert.deepEqual(send(service, operation, input), input),
            ),
          )
        })

        it('hands every output over as it was given', () => {
          fc.assert(
            fc.property(structureOf(operation.output), (output) => {
              assert.deepEqual(decodeResponse(service, operation, answered(encodeOutput(operation, output))), output)
            }),
          )
        })

        for (const [name, { optional, location, wireName = name }] of Object.entries(operation.input))
          for (const [what, value] of [
            ['left out', undefined],
            ['null', null],
          ] as const)
            it(`${name} may ${optional ? '' : 'not '}be ${what}`, () => {
              const input = { ...sample(operation.input), [name]: value }
              if (optional) {
                assert.ok(!(name in decodeRequest(service, operation, unchecked(operation, input))))
                return
              }
              assert.throws(() => encodeRequest(operation, input), new RegExp(`${wireName} is missing`))
              const refusal = thrownBy(() => decodeRequest(service, operation, unchecked(operation, input)))
              const bearer = operation.authentication === 'bearer' && location === 'header'
              assert.ok(refusal instanceof (bearer ? service.edge.unauthenticated : service.edge.malformed))
              if (!bearer) assert.match(refusal.message, new RegExp(`${wireName} is missing`))
            })

        it('takes no notice of members that it does not know', () => {
          const input = sample(operation.input)
          const more = { ...input, unknown: { nested: [1] }, __type: 'x' }
          assert.deepEqual(decodeRequest(service, operation, unchecked(operation, more)), input)
          const answer = encodeOutput(operation, sample(operation.output))
          const body = JSON.stringify({ ...(answer.body ? JSON.parse(answer.body) : {}), unknown: { nested: [1] } })
          assert.deepEqual(decodeResponse(service, operation, answered({ ...answer, body })), sample(operation.output))
        })

        it('refuses every member of another type, and does not repeat it', () => {
          for (const name of bodyMembers(operation.input))
            for (const wrong of [{ s3cret: 's3cret' }, ['s3cret', { s3cret: 1 }], 1.5, true]) {
              const input = { ...sample(operation.input), [name]: wrong }
              const refusal = thrownBy(() => decodeRequest(service, operation, unchecked(operation, input)))
              assert.ok(refusal instanceof service.edge.malformed)
              assert.match(refusal.message, new RegExp(name))
              assert.doesNotMatch(refusal.message, /s3cret/)
            }
        })

        it('never shows a secret once redacted, whatever is put in the place of a member', () => {
          for (const members of [operation.input, operation.output]) {
            const secret = fc.uuid()
            const misplaced = fc.dictionary(fc.constantFrom(...Object.keys(members), 'other'), fc.anything())
            fc.assert(
              fc.property(structureOf(members), misplaced, secret, (value, wrong, secret) => {
                const planted = { ...wrong, ...plant(members, value, secret), undeclared: secret }
                assert.ok(!JSON.stringify(redact(members, planted)).includes(secret))
              }),
            )
            fc.assert(
              fc.property(fc.constantFrom(...Object.keys(members), 'other'), secret, (name, secret) => {
                const nested = { ...sample(members), [name]: { deep: [secret], [secret]: secret } }
                assert.ok(!JSON.stringify(redact(members, nested)).includes(secret))
              }),
            )
          }
        })

        for (const Exception of errorsOf(service, operation))
          it(`says ${Exception.spec.name} so that its client throws the same`, () => {
            const exception = new Exception('Try “later”.', {
              members: sample(Exception.spec.members ?? {}),
              retryAfter: 7,
            })
            const thrown = thrownBy(() => decodeResponse(service, operation, answered(encodeError(service, exception))))
            assert.ok(thrown instanceof Exception)
            for (const key of ['name', 'message', 'status', 'error', 'members', 'retryAfter'] as const)
              assert.deepEqual(thrown[key], exception[key])
          })

        it('has words about each of its errors, under the error’s own name', () => {
          assert.ok(method in docs.operations)
          for (const { spec } of errorsOf(service, operation)) assert.ok(spec.name in docs.errors, spec.name)
        })
      })
    }
  })
}

/** The same structure, with every secret in it replaced by `secret`. */
function plant(members: Members, value: Values, secret: string): Values {
  const into = (shape: Shape, each: unknown): unknown => {
    if (shape.secret) return secret
    if (shape.kind === 'structure') return plant(shape.members ?? {}, each as Values, secret)
    return Array.isArray(each) ? each.map((item) => into(itemOf(shape), item)) : each
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, members[name] ? into(members[name], each) : each]),
  )
}

// ── The AWS SDK as oracle ────────────────────────────────────────────────────────────────────────────────────────────

/** One structure with every member that AWS's clients know. */
const theirs = (members: Members) =>
  sample(Object.fromEntries(Object.entries(members).filter(([, { extension }]) => !extension)))

describe('the AWS SDK for JavaScript', () => {
  let answer: WireResponse
  let request: IncomingMessage
  let requestBody: string
  const server = createServer(async (incoming, response) => {
    request = incoming
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    requestBody = Buffer.concat(chunks).toString()
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  const close: (() => void)[] = []
  let clients: Record<string, (operation: Operation, input: Values) => Promise<Values>>

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // it listens on TCP
    const settings = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
      maxAttempts: 1,
    }
    const oidc = new awsOidc.SSOOIDC(settings)
    const portal = new awsSso.SSO(settings)
    close.push(
      () => oidc.destroy(),
      () => portal.destroy(),
    )
    // The contract's inputs are the SDK's: that is what the tests below show.
    const call = (client: unknown) => (operation: Operation, input: Values) =>
      (client as Record<string, (input: Values) => Promise<Values>>)[
        operation.name.charAt(0).toLowerCase() + operation.name.slice(1)
      ]?.(input) ?? assert.fail(operation.name)
    clients = { 'sso-oidc': call(oidc), 'sso-portal': call(portal) }
  })

  after(() => {
    for (const each of close) each()
    server.close()
  })

  for (const { service } of services)
    for (const operation of Object.values(service.operations)) {
      const ask = () =>
        clients[service.name]?.(operation, theirs(operation.input)) ?? assert.fail(`no client of ${service.name}`)

      it(`is understood when it calls ${operation.name}`, async () => {
        answer = encodeOutput(operation, theirs(operation.output))
        await ask()
        assert.equal(request.method, operation.method)
        const { pathname, searchParams, search } = new URL(request.url ?? '', 'http://host')
        assert.equal(pathname, operation.path)
        for (const [name, value] of Object.entries(operation.fixedQuery ?? {}))
          assert.equal(searchParams.get(name), value)
        const input = decodeRequest(service, operation, {
          method: operation.method,
          query: search.slice(1),
          header: (name) => request.headers[name.toLowerCase()]?.toString(),
          body: new TextEncoder().encode(requestBody),
        })
        assert.deepEqual(input, theirs(operation.input))
      })

      it(`reads every member of the answer to ${operation.name}`, async () => {
        answer = encodeOutput(operation, theirs(operation.output))
        const { $metadata, ...output } = await ask()
        assert.deepEqual(output, theirs(operation.output))
      })

      it(`takes members of ${operation.name} that are null for absent`, async () => {
        const required = Object.fromEntries(
          Object.entries(theirs(operation.output)).filter(([name]) => !operation.output[name]?.optional),
        )
        answer = encodeOutput(operation, required)
        const { $metadata, ...output } = await ask()
        assert.deepEqual(JSON.parse(JSON.stringify(output)), required)
      })

      for (const Exception of errorsOf(service, operation))
        it(`throws ${Exception.spec.name} by name from ${operation.name}, and shows its words`, async () => {
          const exception = sampleError(Exception)
          answer = encodeError(service, exception)
          await assert.rejects(ask(), (thrown: Error & Values) => {
            assert.equal(thrown.name, exception.name)
            assert.equal(thrown.message, exception.message)
            assert.equal((thrown.$metadata as Values).httpStatusCode, exception.status)
            if (service.errorBody === 'oauth') {
              assert.equal(thrown.error, exception.error)
              assert.equal(thrown.error_description, exception.message)
            }
            for (const [name, value] of Object.entries(exception.members)) assert.equal(thrown[name], value)
            const known: Values = service === ssoOidc ? { ...awsOidc } : { ...awsSso }
            const Known = known[exception.name]
            if (operation.errors.includes(Exception)) assert.ok(thrown instanceof (Known as typeof Error))
            return true
          })
        })
    }
})

// ── Cases that real clients and servers have taught ──────────────────────────────────────────────────────────────────

describe('on the wire', () => {
  const { createToken, registerClient } = ssoOidc.operations
  const { getRoleCredentials, listAccounts } = ssoPortal.operations
  const token: Output<typeof createToken> = { accessToken: 'at', tokenType: 'Bearer', expiresIn: 28_800 }
  const redeem: Input<typeof createToken> = { clientId: 'id', clientSecret: 'secret', grantType: 'refresh_token' }

  const post = (body: string | Uint8Array, headers: Record<string, string> = {}): WireRequest => ({
    ...received({ method: 'POST', target: '/token', headers, body: '' }),
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  })
  const get = (query: string, headers: Record<string, string> = { 'x-amz-sso_bearer_token': 'at' }) =>
    received({ method: 'GET', target: `/?${query}`, headers, body: '' })

  it('an answer may hold unknown members and nulls', () => {
    const body = JSON.stringify({ ...token, refreshToken: null, idToken: null, aws_sso_app_session_id: null, other: 1 })
    assert.deepEqual(decodeResponse(ssoOidc, createToken, answered({ status: 200, headers: {}, body })), token)
  })

  it('a JSON body is read whatever its content type says, or when nothing says it', () => {
    for (const type of [undefined, 'application/x-www-form-urlencoded', 'application/x-amz-json-1.1', 'text/plain'])
      assert.deepEqual(
        decodeRequest(ssoOidc, createToken, post(JSON.stringify(redeem), type ? { 'content-type': type } : {})),
        redeem,
      )
  })

  for (const [what, body] of [
    ['a form', 'grant_type=refresh_token&client_id=id'],
    ['nothing', ''],
    ['a list', '[]'],
    ['broken JSON', '{"clientId":'],
    ['a member twice', '{"clientId":"a","clientId":"b","clientSecret":"s","grantType":"refresh_token"}'],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['a byte order mark', `\ufeff${JSON.stringify(redeem)}`],
    ['64 KiB of brackets', '['.repeat(2 ** 16)],
    ['brackets that close, as deep as 64 KiB allow', `{"clientId":${'['.repeat(32_000)}${']'.repeat(32_000)}}`],
    ['a required member as null', JSON.stringify({ ...redeem, clientId: null })],
    ['a required member only inherited', `{"__proto__":${JSON.stringify(redeem)}}`],
  ] as const)
    it(`a body of ${what} is answered 400 InvalidRequestException in JSON`, () => {
      const refusal = thrownBy(() => decodeRequest(ssoOidc, createToken, post(body)))
      const { status, headers, body: text } = encodeError(ssoOidc, refusal)
      assert.equal(status, 400)
      assert.equal(headers['x-amzn-ErrorType'], 'InvalidRequestException')
      assert.equal(JSON.parse(text).error, 'invalid_request')
    })

  it('seconds and milliseconds are whole JSON numbers', () => {
    assert.match(encodeOutput(createToken, token).body, /"expiresIn":28800,/)
    const expiration = 1_795_515_000_000
    const roleCredentials = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration }
    assert.match(encodeOutput(getRoleCredentials, { roleCredentials }).body, /"expiration":1795515000000,/)
    const client = {
      clientId: 'a',
      clientSecret: 'b',
      clientIdIssuedAt: 1_795_515_000,
      clientSecretExpiresAt: 1_803_291_000,
    }
    assert.match(encodeOutput(registerClient, client).body, /"clientSecretExpiresAt":1803291000,/)
  })

  for (const expiresIn of ['28800', 28_800.5, 2 ** 60, null, undefined])
    it(`${JSON.stringify(expiresIn)} as expiresIn is not believed`, () => {
      const body = JSON.stringify({ ...token, expiresIn })
      assert.throws(() => decodeResponse(ssoOidc, createToken, answered({ status: 200, headers: {}, body })), {
        name: 'MalformedResponseError',
      })
    })

  it('members without a value are written as null, in the order of the alphabet, as AWS writes them', () => {
    assert.equal(
      encodeOutput(createToken, token).body,
      '{"accessToken":"at","expiresIn":28800,"idToken":null,"refreshToken":null,"tokenType":"Bearer"}',
    )
    assert.equal(
      encodeOutput(listAccounts, { accountList: [{ accountId: '1', accountName: 'one' }] }).body,
      '{"accountList":[{"accountId":"1","accountName":"one","emailAddress":null}],"nextToken":null}',
    )
  })

  it('an sso-oidc error has OAuth’s members, and message for clients that read only that', () => {
    const { body } = encodeError(ssoOidc, new ssoOidc.edge.tooManyRequests('Later.', { retryAfter: 2 }))
    assert.deepEqual(JSON.parse(body), {
      error: 'temporarily_unavailable',
      error_description: 'Later.',
      message: 'Later.',
    })
  })

  it('a portal error has a message and its type with a namespace', () => {
    const { body, headers } = encodeError(ssoPortal, new ssoPortal.edge.forbidden('No access'))
    assert.deepEqual(JSON.parse(body), {
      message: 'No access',
      __type: 'com.amazonaws.switchboard.portal#ForbiddenException',
    })
    assert.equal(headers['x-amzn-ErrorType'], 'ForbiddenException')
  })

  it('no error body has a member called code, which would outrank its type', () => {
    for (const { service } of services)
      for (const operation of Object.values(service.operations))
        for (const Exception of errorsOf(service, operation))
          assert.ok(!('code' in JSON.parse(encodeError(service, sampleError(Exception)).body)))
  })

  for (const [header, body] of [
    ['SlowDownException', {}],
    ['SlowDownException:http://internal.amazon.com/coral/com.amazonaws.ssooidc/', {}],
    ['com.amazonaws.ssooidc#SlowDownException', {}],
    [undefined, { __type: 'com.amazonaws.ssooidc#SlowDownException' }],
    [undefined, { code: 'SlowDownException', __type: 'Other' }],
    ['', { __type: 'SlowDownException' }],
    [undefined, { error: 'slow_down' }],
  ] as const)
    it(`an error is known by ${header === undefined ? `the body ${JSON.stringify(body)}` : `the header “${header}”`}`, () => {
      const headers: Record<string, string> = header === undefined ? {} : { 'X-AMZN-ERRORTYPE': header }
      const response = answered({ status: 400, headers, body: JSON.stringify(body) })
      assert.equal(thrownBy(() => decodeResponse(ssoOidc, createToken, response)).name, 'SlowDownException')
    })

  it('an error that the contract does not know keeps its own name', () => {
    const headers = { 'x-amzn-ErrorType': 'NewException' }
    const response = answered({ status: 418, headers, body: '{"message":"new"}' })
    const thrown = thrownBy(() => decodeResponse(ssoPortal, listAccounts, response))
    assert.deepEqual([thrown.name, thrown.status, thrown.message], ['NewException', 418, 'new'])
  })

  it('an unknown client is 401, alone among the OAuth errors', () => {
    const statuses = createToken.errors.map(({ spec }) => [spec.name, spec.status] as const)
    assert.deepEqual(
      statuses.filter(([, status]) => status !== 400),
      [
        ['InvalidClientException', 401],
        ['InternalServerException', 500],
      ],
    )
  })

  for (const headers of [
    {},
    { 'x-amz-sso_bearer_token': '' },
    { 'x-amz-sso_bearer_token': ' ' },
    { 'x-amz-sso-bearer-token': 'at' },
  ])
    it(`a portal request with the headers ${JSON.stringify(headers)} is unauthorized`, () => {
      assert.equal(thrownBy(() => decodeRequest(ssoPortal, listAccounts, get('', { ...headers }))).status, 401)
    })

  for (const maxResult of ['0', '101', 'abc', '1.5', '1e1', '', ' 1', '-1', '9'.repeat(30)])
    it(`max_result=${maxResult} is refused`, () => {
      const refusal = thrownBy(() => decodeRequest(ssoPortal, listAccounts, get(`max_result=${maxResult}`)))
      assert.deepEqual([refusal.name, refusal.status], ['InvalidRequestException', 400])
    })

  it('query values are read in any order and in either spelling of a blank', () => {
    for (const query of ['role_name=a%20b%2F%2B%40&account_id=1', 'account_id=1&role_name=a+b%2F%2B%40'])
      assert.deepEqual(decodeRequest(ssoPortal, getRoleCredentials, get(query)), {
        roleName: 'a b/+@',
        accountId: '1',
        accessToken: 'at',
      })
  })

  it('a query member that is given twice is refused', () => {
    const refusal = thrownBy(() =>
      decodeRequest(ssoPortal, getRoleCredentials, get('role_name=a&account_id=1&role_name=b')),
    )
    assert.equal(refusal.message, 'role_name is given twice.')
  })
})
