/**
 * Every way in which this server mints, taken to the moment before it does: bob has approved, and nothing is minted yet. The
 * matrix of the mint gate is made of these ways. Each names the files that its minting goes through, so that a file which
 * mints and stands in none of them is found.
 */
import { type CreateTokenRequest, isServiceException } from 'ssooidc'
import { type CreateTokenInput, GRANT_TYPES, TOKEN_TYPES } from 'ssooidc/protocol/sso-oidc'
import { token } from '../../packages/portico/src/protocol/oauth2.ts'
import { paths, rolePath } from '../../packages/portico/src/server/pages/paths.ts'
import { AUDIENCE, addApplication, post, REPORTS_CALLBACK } from './application.ts'
import type { ExternalIssuer } from './external-issuer.ts'
import { formBrowser } from './form-browser.ts'
import type { TestInstance } from './instance.ts'
import {
  ACCOUNT_ACCESS,
  ask,
  type ClientCredentials,
  consent,
  signInDevice,
  startBrowser,
  startDevice,
} from './programs.ts'

const HALF_AN_HOUR = 1_800_000
const core = 'packages/portico/src/core'

/** The role that is asked for in the end. Bob has it through a group. */
export const role = { accountId: '111111111111', roleName: 'ReadOnlyAccess' }

/** What is ready to be minted. */
export type Ready = {
  /** The program whose approval it is; undefined where a browser is not a program. */
  clientId: string | undefined
  /** Asks a server for tokens; undefined where there are none on the way to the role. */
  mint?: (server: TestInstance) => Promise<unknown>
  /** Asks a server for all that it gives: tokens, and with them credentials of the role. */
  assume(server: TestInstance): Promise<string | undefined>
}

/** One way to mint. `prepare` goes as far as the approval of bob. */
export type Way = {
  /** Through which door, and with which grant there; undefined where nothing is granted. */
  grant: { door: Door; grantType: string } | undefined
  /** The files that mint on this way, from the repository's root. */
  files: readonly string[]
  prepare(instance: TestInstance, issuer: ExternalIssuer): Promise<Ready>
}

/** Where grants are redeemed. */
export type Door = 'CreateToken' | 'the token endpoint' | 'CreateTokenWithIAM'

type Grant = Omit<CreateTokenInput, keyof ClientCredentials>

/** Redeems a grant as a program that has a secret does. Answers the access token. */
const redeem: Readonly<
  Record<
    Exclude<Door, 'CreateTokenWithIAM'>,
    (server: TestInstance, client: ClientCredentials, grant: Grant) => Promise<string | undefined>
  >
> = {
  async CreateToken({ oidc }, client, grant) {
    const { accessToken } = await oidc.createToken({ ...client, ...grant } as CreateTokenRequest) // a way brings its grant’s members
    return accessToken
  },
  async 'the token endpoint'(server, { clientId, clientSecret }, grant) {
    const form = {
      ...{ client_id: clientId, client_secret: clientSecret, grant_type: grant.grantType, code: grant.code },
      ...{ redirect_uri: grant.redirectUri, code_verifier: grant.codeVerifier, device_code: grant.deviceCode },
      refresh_token: grant.refreshToken,
    }
    const body = new URLSearchParams(JSON.parse(JSON.stringify(form))).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await ask(server, token.path, { body, headers })
    if (answer.status !== 200) throw new Refused(String(answer.body.error))
    return String(answer.body.access_token)
  },
}

/** Asks in an application's name. Answers the access token. */
async function redeemForApplication(server: TestInstance, input: object): Promise<string> {
  const { status, type, body } = await post(server, input)
  if (status !== 200) throw new Refused(type ?? String(status))
  return String(body.accessToken)
}

/** Whether an error is a refusal that says so; anything else would be a fault that merely looks like one. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof Refused) return refusals.has(error.type)
  return [...refusals].some((type) => isServiceException(error, type))
}

/** What a bare request or a page was refused with. */
class Refused extends Error {
  readonly type: string
  constructor(type: string) {
    super(`refused: ${type}`)
    this.type = type
  }
}

/** The types and the OAuth codes of refusals. */
const refusals: ReadonlySet<string> = new Set([
  ...['InvalidGrantException', 'InvalidClientException', 'AccessDeniedException', 'ExpiredTokenException'],
  ...['invalid_grant', 'invalid_client', 'access_denied', 'expired_token'],
  ...['UnauthorizedException', 'ForbiddenException'],
])

/** Every way, by what it is called. */
export const ways: Readonly<Record<string, Way>> = {
  ...throughDoor('CreateToken', `${core}/grants/create-token.ts`),
  ...throughDoor('the token endpoint', `${core}/oauth2/token.ts`),
  ...forApplications(),
  GetRoleCredentials: {
    grant: undefined,
    files: [`${core}/access/portal.ts`, 'packages/portico/src/credentials/built-in.ts'],
    async prepare(instance) {
      const { client, accessToken } = await signInDevice(instance, instance.people.bob)
      return { clientId: client.clientId, assume: (server) => roleCredentials(server, accessToken) }
    },
  },
  'the credentials page of the access portal': {
    grant: undefined,
    files: ['packages/portico/src/server/pages/routes/portal.ts'],
    async prepare(instance) {
      const { username, password } = instance.people.bob
      const browser = instance.browser()
      await browser.send(await browser.open(instance.origin + paths.signIn), { username, password })
      const assume = async (server: TestInstance) => {
        const there = formBrowser(server.fetch)
        for (const [name, value] of browser.cookies) there.cookies.set(name, value)
        const page = await there.open(instance.origin + rolePath('credentials', role))
        if (new URL(page.url).pathname.startsWith(paths.signIn)) throw new Refused('UnauthorizedException')
        if (page.status === 403) throw new Refused('ForbiddenException')
        return /ptc_st_[\w-]+/.exec(page.html)?.[0]
      }
      return { clientId: undefined, assume }
    },
  },
}

