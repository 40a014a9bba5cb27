/**
 * Every error that an operation declares, and every edge error of its service, brought about by a real request over a socket:
 * its status, its header and its body are what the contract says. What no request brings about stands in `not-answered.ts` with
 * its reason, and nothing stands in both or in neither.
 */
import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type ErrorClass, errorsOf, type Operation, type Service, ssoOidc, ssoPortal } from 'ssooidc/protocol'
import { GRANT_TYPES, TOKEN_TYPES } from 'ssooidc/protocol/sso-oidc'
import { accessKeyOf } from '../packages/portico/src/core/applications/access-keys.ts'
import { canonicalRequest, sha256 } from '../packages/portico/src/core/sigv4/canonical-request.ts'
import { formatTimestamp } from '../packages/portico/src/core/sigv4/clock.ts'
import { sign } from '../packages/portico/src/core/sigv4/sign.ts'
import { identityStore } from '../packages/portico/src/protocol/identity-store.ts'
import { notAnswered, whyNotAnswered } from '../packages/portico/src/protocol/not-answered.ts'
import { oauth2 } from '../packages/portico/src/protocol/oauth2.ts'
import { sts } from '../packages/portico/src/protocol/sts.ts'
import { type Listening, listen } from '../packages/portico/src/server/node.ts'
import { addApplication, REPORTS_CALLBACK, type SigningKeys } from './support/application.ts'
import { type TestInstance, testInstance } from './support/instance.ts'
import {
  ACCOUNT_ACCESS,
  CALLBACK,
  type ClientCredentials,
  registerBrowser,
  registerDevice,
  signInDevice,
  startDevice,
} from './support/programs.ts'
import { sendBytes } from './support/smuggling.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const services: readonly Service[] = [ssoOidc, ssoPortal, oauth2, identityStore, sts]

/** What is sent, and what of it differs from a good request. */
type Asked = {
  body?: object | string
  headers?: Readonly<Record<string, string>>
  keys?: SigningKeys | undefined
  region?: string
}

type Answer = { status: number; headers: Headers; text: string }

/** What brings an error about. */
type Cause = () => Promise<Answer>
type Causes = Readonly<Record<string, Cause>>

let instance: TestInstance
let listening: Listening
let arn: string
let role: SigningKeys
let weak: SigningKeys

before(async () => {
  instance = await testInstance()
  listening = await listen(instance.app, { host: '127.0.0.1', port: 0 })
  await makeAdministrators()
  arn = await addApplication(instance)
  role = await roleKeys('AdministratorAccess')
  weak = await roleKeys('ReadOnlyAccess')
})
after(() => listening.close(0))

for (const service of services)
  suite(service.name, () => {
    for (const operation of Object.values(service.operations))
      test(`${operation.name} answers every error that it declares as the contract says`, async () => {
        const causes = { ...edgeCauses(service, operation), ...causesOf(service, operation) }
        const left = errorsOf(service, operation).map(({ spec }) => spec.name)
        for (const Exception of errorsOf(service, operation)) {
          const { name } = Exception.spec
          const why = whyNotAnswered(service.name, operation.name, name)
          const cause = causes[name]
          if (why !== undefined) {
            assert.equal(cause && name, undefined, `${name} has a reason never to come, and a cause`)
            continue
          }
          assert.ok(
            cause,
            `${operation.name} declares ${name}: nothing here brings it about, and no reason says why not`,
          )
          hasForm(service, Exception, await cause(), `${operation.name}: ${name}`)
        }
        assert.deepEqual(
          Object.keys(causes).filter((name) => !left.includes(name)),
          [],
          'causes of what is not declared',
        )
      })
  })

test('every reason is about an error that is declared', () => {
  for (const { service: name, error, operations } of notAnswered) {
    const service = services.find((each) => each.name === name)
    assert.ok(service, name)
    const declaring = Object.values<Operation>(service.operations)
      .filter((operation) => errorsOf(service, operation).some(({ spec }) => spec.name === error))
      .map((operation) => operation.name)
    assert.ok(declaring.length > 0, `${name}: ${error}`)
    for (const operation of operations ?? []) assert.ok(declaring.includes(operation), `${operation}: ${error}`)
  }
})

