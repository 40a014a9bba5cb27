/**
 * CreateTokenWithIAM: tokens for an application, which proves itself by who signs for it. Four proofs become a session, or a
 * token in one: an authorization code, a refresh token, another issuer's assertion, another client's access token.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateTokenWithIAM.html
 */
import {
  AccessDeniedException,
  type CreateTokenWithIAMInput,
  type CreateTokenWithIAMOutput,
  ExpiredTokenException,
  GRANT_TYPES,
  InvalidClientException,
  InvalidGrantException,
  InvalidRequestException,
  InvalidRequestRegionException,
  InvalidScopeException,
  SlowDownException,
  TOKEN_TYPES,
  UnauthorizedClientException,
  UnsupportedGrantTypeException,
} from 'ssooidc/protocol/sso-oidc'
import type { Application, Session, TrustedTokenIssuer } from '../../storage/storage.ts'
import type { SignedBy } from '../access/sts.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Client } from '../clients/client-authentication.ts'
import type { Call, Deps } from '../deps.ts'
import { redeemAuthorizationCode } from '../grants/authorization-codes.ts'
import { admit, newSession, refreshSession, refuseIdle, withScopesNow } from '../sessions/sessions.ts'
import { issueTokens, openAccessToken } from '../sessions/tokens.ts'
import { mayAct } from './admission.ts'
import { clientOf, STANDARD_SCOPES, scopesNow, scopesOf } from './applications.ts'
import { findPerson, verifyAssertion } from './assertions.ts'
import { identify } from './identity-context.ts'

/** Turns a proof into tokens for an application. */
export async function createTokenWithIAM(
  deps: Deps,
  input: CreateTokenWithIAMInput,
  caller: SignedBy,
  call: Call,
  now: number,
): Promise<CreateTokenWithIAMOutput> {
  const { origin, region, limits } = deps.settings
  if (caller.region !== region)
    throw new InvalidRequestRegionException(`This instance is in ${region}: sign for that region.`, {
      members: { endpoint: origin, region },
    })
  const wait = deps.rateLimits.take(`iam:${caller.accessKeyId}`, limits.mintsPerSecond, now)
  if (wait > 0) throw new SlowDownException('These credentials ask for tokens too often.', { retryAfter: wait })
  const grant = grants.get(input.grantType)
  if (grant === undefined)
    throw new UnsupportedGrantTypeException(`grantType must be one of: ${[...grants.keys()].join(', ')}.`)

  const application = deps.applications.find(input.clientId)
  if (application === undefined)
    throw new InvalidClientException('clientId must be the ARN of an application of this instance.')
  if (!(await mayAct(deps, application, caller.principal, now)))
    throw new AccessDeniedException('Whoever signed may not ask in the name of this application.')
  if (!application.grants.includes(input.grantType))
    throw new UnauthorizedClientException('The application may not use this grant type.')

  const asking = { deps, application, client: clientOf(deps, application), input, caller, call, now }
  const { session, issuer, identified, mayRefresh, until } = await grant(asking)
  const client = mayRefresh ? asking.client : { ...asking.client, grantTypes: [] }
  const tokens = issueTokens(deps, client, session, now, until)
  const { expiresIn } = tokens
  const identity = identified ? await identify(deps, application, session, { expiresIn, issuer }, now) : undefined
  return {
    ...tokens,
    issuedTokenType: tokens.refreshToken === undefined ? TOKEN_TYPES.accessToken : TOKEN_TYPES.refreshToken,
    scope: session.scopes,
    idToken: identity?.idToken,
    awsAdditionalDetails: identity && { identityContext: identity.identityContext },
  }
}

/** Everything that a grant is judged by. */
type Asking = {
  deps: Deps
  application: Application
  client: Client
  input: CreateTokenWithIAMInput
  caller: SignedBy
  call: Call
  now: number
}

