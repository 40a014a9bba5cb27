/**
 * The device grant: a program without a browser shows a code, a person approves it in one, and the program, which has been
 * asking all the while, gets its tokens.
 *
 * pending → approved → redeemed, or pending → denied, or the ten minutes pass. A denial is final.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628
 */
import type { ServiceException } from 'ssooidc/protocol'
import {
  AccessDeniedException,
  AuthorizationPendingException,
  type CreateTokenInput,
  ExpiredTokenException,
  GRANT_TYPES,
  InvalidGrantException,
  InvalidRequestException,
  SlowDownException,
  type StartDeviceAuthorizationInput,
  type StartDeviceAuthorizationOutput,
  TooManyRequestsException,
  UnauthorizedClientException,
} from 'ssooidc/protocol/sso-oidc'
import type { DeviceGrant, Session } from '../../storage/storage.ts'
import { namesThisInstance } from '../access/start-url.ts'
import { auditEvent } from '../audit/audit.ts'
import { authenticateClient, type Client } from '../clients/client-authentication.ts'
import type { Call, Deps } from '../deps.ts'
import { format, parse } from '../keys/opaque-token.ts'
import { randomId } from '../keys/random.ts'
import { subscriberOf } from '../limits/network.ts'
import { admit, auditReissue, newSession } from '../sessions/sessions.ts'
import { allowsDevices, DISTANT_SESSION_LIFE, isDistant } from './device-policy.ts'
import { distantDevice, tellOfDistantDevice } from './distant-devices.ts'
import { drawNumbers } from './number-match.ts'
import { POLL_INTERVAL } from './poll-pacing.ts'
import { formatUserCode, newUserCode } from './user-code.ts'

const LIFE = 600_000
/** A device that asks once more within this time lost the answer, and gets it again. */
const REPEAT_WITHIN = 30_000
/** Above so many waiting grants, a guess would hit one too easily: codes grow. */
const MANY_PENDING = 1_000
/** For so long after its end a device code is said to have expired; then it is merely unknown. */
const REMEMBERED_FOR = LIFE

const NO_DEVICES = 'Nobody signs in by device code here. Sign in through a browser on this machine instead.'

type DeviceCodeClaims = { id: string; clientHash: string; expiresAt: number }

/**
 * Starts a grant.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.1
 */
export async function startDeviceAuthorization(
  deps: Deps,
  input: StartDeviceAuthorizationInput,
  call: Call,
  now: number,
): Promise<StartDeviceAuthorizationOutput> {
  limitDeviceGrants(deps, call, now)
  const client = authenticateClient(deps, input, now)
  if (!namesThisInstance(input.startUrl, deps.settings, deps.instance))
    throw new InvalidRequestException(`startUrl names no instance here. Use ${deps.settings.origin}/start.`)
  const showsNumber = input.numberMatch !== undefined
  return beginDeviceGrant(deps, client, { scopes: client.scopes, showsNumber }, call, now)
}

/**
 * Asked before anything else, so that whoever asks too often costs nothing.
 *
 * @throws TooManyRequestsException
 */
export function limitDeviceGrants(deps: Deps, call: Call, now: number): void {
  const { limits } = deps.settings
  const wait = deps.rateLimits.take(`device:${subscriberOf(call.address)}`, limits.deviceGrantsPerSecond, now)
  if (wait > 0)
    throw new TooManyRequestsException('Too many sign-ins begin from this address. Try again in a moment.', {
      retryAfter: wait,
    })
}

/** Starts a grant for a client that proved who it is. With `showsNumber`, for one that shows the person the number that it gets. */
export async function beginDeviceGrant(
  deps: Deps,
  client: Client,
  asked: { scopes: readonly string[]; showsNumber: boolean },
  call: Call,
  now: number,
): Promise<StartDeviceAuthorizationOutput> {
  const { limits, origin } = deps.settings
  if (!client.grantTypes.includes(GRANT_TYPES.deviceCode))
    throw new UnauthorizedClientException('The client is not registered for the device grant.')
  if (!allowsDevices(deps.settings)) throw new UnauthorizedClientException(NO_DEVICES)
  const pending = await deps.storage.countPendingDeviceGrants({ subscriber: subscriberOf(call.address), now })
  if (limits.pendingDeviceGrants > 0 && pending.ofSubscriber >= limits.pendingDeviceGrants)
    throw new TooManyRequestsException('Too many sign-ins from this address wait for approval. Approve or wait.', {
      retryAfter: 60,
    })
  const { userCode, grant } = await store(deps, client, asked, call, pending.total > MANY_PENDING ? 10 : 8, now)
  const deviceCode: DeviceCodeClaims = { id: grant.id, clientHash: client.hash, expiresAt: grant.expiresAt }
  const shown = formatUserCode(userCode)
  return {
    deviceCode: format('deviceCode', deps.sealer.seal('device-code', deviceCode)),
    userCode: shown,
    verificationUri: `${origin}/device`,
    verificationUriComplete: `${origin}/device?user_code=${shown}`,
    expiresIn: LIFE / 1000,
    interval: POLL_INTERVAL,
    ...(grant.numbers === null ? {} : { matchNumber: String(grant.numbers[0]) }),
  }
}

