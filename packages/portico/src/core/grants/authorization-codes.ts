/**
 * The authorization code grant with PKCE: a program that can open a browser sends a person to `/authorize`; the person consents;
 * the browser carries a code back to the program, which redeems it with the proof that it is the one who asked.
 *
 * Until client and redirect URI are proven, nothing is sent to the redirect URI: the person sees a page instead.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1
 * @see https://www.rfc-editor.org/rfc/rfc7636
 */
import type { ServiceException } from 'ssooidc/protocol'
import {
  AccessDeniedException,
  type CreateTokenInput,
  ExpiredTokenException,
  GRANT_TYPES,
  InvalidGrantException,
  InvalidRequestException,
  InvalidScopeException,
  UnauthorizedClientException,
  UnsupportedResponseTypeException,
} from 'ssooidc/protocol/sso-oidc'
import { RequestNotSupportedException, RequestUriNotSupportedException } from '../../protocol/oauth2-errors.ts'
import type { AuthorizationCode, Session } from '../../storage/storage.ts'
import { auditEvent } from '../audit/audit.ts'
import { type Client, readClient } from '../clients/client-authentication.ts'
import { challengeOf, isCodeChallenge, isCodeVerifier } from '../clients/pkce.ts'
import { matchesRegistered } from '../clients/redirect-uri.ts'
import { parseScopeParameter } from '../clients/scopes.ts'
import type { Call, Deps, Origin } from '../deps.ts'
import { type ProofNeeded, proofNeededToApprove } from '../factors/proof-needed.ts'
import { format, parse } from '../keys/opaque-token.ts'
import { randomId, sha256 } from '../keys/random.ts'
import type { Person } from '../people/people.ts'
import { shortfall } from '../sessions/mint-gate.ts'
import { admit, auditReissue, newSession } from '../sessions/sessions.ts'
import { REVOCATION_LIFE } from '../sessions/tokens.ts'

const LIFE = 60_000
/** A client that repeats the very same request within this time lost the answer, and gets it again. */
const REPEAT_WITHIN = 60_000
/** It travels inside the code, which travels in an address. */
const LONGEST_NONCE = 256

type CodeClaims = { id: string; nonce?: string }

/** A request that may be put before a person. */
export type AuthorizationRequest = {
  readonly client: Client
  readonly redirectUri: string
  readonly state: string | null
  readonly scopes: readonly string[]
  readonly codeChallenge: string
  /** What the client wants to find again in the id token. @see https://openid.net/specs/openid-connect-core-1_0.html#NonceNotes */
  readonly nonce: string | null
}

/** What `/authorize` is to do with a request. */
export type Authorization =
  /** Client or redirect URI are not proven: say so on a page, and send nothing anywhere. */
  | { outcome: 'refused'; reason: string }
  /** Send this error to the client's redirect URI. `silent` says that the client wants nobody asked anything. */
  | { outcome: 'error'; client: Client; location: string; silent: boolean }
  | { outcome: 'ask'; request: AuthorizationRequest }

/**
 * Judges the parameters of `/authorize`. Each may be given once; `scopes` is what AWS clients send, separated by spaces or by
 * commas, `scope` is the RFC's.
 */
