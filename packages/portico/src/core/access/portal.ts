/**
 * The access portal's operations: what the holder of an access token may reach, and leaving. Checked in memory; none asks the
 * database while the copies are warm.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/Welcome.html
 */
import type { ServiceException } from 'ssooidc/protocol'
import {
  ForbiddenException,
  type GetRoleCredentialsInput,
  type GetRoleCredentialsOutput,
  InvalidRequestException,
  type ListAccountRolesInput,
  type ListAccountRolesOutput,
  type ListAccountsInput,
  type ListAccountsOutput,
  ServiceUnavailableException,
  TooManyRequestsException,
} from 'ssooidc/protocol/sso-portal'
import type { Amr, Entitlement, Flow } from '../../storage/storage.ts'
import { scopesNow } from '../applications/applications.ts'
import { auditEvent } from '../audit/audit.ts'
import type { Call, Deps, Origin } from '../deps.ts'
import { takesDevice } from '../grants/device-policy.ts'
import { mayAssume, refusal, SECOND_FACTOR_NEEDED, shortfall } from '../sessions/mint-gate.ts'
import { type AccessTokenClaims, openAccessToken, REVOCATION_LIFE } from '../sessions/tokens.ts'
import type { Reach } from './access.ts'

const ACCOUNT_ACCESS = 'sso:account:access'
const LONGEST_PAGE = 100

/** Who holds an access token, and what they may reach now. */
export type Holder = {
  readonly claims: AccessTokenClaims
  readonly reach: Reach
  /** Whether they are in with less than is asked of them by now: then they may leave, and nothing else. */
  readonly needsSecondFactor: boolean
}

/** Whoever comes with an access token, which is a use of its session; undefined as for `readHolder`. */
export async function holderOf(deps: Deps, token: string, now: number): Promise<Holder | undefined> {
  const holder = await readHolder(deps, token, now)
  if (holder !== undefined) deps.sessionUses.note(holder.claims.sessionId, now)
  return holder
}

/**
 * Whoever an access token speaks for now; undefined when it is not ours, has expired, what it stands on has ended, or it is
 * for an application that is gone, is not the person's any more, or has lost every scope that the token was for.
 */
export async function readHolder(deps: Deps, token: string, now: number): Promise<Holder | undefined> {
  const claims = openAccessToken(deps, token)
  const reach = claims && (await deps.access.of(claims.userId, now))
  if (!reach || refusal(reach.user, claims, deps.revocations, now) !== undefined) return undefined
  const { amr = ['password'], application } = claims
  const lacking = shortfall(deps, reach, { amr, application })
  if (lacking !== undefined && lacking !== 'second-factor') return undefined
  const scopes = scopesNow(deps, application, claims.scopes)
  if (scopes === undefined) return undefined
  return { claims: { ...claims, scopes }, reach, needsSecondFactor: lacking === 'second-factor' }
}

/** The accounts that the holder has a role in. */
export async function listAccounts(deps: Deps, input: ListAccountsInput, holder: Holder): Promise<ListAccountsOutput> {
  requireAccountAccess(holder)
  // Sorted by account, so one account's roles stand together.
  const accounts = holder.reach.entitlements.filter(({ accountId }, i, all) => accountId !== all[i - 1]?.accountId)
  const page = pageOf(deps, holder, 'accounts', accounts, (entitlement) => entitlement.accountId, input)
  return {
    nextToken: page.nextToken,
    accountList: page.items.map(({ accountId, accountName, emailAddress }) => ({
      accountId,
      accountName,
      emailAddress: emailAddress ?? undefined,
    })),
  }
}

/** The roles that the holder has in one account. */
export async function listAccountRoles(
  deps: Deps,
  input: ListAccountRolesInput,
  holder: Holder,
): Promise<ListAccountRolesOutput> {
  requireAccountAccess(holder)
  const roles = holder.reach.entitlements.filter(({ accountId }) => accountId === input.accountId)
  if (roles.length === 0) throw noAccess()
  const page = pageOf(deps, holder, `roles ${input.accountId}`, roles, (entitlement) => entitlement.roleName, input)
  return {
    nextToken: page.nextToken,
    roleList: page.items.map(({ roleName, accountId }) => ({ roleName, accountId })),
  }
}

/** Mints credentials of one role that the holder has. They live as long as the permission set says. */
export async function getRoleCredentials(
  deps: Deps,
  input: GetRoleCredentialsInput,
  holder: Holder,
  call: Call,
  now: number,
): Promise<GetRoleCredentialsOutput> {
  requireAccountAccess(holder)
  const { claims, reach } = holder
  const { sessionId, authenticatedAt, amr = ['password'], flow, proximity = null } = claims
  const session = { id: sessionId, authenticatedAt, amr, flow, proximity }
  const credentials = await issueRoleCredentials(deps, reach, input, session, call, now)
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentials
  return { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration: expiresAt } }
}

