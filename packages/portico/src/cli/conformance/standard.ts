/** The device grant of RFC 8628 and what surrounds it, at the endpoints that the server itself names. */
import {
  AccessDeniedException,
  AuthorizationPendingException,
  GRANT_TYPES,
  InvalidClientException,
  InvalidGrantException,
  InvalidRequestException,
  SlowDownException,
  UnsupportedGrantTypeException,
} from 'ssooidc/protocol/sso-oidc'
import { authorizationServerMetadata, openidConfiguration } from '../../protocol/oauth2.ts'
import { type Check, demand, NotApplicable } from './check.ts'
import { type Answer, pause, type Target } from './target.ts'

const rfc = 'https://www.rfc-editor.org/rfc'
const PATIENCE = 300

type Metadata = Readonly<Record<string, unknown>>

/** The server's metadata, under either name. */
const metadata = (target: Target): Promise<Metadata> =>
  target.once('metadata', async () => {
    for (const { path } of [openidConfiguration, authorizationServerMetadata]) {
      const { status, json } = await target.send(path)
      if (status === 200 && typeof json.issuer === 'string') return json
    }
    throw new NotApplicable('the server has no metadata document')
  })

async function endpoint(target: Target, name: string): Promise<string> {
  const address = (await metadata(target))[name]
  if (typeof address !== 'string') throw new NotApplicable(`the metadata names no ${name}`)
  return address
}

type Client = { client_id: string; client_secret?: string }

/** The client that was given, or one that registers itself. */
const client = (target: Target): Promise<Client> => target.once('client', () => newClient(target))

async function newClient(target: Target): Promise<Client> {
  if (target.client !== undefined) {
    const { id, secret } = target.client
    return { client_id: id, ...(secret === undefined ? {} : { client_secret: secret }) }
  }
  const { json } = await target.send(await endpoint(target, 'registration_endpoint'), {
    json: {
      client_name: 'conformance',
      grant_types: [GRANT_TYPES.deviceCode, GRANT_TYPES.refreshToken],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_post',
    },
  })
  const { client_id, client_secret } = json
  if (typeof client_id !== 'string') throw new NotApplicable('nobody can register here: name a client with --client-id')
  return { client_id, ...(typeof client_secret === 'string' ? { client_secret } : {}) }
}

async function startDevice(target: Target) {
  const registered = await client(target)
  const answer = await target.send(await endpoint(target, 'device_authorization_endpoint'), { form: registered })
  const { json, status } = answer
  demand(status === 200, `the device authorization endpoint answered ${status}: ${String(json.error)}`)
  const tokenEndpoint = await endpoint(target, 'token_endpoint')
  const poll = (as: Client = registered) =>
    target.send(tokenEndpoint, {
      form: { ...as, grant_type: GRANT_TYPES.deviceCode, device_code: String(json.device_code) },
    })
  return { answer, json, poll }
}

const token = async (target: Target, form: Record<string, string>) =>
  target.send(await endpoint(target, 'token_endpoint'), { form: { ...(await client(target)), ...form } })

