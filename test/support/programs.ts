/**
 * Programs that sign a person in, one step at a time, so that a test can come between. They use our client where a program
 * would, and a bare request where a test needs to see or choose what is on the wire.
 */
import { createHash, randomBytes } from 'node:crypto'
import { isServiceException } from 'ssooidc'
import { GRANT_TYPES, type RegisterClientInput } from 'ssooidc/protocol/sso-oidc'
import type { TestInstance } from './instance.ts'
import type { DemoPerson } from './portico.ts'

/** What a client proves itself with. */
export type ClientCredentials = { clientId: string; clientSecret: string }

/** The scope that AWS's own tools ask for. */
export const ACCOUNT_ACCESS = 'sso:account:access'

/** Where a command line program listens; it registers the same without a port. */
export const CALLBACK = 'http://127.0.0.1:39179/oauth/callback'

/** For `assert.rejects`: the error is this type, or this OAuth code. */
export const refused = (name: string) => (error: unknown) => isServiceException(error, name)

/** Registers a device client as the AWS CLI does; members override. */
export async function registerDevice(
  { oidc }: TestInstance,
  members: Partial<RegisterClientInput> = {},
): Promise<ClientCredentials> {
  const input = { clientName: 'cli', clientType: 'public', scopes: [ACCOUNT_ACCESS], ...members }
  const { clientId, clientSecret } = await oidc.registerClient(input)
  return { clientId, clientSecret }
}

/** Registers a client that can open a browser, as the AWS CLI does; members override. */
export async function registerBrowser(
  instance: TestInstance,
  members: Partial<RegisterClientInput> = {},
): Promise<ClientCredentials> {
  return registerDevice(instance, {
    grantTypes: [GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken],
    redirectUris: ['http://127.0.0.1/oauth/callback'],
    ...members,
  })
}

/** A device that shows a code and waits. */
export async function startDevice(instance: TestInstance, client?: ClientCredentials) {
  const registered = client ?? (await registerDevice(instance))
  const grant = await instance.oidc.startDeviceAuthorization({ ...registered, startUrl: `${instance.origin}/start` })
  const poll = (as: ClientCredentials = registered, node = instance) =>
    node.oidc.createToken({ ...as, grantType: GRANT_TYPES.deviceCode, deviceCode: grant.deviceCode })
  return { client: registered, grant, poll }
}

/** A person who is signed in through a device: the client, its tokens, and a way to refresh. */
export async function signInDevice(
  instance: TestInstance,
  person: DemoPerson = instance.people.alice,
  members: Partial<RegisterClientInput> = {},
) {
  const { client, grant, poll } = await startDevice(instance, await registerDevice(instance, members))
  await instance.browser().decide(grant.verificationUriComplete, person)
  const tokens = await poll()
  const refresh = (refreshToken = tokens.refreshToken ?? '', as: ClientCredentials = client, node = instance) =>
    node.oidc.createToken({ ...as, grantType: GRANT_TYPES.refreshToken, refreshToken })
  return { client, ...tokens, refresh }
}

/** A program at the authorization endpoint, with the proof that it will need. */
export async function startBrowser(instance: TestInstance, client?: ClientCredentials) {
  const registered = client ?? (await registerBrowser(instance))
  const codeVerifier = randomBytes(48).toString('base64url')
  const parameters = {
    response_type: 'code',
    client_id: registered.clientId,
    redirect_uri: CALLBACK,
    state: 'a state',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    scopes: ACCOUNT_ACCESS,
  }
  return {
    client: registered,
    codeVerifier,
    /** The address for the browser; members of `changes` replace parameters, `undefined` leaves one out. */
    url(changes: Readonly<Record<string, string | undefined>> = {}): string {
      const all = Object.entries({ ...parameters, ...changes }).filter(([, value]) => value !== undefined)
      return `${instance.origin}/authorize?${new URLSearchParams(all as [string, string][])}` // undefined was left out
    },
    /** The input that redeems a code. */
    exchange: (code: string) => ({
      ...registered,
      grantType: GRANT_TYPES.authorizationCode,
      redirectUri: CALLBACK,
      codeVerifier,
      code,
    }),
  }
}

/** A person's consent: the code that the browser carries back to the program. */
export async function consent(
  instance: TestInstance,
  url: string,
  person: DemoPerson = instance.people.alice,
): Promise<string> {
  const { location } = await instance.browser().decide(url, person)
  const code = answerIn(location).code
  if (code === undefined) throw new Error(`no code came back: ${location}`)
  return code
}

/** What a redirect tells the program. */
export function answerIn(location: string | null): Record<string, string> {
  return Object.fromEntries(new URL(location ?? 'none:').searchParams)
}

/** An answer as it is on the wire. */
export type Answer = { status: number; type: string | null; headers: Headers; body: Record<string, unknown> }

/** Sends one bare request; an object is sent as JSON. */
export async function ask(
  instance: TestInstance,
  path: string,
  init: { method?: string; body?: object | string | Uint8Array; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { body, headers = {} } = init
  const isBytes = typeof body === 'string' || body instanceof Uint8Array
  const request = new Request(instance.origin + path, {
    method: init.method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    ...(body === undefined ? {} : { body: isBytes ? (body as BodyInit) : JSON.stringify(body) }),
  })
  const response = await instance.fetch(request)
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    headers: response.headers,
    body: text === '' ? {} : JSON.parse(text),
  }
}

/** Every session that the person has now. */
export async function sessionsOf({ storage, clock }: TestInstance, { username }: DemoPerson) {
  const user = await storage.findUserByName({ userName: username })
  if (user === undefined) throw new Error(`there is no ${username}`)
  return storage.listSessions({ userId: user.id, now: clock.now })
}