/** The three grants of programs that are registered. */
function throughDoor(door: keyof typeof redeem, file: string): Record<string, Way> {
  const ready = (client: ClientCredentials, grant: Grant): Ready => {
    const mint = (server: TestInstance) => redeem[door](server, client, grant)
    return { clientId: client.clientId, mint, assume: async (server) => roleCredentials(server, await mint(server)) }
  }
  const way = (grantType: string, prepare: Way['prepare']): Way => ({
    grant: { door, grantType },
    files: [file],
    prepare,
  })
  return {
    [`the device grant at ${door}`]: way(GRANT_TYPES.deviceCode, async (instance) => {
      const { client, grant } = await startDevice(instance)
      await instance.browser().decide(grant.verificationUriComplete, instance.people.bob)
      return ready(client, { grantType: GRANT_TYPES.deviceCode, deviceCode: grant.deviceCode })
    }),
    [`the authorization code grant at ${door}`]: way(GRANT_TYPES.authorizationCode, async (instance) => {
      const program = await startBrowser(instance)
      const code = await consent(instance, program.url(), instance.people.bob)
      const { clientId: _, clientSecret: __, ...grant } = program.exchange(code)
      return ready(program.client, grant)
    }),
    [`a refresh at ${door}`]: way(GRANT_TYPES.refreshToken, async (instance) => {
      const { client, refreshToken } = await signInDevice(instance, instance.people.bob)
      instance.clock.now += HALF_AN_HOUR
      return ready(client, { grantType: GRANT_TYPES.refreshToken, refreshToken })
    }),
  }
}

/** The four grants of an application that everybody in bob's group may use, and whose tokens open accounts. */
function forApplications(): Record<string, Way> {
  const door = 'CreateTokenWithIAM'
  const files = [`${core}/applications/create-token-with-iam.ts`, `${core}/applications/identity-context.ts`]
  const way = (
    grantType: string,
    prepare: (instance: TestInstance, application: string, issuer: ExternalIssuer) => Promise<Prepared>,
  ): Way => ({
    grant: { door, grantType },
    files,
    async prepare(instance, issuer) {
      // The issuer signs by the machine's clock.
      instance.clock.now = Date.now()
      await giveBobAnAddress(instance)
      const application = await addApplication(instance, issuer.issuerUrl, {
        scopes: [ACCOUNT_ACCESS],
        assignments: [{ user: null, group: 'Engineers' }],
      })
      const { clientId = application, ...proof } = await prepare(instance, application, issuer)
      const input = { clientId: application, grantType, ...proof }
      const mint = (server: TestInstance) => redeemForApplication(server, input)
      return { clientId, mint, assume: async (server) => roleCredentials(server, await mint(server)) }
    },
  })
  const subject = async (instance: TestInstance) => {
    const { client, accessToken } = await signInDevice(instance, instance.people.bob)
    return { clientId: client.clientId, subjectToken: accessToken, subjectTokenType: TOKEN_TYPES.accessToken }
  }
  return {
    'an application’s authorization code': way(GRANT_TYPES.authorizationCode, codeFor),
    'an application’s refresh': way(GRANT_TYPES.refreshToken, async (instance, application) => {
      const redemption = { clientId: application, grantType: GRANT_TYPES.authorizationCode }
      const { body } = await post(instance, { ...redemption, ...(await codeFor(instance, application)) })
      instance.clock.now += HALF_AN_HOUR
      return { refreshToken: String(body.refreshToken) }
    }),
    'an issuer’s assertion': way(GRANT_TYPES.jwtBearer, async (_instance, _application, issuer) => ({
      assertion: await issuer.issue(AUDIENCE, BOBS_ADDRESS),
    })),
    'a token exchange': way(GRANT_TYPES.tokenExchange, subject),
    'a token exchange for a session': way(GRANT_TYPES.tokenExchange, async (instance) => ({
      ...(await subject(instance)),
      requestedTokenType: TOKEN_TYPES.refreshToken,
    })),
  }
}

/** What proves an application's claim, and the program that bob approved, where that is another. */
type Prepared = { clientId?: string } & Record<string, unknown>

const BOBS_ADDRESS = 'bob@example.com'

async function codeFor(instance: TestInstance, application: string): Promise<Prepared> {
  const { url, codeVerifier } = await startBrowser(instance, { clientId: application, clientSecret: '' })
  const code = await consent(instance, url({ redirect_uri: REPORTS_CALLBACK }), instance.people.bob)
  return { code, codeVerifier, redirectUri: REPORTS_CALLBACK }
}

async function giveBobAnAddress({ storage, clock, people }: TestInstance): Promise<void> {
  const stored = await storage.readOrganization({})
  const users = stored.users.map((user) =>
    user.userName === people.bob.username ? { ...user, email: BOBS_ADDRESS } : user,
  )
  const audit = { at: clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  await storage.applyOrganization({ organization: { ...stored, users }, now: clock.now, audit })
}

async function roleCredentials({ portal }: TestInstance, accessToken = ''): Promise<string | undefined> {
  return (await portal.getRoleCredentials({ accessToken, ...role })).roleCredentials?.sessionToken
}