/** What a proof became. */
type Granted = {
  /** With the scopes that the tokens have, which may be fewer than the session's own. */
  session: Session
  issuer?: TrustedTokenIssuer
  /** Whether it also says who the person is. */
  identified: boolean
  mayRefresh: boolean
  /** When the access token ends, if not before. */
  until?: number
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3 */
async function redeemCode({ deps, client, input, call, now }: Asking): Promise<Granted> {
  const session = await redeemAuthorizationCode(deps, client, input, call, now)
  return { session: narrowed(withScopesNow(deps, client, session), input), identified: true, mayRefresh: true }
}

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-6 */
async function refresh({ deps, client, input, call, now }: Asking): Promise<Granted> {
  const session = await refreshSession(deps, client, input, call, now)
  return { session: narrowed(withScopesNow(deps, client, session), input), identified: false, mayRefresh: true }
}

/** @see https://www.rfc-editor.org/rfc/rfc7523#section-2.1 */
async function acceptAssertion(asking: Asking): Promise<Granted> {
  const { deps, application, client, input, call, now } = asking
  if (input.assertion === undefined) throw new InvalidRequestException('assertion is missing.')
  const scopes = narrow(input.scope, scopesOf(application))
  const assertion = await verifyAssertion(deps, application, input.assertion, now)
  const { id: userId } = await findPerson(deps, assertion)
  const owner = { userId, authenticatedAt: assertion.issuedAt, amr: [], clientName: client.name, scopes }
  const begun = newSession(deps, 'application', assertion.issuedAt, call, now)
  await admit(deps, client, owner, begun, now)
  const session = await deps.storage.beginApplicationSession({
    session: begun,
    owner: { ...owner, clientHash: client.hash },
    assertion: assertion.use,
    audit: auditLine(asking, userId, begun.id),
  })
  if (session === undefined)
    throw new InvalidGrantException('The assertion was used before. Get a new one from its issuer.')
  return { session, issuer: assertion.issuer, identified: true, mayRefresh: true }
}

/** @see https://www.rfc-editor.org/rfc/rfc8693#section-2.1 */
async function exchangeToken(asking: Asking): Promise<Granted> {
  const { deps, application, client, input, call, now } = asking
  const { subjectToken, subjectTokenType, requestedTokenType = TOKEN_TYPES.accessToken } = input
  if (subjectToken === undefined) throw new InvalidRequestException('subjectToken is missing.')
  if (subjectTokenType !== TOKEN_TYPES.accessToken)
    throw new InvalidRequestException(`subjectTokenType must be ${TOKEN_TYPES.accessToken}.`)
  if (requestedTokenType !== TOKEN_TYPES.accessToken && requestedTokenType !== TOKEN_TYPES.refreshToken)
    throw new InvalidRequestException(`requestedTokenType must be one of: ${Object.values(TOKEN_TYPES).join(', ')}.`)
  const wantsRefresh = requestedTokenType === TOKEN_TYPES.refreshToken
  if (wantsRefresh && !application.grants.includes(GRANT_TYPES.refreshToken))
    throw new UnauthorizedClientException('The application may not have refresh tokens.')

  const subject = openAccessToken(deps, subjectToken)
  if (subject === undefined) throw new InvalidGrantException('subjectToken is not an access token of this instance.')
  if (now >= subject.expiresAt) throw new ExpiredTokenException('subjectToken has expired. Get a new one.')
  // An exchange is no way to go on for longer: neither with a session out of its own token, nor with a token that outlives the
  // subject's.
  if (wantsRefresh && subject.clientHash === client.hash)
    throw new InvalidGrantException('subjectToken is this application’s own: it makes no session of its own.')
  const subjectScopes = scopesNow(deps, subject.application, subject.scopes) ?? []
  if (!subjectScopes.some((scope) => application.scopes.includes(scope)))
    throw new InvalidGrantException('subjectToken was not issued for this application: it has none of its scopes.')
  const allowed = scopesOf(application).filter(
    (scope) => subjectScopes.includes(scope) || STANDARD_SCOPES.includes(scope),
  )
  const scopes = narrow(input.scope, allowed)

  const known = await deps.storage.findSession({ id: subject.sessionId })
  if (known === undefined || known.endedAt !== null)
    throw new InvalidGrantException('The session behind subjectToken has ended. Sign in again.')
  // Twice: its own client may have been denied since, and this application may not be the person's.
  const subjectClient = { hash: subject.clientHash, entitledApplicationArn: subject.application }
  await admit(deps, subjectClient, { ...known, scopes: subject.scopes }, known, now)
  await admit(deps, client, { ...known, scopes }, known, now)
  refuseIdle(deps, known, now)
  if (!wantsRefresh) {
    // A token in the session that it came from, and so over when that is.
    deps.auditQueue.add(auditLine(asking, known.userId, known.id))
    const session = { ...known, clientHash: client.hash, scopes }
    return { session, identified: true, mayRefresh: false, until: subject.expiresAt }
  }
  // Where a device let the person in, what that device does not reach stays out of reach.
  const { userId, authenticatedAt, amr, proximity } = known
  const begun = newSession(deps, 'application', authenticatedAt, call, now)
  const session = await deps.storage.beginApplicationSession({
    session: { ...begun, expiresAt: Math.min(begun.expiresAt, known.expiresAt) },
    owner: { userId, authenticatedAt, amr, proximity, clientHash: client.hash, clientName: client.name, scopes },
    assertion: null,
    audit: auditLine(asking, userId, begun.id),
  })
  if (session === undefined) throw new Error('a session without an assertion was refused as if it had one')
  return { session, identified: true, mayRefresh: true }
}

const grants: ReadonlyMap<string, (asking: Asking) => Promise<Granted>> = new Map([
  [GRANT_TYPES.authorizationCode, redeemCode],
  [GRANT_TYPES.refreshToken, refresh],
  [GRANT_TYPES.jwtBearer, acceptAssertion],
  [GRANT_TYPES.tokenExchange, exchangeToken],
])

function narrowed(session: Session, { scope }: CreateTokenWithIAMInput): Session {
  return { ...session, scopes: narrow(scope, session.scopes) }
}

/** The scopes that were asked for, or all. Never more than there are. @throws InvalidScopeException */
function narrow(asked: readonly string[] | undefined, allowed: readonly string[]): readonly string[] {
  if (asked === undefined || asked.length === 0) return allowed
  if (asked.some((scope) => !allowed.includes(scope)))
    throw new InvalidScopeException(`The tokens may have these scopes: ${allowed.join(', ')}.`)
  return [...new Set(asked)]
}

function auditLine({ application, input, caller, call, now }: Asking, userId: string, sessionId: string) {
  const { principal, accessKeyId } = caller
  const detail = {
    grantType: input.grantType,
    application: application.name,
    sessionId,
    actor: principal.arn,
    accessKeyId,
  }
  return auditEvent('CreateTokenWithIAM', call, userId, detail, now)
}