/** Holds the answer against what the contract says of the error. */
function hasForm(service: Service, Exception: ErrorClass, { status, headers, text }: Answer, what: string): void {
  const { name, error, status: declared, members = {} } = Exception.spec
  const type = headers.get('x-amzn-errortype')
  const isXml = service.dialect === 'awsQuery'
  const body = isXml ? {} : (JSON.parse(text) as Record<string, unknown>)
  assert.deepEqual(
    [type ?? undefined, status],
    [service.dialect === 'oauth2' ? undefined : name, declared],
    `${what}: ${text}`,
  )
  assert.match(headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/, what)
  assert.match(
    headers.get('content-type') ?? '',
    isXml ? /^text\/xml/ : /^application\/(?:x-amz-json-1\.1|json)$/,
    what,
  )
  if (isXml) {
    assert.match(text, new RegExp(`<Code>${name}</Code>\\s*<Message>[^<]+</Message>`), what)
    return
  }
  if (service.dialect === 'oauth2') {
    assert.deepEqual(Object.keys(body), ['error', 'error_description'], what)
    assert.equal(body.error, error, what)
    // RFC 6749 §5.2: printable ASCII without quotes.
    assert.match(String(body.error_description), /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, what)
    if (status === 401) assert.ok(headers.get('www-authenticate'), what)
    return
  }
  for (const member of Object.keys(members)) if (member !== 'reason') assert.ok(member in body, `${what}: ${member}`)
  // It would outrank the type in every SDK but Java's.
  assert.equal('code' in body, false, what)
  if (service.errorBody === 'oauth') {
    assert.equal(body.error, error, what)
    assert.equal(typeof body.error_description, 'string', what)
    assert.equal(body.message, body.error_description, what)
  } else {
    assert.equal(String(body.__type).split('#').at(-1), name, what)
    assert.equal(typeof (body.message ?? body.Message), 'string', what)
  }
}

// ── What every operation of a service answers ────────────────────────────────────────────────────────────────────────