/** @throws Unmet unless the answer is one of these errors in OAuth's form. @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function demandError({ status, json, text }: Answer, ...errors: (string | undefined)[]): void {
  demand(Object.keys(json).length > 0, `the body is no JSON object: ${text.slice(0, 80)}`)
  demand(errors.includes(String(json.error)), `the error is “${String(json.error)}”, and not ${errors.join(' or ')}`)
  const isClientError = status === 400 || (status === 401 && json.error === InvalidClientException.spec.error)
  demand(isClientError, `the error came with status ${status}`)
}

async function pollToEnd(target: Target, decision: 'approve' | 'deny') {
  const { json, poll } = await startDevice(target)
  await target.person?.(
    decision,
    String(json.verification_uri_complete ?? `${json.verification_uri} ${json.user_code}`),
  )
  let interval = Number(json.interval ?? 5)
  for (let waited = 0; waited < PATIENCE; waited += interval) {
    const answer = await poll()
    if (answer.json.error === SlowDownException.spec.error) interval += 5
    else if (answer.json.error !== AuthorizationPendingException.spec.error) return answer
    await pause(interval)
  }
  throw new NotApplicable(`nobody decided within ${PATIENCE} seconds`)
}

const approved = (target: Target) => target.once('tokens', () => pollToEnd(target, 'approve'))

export const standard: readonly Check[] = [
  {
    id: 'rfc8414/issuer',
    says: 'the metadata names the server by the address at which it was found',
    see: `${rfc}/rfc8414#section-3.3`,
    async run(target) {
      const { issuer } = await metadata(target)
      demand(issuer === target.url, `issuer is ${String(issuer)}, and it was found at ${target.url}`)
    },
  },
  {
    id: 'rfc8628/response',
    says: 'the device authorization response has its members, with whole numbers of seconds',
    see: `${rfc}/rfc8628#section-3.2`,
    async run(target) {
      const { json } = await startDevice(target)
      for (const name of ['device_code', 'user_code', 'verification_uri'])
        demand(typeof json[name] === 'string' && json[name] !== '', `${name} is missing`)
      demand(Number.isInteger(json.expires_in), `expires_in is ${JSON.stringify(json.expires_in)}`)
      demand(json.interval === undefined || Number.isInteger(json.interval), 'interval is no whole number')
      const complete = json.verification_uri_complete
      if (complete !== undefined)
        demand(String(complete).includes(String(json.user_code)), 'verification_uri_complete lacks the user code')
    },
  },
  {
    id: 'rfc8628/response-not-cached',
    says: 'the codes are not for caches',
    see: `${rfc}/rfc8628#section-3.2`,
    async run(target) {
      const { answer } = await startDevice(target)
      demand(/no-store/.test(answer.headers.get('cache-control') ?? ''), 'the answer may be kept in a cache')
    },
  },
  {
    id: 'rfc8628/codes-differ',
    says: 'no two devices get the same codes, and a device code cannot be guessed',
    see: `${rfc}/rfc8628#section-5.2`,
    async run(target) {
      const devices = [await startDevice(target), await startDevice(target), await startDevice(target)]
      for (const name of ['device_code', 'user_code'])
        demand(new Set(devices.map(({ json }) => json[name])).size === 3, `two of three devices got the same ${name}`)
      for (const { json } of devices)
        demand(String(json.device_code).length >= 20, 'a device code has fewer than 20 characters')
    },
  },
  {
    id: 'rfc8628/pending',
    says: 'a poll before the approval is authorization_pending',
    see: `${rfc}/rfc8628#section-3.5`,
    run: async (target) =>
      demandError(await (await startDevice(target)).poll(), AuthorizationPendingException.spec.error),
  },
  {
    id: 'rfc8628/fast-polls',
    says: 'polling too fast is slow_down or authorization_pending, and never ends the sign-in',
    see: `${rfc}/rfc8628#section-3.5`,
    async run(target) {
      const { poll } = await startDevice(target)
      const patient = [AuthorizationPendingException.spec.error, SlowDownException.spec.error]
      for (let i = 0; i < 8; i++) demandError(await poll(), ...patient)
    },
  },
  {
    id: 'rfc8628/unknown-device-code',
    says: 'a device code that never was is invalid_grant',
    see: `${rfc}/rfc6749#section-5.2`,
    async run(target) {
      const answer = await token(target, { grant_type: GRANT_TYPES.deviceCode, device_code: 'nonsense' })
      demandError(answer, InvalidGrantException.spec.error)
    },
  },
  {
    id: 'rfc8628/another-clients-device-code',
    says: 'a device code is good for the client that began, and for no other',
    see: `${rfc}/rfc8628#section-5.2`,
    async run(target) {
      if (target.client !== undefined) throw new NotApplicable('there is only the client that was named')
      const { poll } = await startDevice(target)
      demandError(
        await poll(await newClient(target)),
        InvalidGrantException.spec.error,
        InvalidClientException.spec.error,
        InvalidRequestException.spec.error,
      )
    },
  },
  {
    id: 'rfc8628/unknown-client',
    says: 'a client that never was is invalid_client',
    see: `${rfc}/rfc6749#section-5.2`,
    async run(target) {
      const form = { client_id: 'nonsense', client_secret: 'nonsense' }
      const answer = await target.send(await endpoint(target, 'device_authorization_endpoint'), { form })
      demandError(answer, InvalidClientException.spec.error)
    },
  },
  {
    id: 'rfc8628/post-only',
    says: 'the device authorization endpoint takes POST only',
    see: `${rfc}/rfc8628#section-3.1`,
    async run(target) {
      const query = new URLSearchParams(await client(target))
      const { status } = await target.send(`${await endpoint(target, 'device_authorization_endpoint')}?${query}`)
      demand(status >= 400, `GET was answered ${status}`)
    },
  },
  {
    id: 'rfc6749/repeated-parameter',
    says: 'a parameter that comes twice is refused',
    see: `${rfc}/rfc6749#section-3.2`,
    async run(target) {
      const form = new URLSearchParams(await client(target)).toString()
      const answer = await target.send(await endpoint(target, 'token_endpoint'), {
        body: `${form}&grant_type=refresh_token&grant_type=refresh_token&refresh_token=a`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      demandError(answer, InvalidRequestException.spec.error)
    },
  },
  {
    id: 'rfc6749/unknown-grant-type',
    says: 'a grant type that does not exist is unsupported_grant_type',
    see: `${rfc}/rfc6749#section-5.2`,
    run: async (target) =>
      demandError(await token(target, { grant_type: 'urn:example:none' }), UnsupportedGrantTypeException.spec.error),
  },
  {
    id: 'rfc6749/missing-grant-type',
    says: 'a request without a grant type is invalid_request',
    see: `${rfc}/rfc6749#section-5.2`,
    run: async (target) => demandError(await token(target, {}), InvalidRequestException.spec.error),
  },
  {
    id: 'rfc8628/denial',
    says: 'a denial is access_denied',
    see: `${rfc}/rfc8628#section-3.5`,
    needsPerson: true,
    run: async (target) => demandError(await pollToEnd(target, 'deny'), AccessDeniedException.spec.error),
  },
  {
    id: 'rfc8628/tokens',
    says: 'an approval becomes a token, which is not for caches',
    see: `${rfc}/rfc6749#section-5.1`,
    needsPerson: true,
    async run(target) {
      const { status, json, headers } = await approved(target)
      demand(status === 200, `the token endpoint answered ${status}: ${String(json.error)}`)
      demand(typeof json.access_token === 'string', 'access_token is missing')
      demand(typeof json.token_type === 'string', 'token_type is missing')
      demand(json.expires_in === undefined || Number.isInteger(json.expires_in), 'expires_in is no whole number')
      demand(/no-store/.test(headers.get('cache-control') ?? ''), 'the answer may be kept in a cache')
    },
  },
  {
    id: 'rfc7009/revocation',
    says: 'a refresh token that was revoked is invalid_grant, and revoking it again is no error',
    see: `${rfc}/rfc7009#section-2.2`,
    needsPerson: true,
    async run(target) {
      const { refresh_token } = (await approved(target)).json
      if (typeof refresh_token !== 'string') throw new NotApplicable('the client got no refresh token')
      const address = await endpoint(target, 'revocation_endpoint')
      for (const time of ['first', 'second']) {
        const form = { ...(await client(target)), token: refresh_token, token_type_hint: 'refresh_token' }
        const { status } = await target.send(address, { form })
        demand(status === 200, `the ${time} revocation was answered ${status}`)
      }
      const answer = await token(target, { grant_type: GRANT_TYPES.refreshToken, refresh_token })
      demandError(answer, InvalidGrantException.spec.error)
    },
  },
]
