/** The AWS wire as far as a program gets alone: registration, beginning, waiting, and every way to be refused. */
import type { ErrorClass } from 'ssooidc/protocol'
import {
  AUTHORIZATION_PATH,
  AuthorizationPendingException,
  createToken,
  GRANT_TYPES,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRedirectUriException,
  InvalidRequestException,
  registerClient,
  SlowDownException,
  startDeviceAuthorization,
  UnsupportedGrantTypeException,
} from 'ssooidc/protocol/sso-oidc'
import { ssoPortal, UnauthorizedException } from 'ssooidc/protocol/sso-portal'
import { call, client, demandError, newClient, registration, startDevice } from './aws-steps.ts'
import { type Check, demand } from './check.ts'
import type { Target } from './target.ts'

const api = 'https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference'
const portalApi = 'https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference'

/** The portal's token header, exactly so: one hyphen-minus, one underscore. */
const TOKEN_HEADER = ssoPortal.operations.logout.input.accessToken.wireName ?? ''

/** Whether a value is a moment in epoch seconds, near now: milliseconds would overflow Python's dates. */
const isEpochSeconds = (value: unknown) => Number.isInteger(value) && Math.abs(Number(value) - Date.now() / 1000) < 1e8

const register = async (target: Target, members: object) =>
  call(target, registerClient, { ...registration, ...members })

/** Something that an operation must refuse, and how. */
const refusal = (
  id: string,
  says: string,
  see: string,
  errors: readonly ErrorClass[],
  ask: (target: Target) => ReturnType<Target['send']>,
): Check => ({ id, says, see, run: async (target) => demandError(await ask(target), ...errors) })