function edgeCauses(service: Service, operation: Operation): Causes {
  const { edge, signature, dialect } = service
  const good = () => ask(service, operation, goodInput(service, operation))
  const isTarget = dialect === 'awsQuery' || dialect === 'awsJson1_1'
  const causes: Record<string, Cause> = {
    [nameOf(edge.malformed)]: () => askBytes(service, operation, 'Host: again.example\r\n'),
    [nameOf(edge.tooLarge)]: () => askBytes(service, operation, 'Content-Length: 70000\r\n'),
    [nameOf(edge.unavailable)]: () => whileRevocations(async () => false, good),
    [nameOf(edge.internal)]: () =>
      whileRevocations(() => {
        throw new Error('planted')
      }, good),
    [nameOf(edge.unknownOperation)]: () => askUnknown(service, operation),
  }
  if (!isTarget) causes[nameOf(edge.methodNotAllowed)] = () => send('DELETE', operation.path)
  if (operation.authentication === 'bearer')
    causes[nameOf(edge.unauthenticated)] = () => send(operation.method, operation.path)
  if (operation.authentication === 'sigv4' && signature !== undefined)
    Object.assign(causes, {
      [nameOf(signature.missing)]: () =>
        send('POST', operation.path + fixedQueryOf(operation), unsigned(service, operation)),
      [nameOf(signature.incomplete)]: () =>
        send('POST', operation.path + fixedQueryOf(operation), {
          ...unsigned(service, operation),
          headers: { ...unsigned(service, operation).headers, authorization: 'AWS4-HMAC-SHA256 Credential=x' },
        }),
      [nameOf(signature['unknown-access-key'])]: () =>
        ask(service, operation, { keys: { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' } }),
      [nameOf(signature.mismatch)]: () => ask(service, operation, { keys: { ...role, secretAccessKey: 'a guess' } }),
      [nameOf(signature['expired-credentials'])]: () => later(2 * HOUR, () => ask(service, operation, { keys: role })),
    })
  return causes
}

const nameOf = ({ spec }: ErrorClass) => spec.name

function goodInput(service: Service, operation: Operation): Asked {
  if (operation.authentication === 'sigv4') return { keys: role }
  return service.dialect === 'oauth2' ? { body: {} } : {}
}

async function whileRevocations(isCurrent: () => Promise<boolean>, act: Cause): Promise<Answer> {
  const { revocations } = instance.deps
  const before = revocations.isCurrent
  revocations.isCurrent = isCurrent
  try {
    return await act()
  } finally {
    revocations.isCurrent = before
  }
}

async function later(wait: number, act: Cause): Promise<Answer> {
  instance.clock.now += wait
  try {
    return await act()
  } finally {
    instance.clock.now -= wait
  }
}

/** With a limit of one a second, until it is reached. */
async function limited(name: keyof TestInstance['deps']['settings']['limits'], act: Cause): Promise<Answer> {
  const { limits } = instance.deps.settings
  limits[name] = 1
  try {
    for (let tries = 0; tries < 5; tries++) {
      const answer = await act()
      if (answer.status === 429 || answer.text.includes('slow_down')) return answer
    }
    throw new Error(`${name} limits nothing`)
  } finally {
    limits[name] = 0
  }
}

// ── What single operations answer ────────────────────────────────────────────────────────────────────────────────────

function causesOf(service: Service, operation: Operation): Causes {
  const all = service === ssoOidc ? oidc : service === ssoPortal ? portal : service === oauth2 ? standard : {}
  if (service === identityStore) return directoryCauses(operation)
  return (all as Record<string, Causes>)[operation.name] ?? {}
}

const json = (path: string, body: object) => send('POST', path, { body: JSON.stringify(body) })
const form = (path: string, body: Record<string, string>) =>
  send('POST', path, {
    body: new URLSearchParams(body).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
const unknownClient = { clientId: 'ptc_ci_x', clientSecret: 'ptc_cs_x' }
const asForm = ({ clientId, clientSecret }: ClientCredentials) => ({ client_id: clientId, client_secret: clientSecret })

const register = (members: object) => json('/client/register', { clientName: 'cli', clientType: 'public', ...members })
const createToken = (members: object) => json('/token', members)

/** A device's polls, in the words of either wire. */
function polls(poll: (client: ClientCredentials, deviceCode: string) => Promise<Answer>): Causes {
  const started = async () => {
    const { client, grant } = await startDevice(instance)
    return { client, grant, ask: () => poll(client, grant.deviceCode) }
  }
  return {
    AuthorizationPendingException: async () => (await started()).ask(),
    SlowDownException: async () => {
      const { ask } = await started()
      for (let i = 0; i < 5; i++) await ask()
      return ask()
    },
    AccessDeniedException: async () => {
      const { grant, ask } = await started()
      await instance.browser().decide(grant.verificationUriComplete, instance.people.alice, 'deny')
      return ask()
    },
    ExpiredTokenException: async () => {
      const { ask } = await started()
      return later(11 * MINUTE, ask)
    },
    InvalidGrantException: async () => poll(await registerDevice(instance), 'ptc_dc_x'),
  }
}

const iam = (members: object, more: Asked = {}) =>
  ask(ssoOidc, ssoOidc.operations.createTokenWithIAM, { body: { clientId: arn, ...members }, ...more })
const exchange = async (scopes = ['reports:read']) => ({
  grantType: GRANT_TYPES.tokenExchange,
  subjectToken: (await signInDevice(instance, undefined, { scopes })).accessToken,
  subjectTokenType: TOKEN_TYPES.accessToken,
})

const oidc: Readonly<Record<string, Causes>> = {
  RegisterClient: {
    InvalidRequestException: () => json('/client/register', {}),
    InvalidScopeException: () => register({ scopes: ['two words'] }),
    InvalidClientMetadataException: () => register({ clientType: 'confidential' }),
    InvalidRedirectUriException: () => register({ redirectUris: ['http://example.com/'] }),
    UnsupportedGrantTypeException: () => register({ grantTypes: ['password'] }),
    TooManyRequestsException: () => limited('registrationsPerSecond', () => register({})),
  },
  StartDeviceAuthorization: {
    InvalidClientException: () =>
      json('/device_authorization', { ...unknownClient, startUrl: `${instance.origin}/start` }),
    UnauthorizedClientException: async () =>
      json('/device_authorization', { ...(await registerBrowser(instance)), startUrl: `${instance.origin}/start` }),
    TooManyRequestsException: async () => {
      const client = await registerDevice(instance)
      const start = () => json('/device_authorization', { ...client, startUrl: `${instance.origin}/start` })
      return limited('deviceGrantsPerSecond', start)
    },
  },
  CreateToken: {
    ...polls((client, deviceCode) => createToken({ ...client, grantType: GRANT_TYPES.deviceCode, deviceCode })),
    InvalidClientException: () =>
      createToken({ ...unknownClient, grantType: GRANT_TYPES.refreshToken, refreshToken: 'x' }),
    UnauthorizedClientException: async () =>
      createToken({ ...(await registerDevice(instance)), grantType: GRANT_TYPES.authorizationCode }),
    UnsupportedGrantTypeException: async () =>
      createToken({ ...(await registerDevice(instance)), grantType: 'password' }),
  },
  CreateTokenWithIAM: {
    InvalidClientException: async () => iam({ ...(await exchange()), clientId: 'arn:aws:sso::1:application/none' }),
    InvalidGrantException: async () => iam({ ...(await exchange()), subjectToken: 'ptc_at_x' }),
    UnauthorizedClientException: async () => {
      const asked = await exchange()
      await addApplication(instance, undefined, { grants: [] })
      try {
        return await iam(asked)
      } finally {
        await addApplication(instance)
      }
    },
    UnsupportedGrantTypeException: () => iam({ grantType: 'password' }),
    InvalidScopeException: async () => iam({ ...(await exchange()), scope: ['reports:write'] }),
    SlowDownException: () => limited('mintsPerSecond', () => iam({ grantType: 'password' })),
    AccessDeniedException: async () => iam(await exchange(), { keys: weak }),
    ExpiredTokenException: async () => {
      const asked = await exchange()
      return later(HOUR, () => iam(asked))
    },
    InvalidRequestRegionException: async () => iam(await exchange(), { region: 'eu-central-1' }),
  },
}

const bearer = async (scopes: string[]) => ({
  'x-amz-sso_bearer_token': (await signInDevice(instance, undefined, { scopes })).accessToken,
})
const without = (path: string) => async () => send('GET', path, { headers: await bearer(['other:scope']) })
const credentials = '/federation/credentials?account_id=111111111111&role_name=AdministratorAccess'

const portal: Readonly<Record<string, Causes>> = {
  GetRoleCredentials: {
    ForbiddenException: without(credentials),
    TooManyRequestsException: async () => {
      const headers = await bearer([ACCOUNT_ACCESS])
      return limited('mintsPerSecond', () => send('GET', credentials, { headers }))
    },
  },
  ListAccounts: { ForbiddenException: without('/assignment/accounts') },
  ListAccountRoles: { ForbiddenException: without('/assignment/roles?account_id=111111111111') },
}

const unknown = { client_id: 'ptc_ci_x', client_secret: 'ptc_cs_x' }
const invalidClient = (path: string, more: Record<string, string> = {}) => ({
  InvalidClientException: () => form(path, { ...unknown, ...more }),
})
const insufficient = (method: string): Causes => ({
  InsufficientScopeException: async () => {
    const { accessToken } = await signInDevice(instance)
    return send(method, '/oauth2/userinfo', { headers: { authorization: `Bearer ${accessToken}` } })
  },
})
const dynamic = (members: object) => json('/oauth2/register', { client_name: 'Wiki', ...members })

const standard: Readonly<Record<string, Causes>> = {
  DeviceAuthorization: {
    ...invalidClient('/oauth2/device_authorization'),
    UnauthorizedClientException: async () =>
      form('/oauth2/device_authorization', asForm(await registerBrowser(instance))),
    InvalidScopeException: async () =>
      form('/oauth2/device_authorization', { ...asForm(await registerDevice(instance)), scope: 'openid' }),
    TooManyRequestsException: async () => {
      const client = asForm(await registerDevice(instance))
      return limited('deviceGrantsPerSecond', () => form('/oauth2/device_authorization', client))
    },
  },
  Token: {
    ...polls((client, device_code) =>
      form('/oauth2/token', { ...asForm(client), grant_type: GRANT_TYPES.deviceCode, device_code }),
    ),
    ...invalidClient('/oauth2/token', { grant_type: 'refresh_token', refresh_token: 'x' }),
    UnauthorizedClientException: async () =>
      form('/oauth2/token', {
        ...asForm(await registerDevice(instance)),
        ...{ grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK, code_verifier: 'x' },
      }),
    UnsupportedGrantTypeException: async () =>
      form('/oauth2/token', { ...asForm(await registerDevice(instance)), grant_type: 'password' }),
    InvalidScopeException: async () => {
      const { client, refreshToken = '' } = await signInDevice(instance)
      const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken, scope: `${ACCOUNT_ACCESS} openid` }
      return form('/oauth2/token', { ...asForm(client), ...refresh })
    },
  },
  Revoke: invalidClient('/oauth2/revoke', { token: 'x' }),
  Introspect: {
    ...invalidClient('/oauth2/introspect', { token: 'x' }),
    UnauthorizedClientException: async () => {
      const { text } = await dynamic({ redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' })
      return form('/oauth2/introspect', { client_id: JSON.parse(text).client_id, token: 'x' })
    },
  },
  Register: {
    InvalidClientMetadataException: () => dynamic({ response_types: ['token'] }),
    InvalidRedirectUriException: () => dynamic({ redirect_uris: ['http://example.com/'] }),
    TooManyRequestsException: () =>
      limited('registrationsPerSecond', () => dynamic({ redirect_uris: [REPORTS_CALLBACK] })),
  },
  UserInfo: insufficient('GET'),
  UserInfoByPost: insufficient('POST'),
}

function directoryCauses(operation: Operation): Causes {
  const input = Object.fromEntries(
    Object.entries(operation.input).flatMap(([name, { optional, kind }]) =>
      optional ? [] : [[name, memberFor(name, kind)]],
    ),
  )
  const nowhere = { ...input, IdentityStoreId: 'd-0000000000' }
  return {
    ResourceNotFoundException: () => ask(identityStore, operation, { keys: role, body: nowhere }),
    AccessDeniedException: () => ask(identityStore, operation, { keys: weak, body: nowhere }),
    ValidationException: () => ask(identityStore, operation, { keys: role, body: {} }),
  }
}

function memberFor(name: string, kind: string): unknown {
  if (name === 'AlternateIdentifier')
    return { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'nobody' } }
  if (name === 'MemberId') return { UserId: 'nobody' }
  return kind === 'list' ? ['nobody'] : 'nobody'
}

// ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function send(method: string, target: string, { body, headers = {} }: Asked = {}): Promise<Answer> {
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  const init = { method, headers, ...(text === undefined ? {} : { body: text }) }
  const response = await fetch(listening.url + target, init)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const fixedQueryOf = ({ fixedQuery }: Operation) => (fixedQuery ? `?${new URLSearchParams(fixedQuery)}` : '')

/** A request as its service reads it, whatever it holds. */
async function ask(service: Service, operation: Operation, asked: Asked): Promise<Answer> {
  const target = operation.path + fixedQueryOf(operation)
  if (operation.authentication !== 'sigv4')
    return send(operation.method, target, operation.method === 'GET' ? {} : { body: '', ...asked })
  const { body, headers } = unsigned(service, operation, asked.body)
  return send('POST', target, { body, headers: signed(service, target, body, headers, asked) })
}

function unsigned(service: Service, operation: Operation, body: object | string = {}) {
  if (service.dialect === 'awsQuery')
    return {
      body: new URLSearchParams({ Action: operation.name, Version: service.apiVersion }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }
  const target = { 'x-amz-target': `${service.targetPrefix}.${operation.name}` }
  const isTarget = service.dialect === 'awsJson1_1'
  return {
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': `application/${isTarget ? 'x-amz-json-1.1' : 'json'}`, ...(isTarget ? target : {}) },
  }
}

function signed(service: Service, target: string, body: string, headers: Record<string, string>, asked: Asked) {
  const own = accessKeyOf(instance.deps.sealer, instance.deps.instance, 'reports-server')
  const { keys = own, region = 'us-east-1' } = asked
  const { accessKeyId, secretAccessKey, sessionToken } = keys as SigningKeys
  const timestamp = formatTimestamp(instance.clock.now)
  const scope = { date: timestamp.slice(0, 8), region, service: service.signingName }
  const all = new Map(
    Object.entries({
      ...headers,
      host: new URL(listening.url).host,
      'x-amz-date': timestamp,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
    }).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  const raw = { method: 'POST', target, headers: [...all], body: Buffer.from(body), peerAddress: '' }
  const canonical = canonicalRequest(raw, all, sha256(raw.body))
  const signature = sign({ secretAccessKey, scope, timestamp, canonicalRequest: canonical })
  const credential = `${accessKeyId}/${scope.date}/${region}/${scope.service}/aws4_request`
  all.delete('host')
  const names = [...all.keys(), 'host'].sort().join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  return { ...Object.fromEntries(all), authorization }
}

/** A request that no library would send, by what it adds to a header. */
async function askBytes(service: Service, operation: Operation, line: string): Promise<Answer> {
  const { headers } = unsigned(service, operation)
  const isTarget = service.dialect === 'awsJson1_1'
  const more = isTarget ? `x-amz-target: ${(headers as Record<string, string>)['x-amz-target']}\r\n` : ''
  const target = operation.path + fixedQueryOf(operation)
  // The server hangs up once it has answered, so that nothing here depends on how soon it does.
  const head = `${operation.method} ${target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n${more}${line}\r\n`
  const answer = await sendBytes(listening.url, head, MINUTE)
  const [top = '', text = ''] = answer.split('\r\n\r\n')
  const [first = '', ...lines] = top.split('\r\n')
  return {
    status: Number(first.split(' ')[1]),
    headers: new Headers(lines.map((each) => each.split(/: (.*)/s).slice(0, 2) as [string, string])),
    text,
  }
}

/** What is no operation, where this one is. */
function askUnknown(service: Service, operation: Operation): Promise<Answer> {
  if (service.dialect === 'awsQuery')
    return send('POST', '/', { body: 'Action=Nothing', headers: unsigned(service, operation).headers })
  if (service.dialect === 'awsJson1_1')
    return send('POST', '/', { body: '{}', headers: { 'x-amz-target': `${service.targetPrefix}.Nothing` } })
  return send('POST', `${operation.path}/nothing`)
}

// ── Who asks ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function roleKeys(roleName: string): Promise<SigningKeys> {
  const { accessToken } = await signInDevice(instance)
  const { roleCredentials } = await instance.portal.getRoleCredentials({
    accessToken,
    accountId: '111111111111',
    roleName,
  })
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = roleCredentials
  return { accessKeyId, secretAccessKey, sessionToken }
}

/** The permission set AdministratorAccess may read the directory. */
async function makeAdministrators(): Promise<void> {
  const organization = await instance.storage.readOrganization({})
  const permissionSets = organization.permissionSets.map((set) => {
    return { ...set, administrator: set.name === 'AdministratorAccess' }
  })
  const audit = { at: instance.clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  const changed = { ...organization, permissionSets }
  await instance.storage.applyOrganization({ organization: changed, now: instance.clock.now, audit })
}