/**
 * Answers a device's poll: pending, a refusal, or the session that the approval becomes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
export async function redeemDeviceCode(
  deps: Deps,
  client: Client,
  input: Omit<CreateTokenInput, 'clientId' | 'clientSecret'>,
  call: Call,
  now: number,
): Promise<Session> {
  if (input.deviceCode === undefined) throw new InvalidRequestException('deviceCode is missing.')
  const body = parse('deviceCode', input.deviceCode)
  const claims = body === undefined ? undefined : deps.sealer.open<DeviceCodeClaims>('device-code', body)
  // Bound to the client that began it: whoever else holds the code learns nothing, and costs no query.
  if (claims?.clientHash !== client.hash || now >= claims.expiresAt + REMEMBERED_FOR) throw invalidDeviceCode()
  if (!deps.pacing.inTime(claims.id, now))
    throw new SlowDownException(`Poll less often: every ${POLL_INTERVAL} s, and 5 s more from now on.`)

  const grant = await deps.waitingGrants.find(claims.id, now)
  // One of our own codes whose grant is gone was swept.
  if (grant === undefined) throw expired()
  switch (grant.state) {
    case 'pending':
      throw now < grant.expiresAt ? stillPending : expired()
    case 'denied':
      throw new AccessDeniedException('The request was denied in the browser.')
    case 'approved':
    case 'redeemed':
      return redeem(deps, client, grant, call, now)
  }
}

async function redeem(deps: Deps, client: Client, grant: DeviceGrant, call: Call, now: number): Promise<Session> {
  const { id, userId, authenticatedAt, amr, scopes } = grant
  if (userId === null || authenticatedAt === null || amr === null)
    throw new Error('an approved grant without its approver')
  if (!allowsDevices(deps.settings)) throw new AccessDeniedException(NO_DEVICES)
  const long = newSession(deps, 'device', authenticatedAt, call, now)
  const session = isDistant(deps.settings, grant)
    ? { ...long, expiresAt: Math.min(long.expiresAt, now + DISTANT_SESSION_LIFE) }
    : long
  await admit(deps, client, { userId, authenticatedAt, amr, scopes }, session, now)
  const distant = grant.proximity === 'other' ? distantDevice(grant, session, userId, now) : null
  const approver = distant && (await deps.access.of(userId, now))?.user
  const redemption = await deps.storage.redeemDeviceGrant({
    id,
    clientHash: client.hash,
    session,
    distant,
    repeatWithin: REPEAT_WITHIN,
    now,
    audit: auditEvent('CreateToken', call, userId, { grantType: 'device_code', sessionId: session.id }, now),
  })
  switch (redemption.outcome) {
    case 'redeemed':
      if (redemption.again) auditReissue(deps, redemption.session, 'device_code', call, now)
      else if (distant && approver) tellOfDistantDevice(deps, approver, distant, session)
      return redemption.session
    case 'expired':
      throw expired()
    default:
      throw invalidDeviceCode()
  }
}

async function store(
  deps: Deps,
  client: Client,
  { scopes, showsNumber }: { scopes: readonly string[]; showsNumber: boolean },
  call: Call,
  length: 8 | 10,
  now: number,
) {
  // Two live codes alike are rare, and three times in a row are not chance.
  for (let attempt = 0; attempt < 3; attempt++) {
    const userCode = newUserCode(deps.random, length)
    const grant: DeviceGrant = {
      id: randomId(deps.random),
      userCodeMac: deps.sealer.mac('user-code', userCode),
      clientHash: client.hash,
      clientName: client.name,
      scopes,
      address: call.address,
      subscriber: subscriberOf(call.address),
      userAgent: call.userAgent,
      createdAt: now,
      expiresAt: now + LIFE,
      state: 'pending',
      userId: null,
      decidedAt: null,
      authenticatedAt: null,
      amr: null,
      proximity: null,
      sessionId: null,
      numbers: showsNumber ? drawNumbers(deps.random) : null,
    }
    if (await deps.storage.startDeviceGrant({ grant, now })) return { userCode, grant }
  }
  throw new Error('three user codes in a row were taken')
}

/** One for all: polls are answered with it all the time, and finding out where it was thrown would cost more than the rest. */
const stillPending = Object.freeze(new AuthorizationPendingException('Authorization is still pending.'))

function invalidDeviceCode(): ServiceException {
  return new InvalidGrantException('Invalid device code provided.')
}

function expired(): ServiceException {
  return new ExpiredTokenException('The sign-in was not approved in time. Start it again.')
}