export const awsWire: readonly Check[] = [
  {
    id: 'aws/register-client',
    says: 'RegisterClient gives an id, a secret and two moments in epoch seconds',
    see: `${api}/API_RegisterClient.html`,
    async run(target) {
      const { json } = await register(target, {})
      demand(typeof json.clientId === 'string', 'clientId is no string')
      demand(typeof json.clientSecret === 'string', 'clientSecret is no string')
      demand(isEpochSeconds(json.clientIdIssuedAt), `clientIdIssuedAt is ${String(json.clientIdIssuedAt)}`)
      demand(
        isEpochSeconds(json.clientSecretExpiresAt),
        `clientSecretExpiresAt is ${String(json.clientSecretExpiresAt)}`,
      )
      demand(Number(json.clientSecretExpiresAt) > Date.now() / 1000 + 900, 'the registration ends within 15 minutes')
    },
  },
  {
    id: 'aws/browser-registration',
    says: 'RegisterClient takes what the AWS CLI sends for the browser flow: a loopback redirect URI without a port',
    see: `${api}/API_RegisterClient.html`,
    async run(target) {
      const grantTypes = [GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken]
      const redirectUris = ['http://127.0.0.1/oauth/callback']
      const { status } = await register(target, { grantTypes, redirectUris, issuerUrl: target.startUrl })
      demand(status === 200, `RegisterClient answered ${status}`)
    },
  },
  {
    id: 'aws/unknown-members',
    says: 'members that the server does not know are ignored, and null counts as left out',
    see: 'https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html',
    async run(target) {
      const { status } = await register(target, { somethingNew: { a: [1] }, redirectUris: null })
      demand(status === 200, `RegisterClient answered ${status}`)
    },
  },
  {
    id: 'aws/content-type',
    says: 'JSON is taken whatever the Content-Type says: old CLIs send none',
    see: 'https://github.com/boto/botocore',
    async run(target) {
      const { status } = await target.send(registerClient.path, {
        body: JSON.stringify(registration),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      demand(status === 200, `RegisterClient answered ${status}`)
    },
  },
  refusal(
    'aws/missing-member',
    'a required member that is missing is an InvalidRequestException',
    `${api}/API_RegisterClient.html`,
    [InvalidRequestException],
    (target) => register(target, { clientName: undefined }),
  ),
  refusal(
    'aws/malformed-json',
    'a body that is no JSON is refused in JSON: anything else makes SDKs throw a parser’s error',
    `${api}/API_RegisterClient.html`,
    [InvalidRequestException],
    (target) => target.send(registerClient.path, { body: '{"clientName":' }),
  ),
  refusal(
    'aws/form',
    'a form is not taken for JSON: the AWS wire has one reading of a body',
    `${api}/API_CreateToken.html`,
    [InvalidRequestException],
    (target) => target.send(createToken.path, { form: { grant_type: GRANT_TYPES.deviceCode, client_id: 'a' } }),
  ),
  refusal(
    'aws/client-type',
    'a client that is not public is an InvalidClientMetadataException',
    `${api}/API_RegisterClient.html`,
    [InvalidClientMetadataException, InvalidRequestException],
    (target) => register(target, { clientType: 'confidential' }),
  ),
  refusal(
    'aws/redirect-uri',
    'a redirect URI that sends codes to a stranger in clear text cannot be registered',
    'https://www.rfc-editor.org/rfc/rfc9700#section-4.1.3',
    [InvalidRedirectUriException, InvalidRequestException, InvalidClientMetadataException],
    (target) =>
      register(target, { grantTypes: [GRANT_TYPES.authorizationCode], redirectUris: ['http://stranger.example/'] }),
  ),
  {
    id: 'aws/start-device-authorization',
    says: 'StartDeviceAuthorization gives codes, addresses and whole numbers of seconds',
    see: `${api}/API_StartDeviceAuthorization.html`,
    async run(target) {
      const { json } = await startDevice(target)
      for (const name of ['deviceCode', 'userCode', 'verificationUri', 'verificationUriComplete'])
        demand(typeof json[name] === 'string' && json[name] !== '', `${name} is missing`)
      demand(
        Number.isInteger(json.expiresIn),
        `expiresIn is ${JSON.stringify(json.expiresIn)}: the SDK for Go fails on it`,
      )
      demand(json.interval === undefined || Number.isInteger(json.interval), 'interval is no whole number')
      demand(
        String(json.verificationUriComplete).includes(String(json.userCode)),
        'the complete address lacks the code',
      )
    },
  },
  refusal(
    'aws/wrong-secret',
    'a client with another’s secret is an InvalidClientException, with status 401',
    `${api}/API_StartDeviceAuthorization.html`,
    [InvalidClientException],
    async (target) => {
      const [{ clientId }, { clientSecret }] = [
        await client(target),
        await newClient(target, { clientName: 'another' }),
      ]
      return call(target, startDeviceAuthorization, { clientId, clientSecret, startUrl: target.startUrl })
    },
  ),
  refusal(
    'aws/unknown-start-url',
    'a start URL of another instance is an InvalidRequestException',
    `${api}/API_StartDeviceAuthorization.html`,
    [InvalidRequestException],
    async (target) =>
      call(target, startDeviceAuthorization, {
        ...(await client(target)),
        startUrl: 'https://elsewhere.example/start',
      }),
  ),
  refusal(
    'aws/pending',
    'a poll before the approval is an AuthorizationPendingException',
    `${api}/API_CreateToken.html`,
    [AuthorizationPendingException],
    async (target) => (await startDevice(target)).poll(),
  ),
  {
    id: 'aws/two-polls-at-once',
    says: 'two polls at once are no fault: the AWS CLI begins so',
    see: 'https://github.com/aws/aws-cli',
    async run(target) {
      const { poll } = await startDevice(target)
      for (const answer of await Promise.all([poll(), poll()])) demandError(answer, AuthorizationPendingException)
    },
  },
  {
    id: 'aws/slow-down',
    says: 'whoever polls without end is told to slow down, and the sign-in stays alive',
    see: 'https://www.rfc-editor.org/rfc/rfc8628#section-3.5',
    async run(target) {
      const { poll } = await startDevice(target)
      for (let i = 0; i < 30; i++) {
        const answer = await poll()
        if (answer.json.error === SlowDownException.spec.error) return demandError(answer, SlowDownException)
        demandError(answer, AuthorizationPendingException)
      }
      demand(false, 'thirty polls without a pause were all answered as if they had come in time')
    },
  },
  refusal(
    'aws/unknown-device-code',
    'a device code that never was is an InvalidGrantException',
    `${api}/API_CreateToken.html`,
    [InvalidGrantException],
    async (target) =>
      call(target, createToken, {
        ...(await client(target)),
        grantType: GRANT_TYPES.deviceCode,
        deviceCode: 'nonsense',
      }),
  ),
  refusal(
    'aws/another-clients-device-code',
    'a device code is good for the client that began, and for no other',
    'https://www.rfc-editor.org/rfc/rfc8628#section-5.2',
    [InvalidGrantException, InvalidClientException],
    async (target) => (await startDevice(target)).poll(await newClient(target, { clientName: 'another' })),
  ),
  refusal(
    'aws/unknown-grant-type',
    'a grant type that does not exist is an UnsupportedGrantTypeException',
    `${api}/API_CreateToken.html`,
    [UnsupportedGrantTypeException],
    async (target) => call(target, createToken, { ...(await client(target)), grantType: 'password' }),
  ),
  refusal(
    'aws/unknown-refresh-token',
    'a refresh token that never was is an InvalidGrantException: clients sign in anew on it',
    `${api}/API_CreateToken.html`,
    [InvalidGrantException],
    async (target) =>
      call(target, createToken, { ...(await client(target)), grantType: GRANT_TYPES.refreshToken, refreshToken: 'x' }),
  ),
  ...Object.values(ssoPortal.operations).map(({ name, method, path }) =>
    refusal(
      `aws/${name}-without-token`,
      `${name} with an access token that never was is an UnauthorizedException`,
      `${portalApi}/API_${name}.html`,
      [UnauthorizedException],
      (target) =>
        target.send(`${path}?account_id=111111111111&role_name=ReadOnly`, {
          method,
          headers: { [TOKEN_HEADER]: 'nonsense' },
        }),
    ),
  ),
  {
    id: 'aws/unproven-authorization',
    says: '/authorize sends nothing to a redirect URI whose client is not proven: the person sees a page',
    see: 'https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1',
    async run(target) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: 'nonsense',
        redirect_uri: 'http://127.0.0.1:1/oauth/callback',
        state: 'a',
      })
      const { status, headers } = await target.send(`${AUTHORIZATION_PATH}?${query}`)
      const location = headers.get('location') ?? ''
      demand(!location.startsWith('http://127.0.0.1:1/'), 'the browser was sent to an address that nobody vouched for')
      demand(status >= 400 || status === 302 || status === 303, `the answer has status ${status}`)
    },
  },
  {
    id: 'aws/start-url-gate',
    says: 'HEAD on a start URL that is not AWS’s leads to one of AWS’s names: CLI 2.35.13 and later refuse any other',
    see: 'https://github.com/aws/aws-cli',
    async run(target) {
      const { hostname, protocol } = new URL(target.startUrl)
      const isAws = protocol === 'https:' && hostname.endsWith('.awsapps.com')
      const { headers, status } = await target.send(target.startUrl, { method: 'HEAD' })
      const to = URL.parse(headers.get('location') ?? '', target.startUrl)
      demand(
        isAws || to?.hostname.endsWith('.awsapps.com'),
        `it answered ${status} and leads to ${to?.host ?? 'nowhere'}`,
      )
    },
  },
  {
    id: 'aws/date',
    says: 'answers carry the right time: SDKs correct their clock by it before they sign',
    see: 'https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1',
    async run(target) {
      const date = Date.parse((await register(target, {})).headers.get('date') ?? '')
      demand(
        Math.abs(date - Date.now()) < 300_000,
        'Date is missing, or more than five minutes from this machine’s clock',
      )
    },
  },
]