export function judgeAuthorizationRequest(deps: Deps, query: URLSearchParams, now: number): Authorization {
  const repeated = [...new Set(query.keys())].find((name) => query.getAll(name).length > 1)
  if (repeated !== undefined) return refused('A parameter is given twice.')
  const client = readClient(deps, query.get('client_id') ?? '', now)
  if (client === undefined) return refused('The program that sent you here is not registered.')
  if (client === 'expired') return refused('The registration of the program that sent you here has expired.')
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!matchesRegistered(redirectUri, client.redirectUris))
    return refused('The address to return to is not one that the program registered.')

  const state = query.get('state')
  const fail = (error: ServiceException): Authorization => ({
    outcome: 'error',
    client,
    location: errorRedirect(deps, { redirectUri, state }, error),
    silent: query.get('prompt')?.split(' ').includes('none') ?? false,
  })
  if (!query.has('response_type')) return fail(new InvalidRequestException('response_type is missing.'))
  if (query.get('response_type') !== 'code')
    return fail(new UnsupportedResponseTypeException('response_type must be code.'))
  // What a client asks for and we would overlook is not what it gets: it is refused.
  if (query.has('request')) return fail(new RequestNotSupportedException('Send the parameters one by one.'))
  if (query.has('request_uri')) return fail(new RequestUriNotSupportedException('Send the parameters one by one.'))
  if ((query.get('response_mode') ?? 'query') !== 'query')
    return fail(new InvalidRequestException('response_mode must be query.'))
  if (!client.grantTypes.includes(GRANT_TYPES.authorizationCode))
    return fail(new UnauthorizedClientException('The client is not registered for the authorization_code grant.'))
  if (query.get('code_challenge_method') !== 'S256')
    return fail(new InvalidRequestException('code_challenge_method must be S256.'))
  const codeChallenge = query.get('code_challenge') ?? ''
  if (!isCodeChallenge(codeChallenge))
    return fail(new InvalidRequestException('code_challenge must be the 43 characters of an S256 challenge.'))
  const asked = parseScopeParameter(query.get('scopes') ?? undefined, query.get('scope') ?? undefined)
  const unknown = asked.filter((scope) => !client.scopes.includes(scope))
  if (unknown.length > 0)
    return fail(new InvalidScopeException('A scope was asked for that the client did not register.'))
  const scopes = asked.length > 0 ? asked : client.scopes
  const nonce = query.get('nonce')
  if (nonce !== null && nonce.length > LONGEST_NONCE)
    return fail(new InvalidRequestException(`nonce must have at most ${LONGEST_NONCE} characters.`))
  return { outcome: 'ask', request: { client, redirectUri, state, scopes, codeChallenge, nonce } }
}

/** What a person's decision does. */
export type AuthorizationDecided =
  /** Where the browser goes next. */
  | { outcome: 'decided'; location: string }
  /** The person must prove more before they may approve. Denying needs nothing. */
  | { outcome: 'proof-needed'; needed: Exclude<ProofNeeded, 'nothing'> }

/** Approves or denies. */
export async function decideAuthorization(
  deps: Deps,
  request: AuthorizationRequest,
  decision: 'approve' | 'deny',
  person: Person,
  origin: Origin,
  now: number,
): Promise<AuthorizationDecided> {
  const { client } = request
  const { authenticatedAt, amr } = person
  const userId = person.reach.user.id
  if (decision === 'deny') {
    const audit = auditEvent('DenyAuthorization', origin, userId, { clientName: client.name }, now)
    await deps.storage.recordAudit({ events: [audit] })
    const denied = new AccessDeniedException('The request was denied in the browser.')
    return { outcome: 'decided', location: errorRedirect(deps, request, denied) }
  }
  const application = client.entitledApplicationArn
  if (shortfall(deps, person.reach, { amr, application }) === 'assignment') {
    const denied = new AccessDeniedException('You are not assigned to this application. Ask an administrator.')
    return { outcome: 'decided', location: errorRedirect(deps, request, denied) }
  }
  const needed = await proofNeededToApprove(deps, person, now)
  if (needed !== 'nothing') return { outcome: 'proof-needed', needed }
  const code: AuthorizationCode = {
    id: randomId(deps.random),
    clientHash: client.hash,
    clientName: client.name,
    scopes: request.scopes,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    userId,
    authenticatedAt,
    amr,
    createdAt: now,
    expiresAt: now + LIFE,
  }
  const audit = auditEvent('ApproveAuthorization', origin, userId, { clientName: client.name, amr }, now)
  await deps.storage.issueAuthorizationCode({ code, audit })
  const claims: CodeClaims = { id: code.id, ...(request.nonce === null ? {} : { nonce: request.nonce }) }
  const text = format('authorizationCode', deps.sealer.seal('authorization-code', claims))
  return { outcome: 'decided', location: redirect(deps, request, { code: text }) }
}

