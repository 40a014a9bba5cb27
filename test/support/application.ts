/** An application in a test's instance, described as an organization describes it, and whoever may ask in its name. */
import { ssooidc } from 'ssooidc'
import { GRANT_TYPES } from 'ssooidc/protocol/sso-oidc'
import { accessKeyOf } from '../../packages/portico/src/core/applications/access-keys.ts'
import { canonicalRequest, sha256 } from '../../packages/portico/src/core/sigv4/canonical-request.ts'
import { formatTimestamp } from '../../packages/portico/src/core/sigv4/clock.ts'
import { sign } from '../../packages/portico/src/core/sigv4/sign.ts'
import type {
  Organization,
  OrganizationApplication,
  OrganizationTokenIssuer,
} from '../../packages/portico/src/storage/storage.ts'
import type { TestInstance } from './instance.ts'

/** The audience that the issuer's tokens must name. */
export const AUDIENCE = 'reports'
/** Where the application's people come back to. */
export const REPORTS_CALLBACK = 'https://reports.example.com/callback'

/** An application that may do everything, for Alice, asked for by a program with an access key or by her own role. */
export const reports: OrganizationApplication = {
  name: 'reports',
  grants: [GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken, GRANT_TYPES.jwtBearer, GRANT_TYPES.tokenExchange],
  redirectUris: [REPORTS_CALLBACK],
  scopes: ['reports:read', 'reports:write'],
  actors: [
    { account: null, permissionSet: null, accessKey: 'reports-server' },
    { account: '111111111111', permissionSet: 'AdministratorAccess', accessKey: null },
  ],
  trustedTokenIssuers: [{ name: 'corporate', audiences: [AUDIENCE] }],
  assignmentRequired: true,
  assignments: [{ user: 'alice', group: null }],
  idTokenAlgorithm: 'ES256',
}

/** An issuer whose `email` claim is a person's email address here. */
export const issuerAt = (issuerUrl: string): OrganizationTokenIssuer => ({
  name: 'corporate',
  issuerUrl,
  claimAttributePath: 'email',
  identityStoreAttributePath: 'emails.value',
})

/** Puts the application into the instance, trusting this issuer, and answers its ARN. `alone` takes every other away. */
export async function addApplication(
  instance: TestInstance,
  issuerUrl = 'https://login.example.com',
  changes: Partial<OrganizationApplication> = {},
  alone?: 'alone',
): Promise<string> {
  const stored = await instance.storage.readOrganization({})
  const application = { ...reports, ...changes }
  const organization: Organization = {
    ...stored,
    applications: [application],
    trustedTokenIssuers: [issuerAt(issuerUrl)],
  }
  const audit = { at: instance.clock.now, eventName: 'Test', userId: null, address: null, userAgent: null, detail: {} }
  const { now } = instance.clock
  const prune = { revokedUntil: now, clientHashes: [] }
  await instance.storage.applyOrganization({ organization, now, audit, shutOut: true, ...(alone && { prune }) })
  const { applications } = await instance.storage.readApplications({})
  const found = applications.find(({ name }) => name === application.name)
  if (found === undefined) throw new Error('the application was not stored')
  return instance.deps.applications.arnOf(found)
}

/** Keys that sign, as SDKs take them. */
export type SigningKeys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }

/** What the service answers to a body that no client would send, signed with the program's own key at the instance's time. */
export async function post(
  instance: TestInstance,
  body: object,
): Promise<{ status: number; type: string | null; body: Record<string, unknown> }> {
  const { sealer, instance: itself } = instance.deps
  const { accessKeyId, secretAccessKey } = accessKeyOf(sealer, itself, 'reports-server')
  const url = new URL('/token?aws_iam=t', instance.origin)
  const timestamp = formatTimestamp(instance.clock.now)
  const scope = { date: timestamp.slice(0, 8), region: 'us-east-1', service: 'sso-oauth' }
  const headers = new Map([
    ['content-type', 'application/json'],
    ['host', url.host],
    ['x-amz-date', timestamp],
  ])
  const text = JSON.stringify(body)
  const raw = { method: 'POST', target: url.pathname + url.search, headers: [...headers], body: Buffer.from(text) }
  const canonical = canonicalRequest({ ...raw, peerAddress: '' }, headers, sha256(raw.body))
  const signature = sign({ secretAccessKey, scope, timestamp, canonicalRequest: canonical })
  const credential = `${accessKeyId}/${scope.date}/us-east-1/sso-oauth/aws4_request`
  const names = [...headers.keys()].join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`
  const response = await instance.fetch(
    new Request(url, { method: 'POST', headers: [...headers, ['authorization', authorization]], body: text }),
  )
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    body: JSON.parse(await response.text()),
  }
}

/** A client whose signed operations are signed with these keys; the program's own when none are given. */
export function asking(instance: TestInstance, keys?: SigningKeys, region = 'us-east-1') {
  const { sealer, instance: itself } = instance.deps
  const own: SigningKeys = accessKeyOf(sealer, itself, 'reports-server')
  const { accessKeyId, secretAccessKey, sessionToken } = keys ?? own
  return ssooidc({
    endpoint: instance.origin,
    region,
    maxAttempts: 1,
    credentials: async () => ({
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    }),
    fetch: (input: string | URL | Request, init?: RequestInit) => instance.fetch(new Request(input, init)),
  })
}