/** Mints credentials of a role for whoever passed the mint gate: a token's holder, or a person at the portal's pages. */
export async function issueRoleCredentials(
  deps: Deps,
  reach: Reach,
  role: { accountId: string; roleName: string },
  session: Pick<AccessTokenClaims, 'authenticatedAt' | 'proximity'> & { id: string; amr: Amr; flow: Flow | 'browser' },
  origin: Origin,
  now: number,
) {
  const { user, entitlements } = reach
  // An unassigned role and an unknown account look alike, so that neither can be probed for.
  const entitlement = entitlements.find(
    ({ accountId, roleName }) => accountId === role.accountId && roleName === role.roleName,
  )
  if (entitlement === undefined) throw noAccess()
  if (!mayAssume(entitlement, session))
    throw new ForbiddenException(`${entitlement.roleName} needs a second factor. Sign in again and use one.`)
  if (!takesDevice(entitlement, session))
    throw new ForbiddenException(
      `${entitlement.roleName} is not for devices that were signed in like this. Sign in through a browser on this machine.`,
    )
  const wait = deps.rateLimits.take(`mint:${user.id}`, deps.settings.limits.mintsPerSecond, now)
  if (wait > 0) throw new TooManyRequestsException('Rate exceeded. Try again in a moment.', { retryAfter: wait })
  const broker = deps.brokers.get(entitlement.broker)
  if (broker === undefined)
    throw new ServiceUnavailableException(`The account's broker, ${entitlement.broker}, is not configured here.`)
  const credentials = await broker.issue(
    {
      user: { id: user.id, userName: user.userName },
      accountId: entitlement.accountId,
      roleName: entitlement.roleName,
      permissionSetId: entitlement.permissionSetId,
      sessionDuration: entitlement.sessionDuration,
      sessionId: session.id,
      authenticatedAt: session.authenticatedAt,
      amr: session.amr,
      flow: session.flow,
    },
    now,
  )
  const { accountId, roleName } = entitlement
  const detail = { accountId, roleName, accessKeyId: credentials.accessKeyId, sessionId: session.id }
  deps.auditQueue.add(auditEvent('GetRoleCredentials', origin, user.id, detail, now))
  return credentials
}

/**
 * Ends the holder's session. Its tokens stop at once, and so do role credentials of the built-in broker; what another broker
 * handed out runs on.
 */
export async function logout(deps: Deps, _input: unknown, holder: Holder, call: Call, now: number): Promise<object> {
  const { sessionId, userId } = holder.claims
  await deps.storage.endSession({
    id: sessionId,
    reason: 'logout',
    revokedUntil: now + REVOCATION_LIFE,
    now,
    audit: auditEvent('Logout', call, userId, { sessionId }, now),
  })
  return {}
}

// A token that was approved for something else may not list accounts. Clients without scopes are from before there were any.
function requireAccountAccess({ claims, needsSecondFactor }: Holder): void {
  // Forbidden as well: stock clients show its sentence. Of an Unauthorized they say only that the session expired.
  if (needsSecondFactor) throw new ForbiddenException(SECOND_FACTOR_NEEDED)
  if (claims.scopes.length > 0 && !claims.scopes.includes(ACCOUNT_ACCESS))
    // Forbidden, not unauthorized: on that, some clients throw the token away.
    throw new ForbiddenException(`The session was approved without the scope ${ACCOUNT_ACCESS}.`)
}

type Paging = { nextToken?: string | undefined; maxResults?: number | undefined }
type PagingClaims = { userId: string; list: string; after: string }

// A page begins after a key, not at an index, so that a change in between neither skips nor repeats what stayed.
function pageOf(
  deps: Deps,
  { claims }: Holder,
  list: string,
  sorted: readonly Entitlement[],
  keyOf: (entitlement: Entitlement) => string,
  { nextToken, maxResults = LONGEST_PAGE }: Paging,
): { items: readonly Entitlement[]; nextToken: string | undefined } {
  let after = ''
  if (nextToken !== undefined) {
    const opened = deps.sealer.open<PagingClaims>('paging', nextToken)
    if (opened === undefined || opened.userId !== claims.userId || opened.list !== list)
      throw new InvalidRequestException('next_token is not one that this list gave.')
    after = opened.after
  }
  const rest = sorted.filter((entitlement) => keyOf(entitlement) > after)
  const items = rest.slice(0, maxResults)
  const last = items.at(-1)
  if (last === undefined || rest.length === items.length) return { items, nextToken: undefined }
  const next: PagingClaims = { userId: claims.userId, list, after: keyOf(last) }
  return { items, nextToken: deps.sealer.seal('paging', next) }
}

function noAccess(): ServiceException {
  return new ForbiddenException('No access')
}