/**
 * Redeems a code, once. Used again, it ends the session it made.
 *
 * @throws InvalidGrantException
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.6
 */
export async function redeemAuthorizationCode(
  deps: Deps,
  client: Client,
  input: Omit<CreateTokenInput, 'clientId' | 'clientSecret'>,
  call: Call,
  now: number,
): Promise<Session> {
  const { code, redirectUri, codeVerifier } = input
  if (code === undefined || redirectUri === undefined || codeVerifier === undefined)
    throw new InvalidRequestException('code, redirectUri and codeVerifier are all needed for this grant.')
  if (!isCodeVerifier(codeVerifier))
    throw new InvalidRequestException('codeVerifier must have 43 to 128 letters, digits, or -._~.')
  const body = parse('authorizationCode', code)
  const claims = body === undefined ? undefined : deps.sealer.open<CodeClaims>('authorization-code', body)
  if (claims === undefined) throw new InvalidGrantException('Invalid authorization code provided.')

  const issued = await deps.storage.findAuthorizationCode({ id: claims.id })
  if (issued === undefined || issued.clientHash !== client.hash)
    throw new InvalidGrantException('Invalid authorization code provided.')
  const session = newSession(deps, 'code', issued.authenticatedAt, call, now)
  await admit(deps, client, issued, session, now)
  const redemption = await deps.storage.redeemAuthorizationCode({
    id: claims.id,
    clientHash: client.hash,
    redirectUri,
    codeChallenge: challengeOf(codeVerifier),
    requestHash: requestHash(deps, client, call),
    session,
    repeatWithin: REPEAT_WITHIN,
    revokedUntil: now + REVOCATION_LIFE,
    now,
    audit: auditEvent(
      'CreateToken',
      call,
      issued.userId,
      { grantType: 'authorization_code', sessionId: session.id },
      now,
    ),
  })
  switch (redemption.outcome) {
    case 'redeemed':
      if (redemption.again) auditReissue(deps, redemption.session, 'authorization_code', call, now)
      return redemption.session
    case 'expired':
      throw new ExpiredTokenException('The authorization code has expired. Sign in again.')
    case 'mismatch':
      throw new InvalidGrantException('The code was issued for another redirect URI or code challenge.')
    case 'reused':
      throw new InvalidGrantException(
        'The authorization code was used before, so its session was ended for safety. Sign in again.',
      )
    case 'unknown':
      throw new InvalidGrantException('Invalid authorization code provided.')
  }
}

/** The nonce of the request that a code answers. The code carries it, sealed. */
export function nonceOf(deps: Deps, code: string | undefined): string | undefined {
  const body = code === undefined ? undefined : parse('authorizationCode', code)
  return body === undefined ? undefined : deps.sealer.open<CodeClaims>('authorization-code', body)?.nonce
}

// Attempts of one call of an SDK share an id, which a thief's replay does not know; a request without one is like no other.
function requestHash(deps: Deps, client: Client, { invocationId, bodyHash }: Call): string {
  return invocationId === undefined ? randomId(deps.random) : sha256(`${client.hash} ${invocationId} ${bodyHash}`)
}

function refused(reason: string): Authorization {
  return { outcome: 'refused', reason }
}

type ReturnAddress = { redirectUri: string; state: string | null }

/** Where a browser goes to tell the client of an error. Some clients look for `error`, some for both members: always both. */
export function errorRedirect(deps: Deps, to: ReturnAddress, error: ServiceException): string {
  return redirect(deps, to, { error: error.error ?? error.name, error_description: error.message })
}

function redirect(deps: Deps, to: ReturnAddress, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(to.redirectUri)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  if (to.state !== null) url.searchParams.set('state', to.state)
  // Tells the client whose answer this is. RFC 9207 §2.
  url.searchParams.set('iss', deps.settings.origin)
  return url.href
}
