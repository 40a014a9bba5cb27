/**
 * Waits for a person who decides on another device.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8628#section-3.5
 */
import { ConnectionError, TimeoutError } from '../client/errors.ts'
import type { CreateTokenRequest } from '../client/grants.ts'
import { isServiceException } from '../protocol/error.ts'
import { MalformedResponseError, transience } from '../protocol/rest-json/client.ts'
import type { CreateTokenOutput } from '../protocol/sso-oidc/create-token.ts'
import {
  AccessDeniedException,
  AuthorizationPendingException,
  ExpiredTokenException,
  InvalidGrantException,
  SlowDownException,
} from '../protocol/sso-oidc/errors.ts'
import { GRANT_TYPES } from '../protocol/sso-oidc/grant-types.ts'
import { type Clock, systemClock } from './clock.ts'
import { SignInError, says } from './errors.ts'

/** What StartDeviceAuthorization gave, to the client that asked. */
export type DeviceSignIn = {
  readonly clientId: string
  /** Empty for a client that has none, which only `oauth2()` knows. */
  readonly clientSecret: string
  readonly deviceCode: string
  /** Seconds until the code lapses, from now on. */
  readonly expiresIn: number
  /** Seconds between two polls; five when it is left out or 0. */
  readonly interval?: number | undefined
}

/** Who redeems: an `ssooidc()` fits, and an `oauth2()`. */
export type TokenIssuer<Token = CreateTokenOutput> = {
  createToken(input: CreateTokenRequest, call?: { signal?: AbortSignal | undefined }): Promise<Token>
}

/** One poll that was not the last. */
export type PollReport = {
  /** 1 for the first. */
  readonly attempt: number
  /** Milliseconds until the next. */
  readonly waitMs: number
  /** Milliseconds until the code lapses. */
  readonly remainingMs: number
  /** What went wrong, when the service could not be asked. */
  readonly error: unknown
}

/** How to poll. */
export type PollOptions = {
  readonly signal?: AbortSignal | undefined
  /** True: poll at once, for a device that may be approved already. Default: wait first. */
  readonly immediate?: boolean | undefined
  readonly onPoll?: ((report: PollReport) => void) | undefined
  readonly clock?: Clock | undefined
}

// RFC 8628 §3.2: "If no value is provided, clients MUST use 5 as the default."
const DEFAULT_INTERVAL = 5
// RFC 8628 §3.5: slow_down adds five seconds, for this and all later polls.
const SLOW_DOWN = 5
const LONGEST_PAUSE = 60
// The code lives from when the service made it, and a poll takes its time to get there.
const LAST_CALL = 1_000

/**
 * Polls until the person has decided, for the last time just before the code lapses. Never are two polls under way; a service
 * that cannot be reached is asked again, less and less often, for as long as the code lives.
 *
 * A poll that is under way when `signal` fires may bring a token all the same. Only the issuer learns of it: `signIn()` has one that
 * waits a moment for the answer and ends the session that it brings.
 *
 * @throws SignInError `denied`, `expired`
 * @throws ServiceException for everything else that the service says
 * @throws the reason of `signal`, as soon as the issuer heeds it
 */
export async function pollForToken<Token = CreateTokenOutput>(
  issuer: TokenIssuer<Token>,
  { clientId, clientSecret, deviceCode, expiresIn, interval }: DeviceSignIn,
  { signal, immediate = false, onPoll, clock = systemClock }: PollOptions = {},
): Promise<Token> {
  const endsAt = clock.monotonic() + expiresIn * 1_000
  const input = { grantType: GRANT_TYPES.deviceCode, clientId, clientSecret, deviceCode }
  let pause = interval || DEFAULT_INTERVAL
  let wait = immediate ? 0 : pause
  for (let attempt = 1, failures = 0; ; attempt++) {
    const remaining = endsAt - clock.monotonic()
    if (remaining <= 0) throw expired()
    const { after, isLast } = nextPoll(wait * 1_000, pause * 1_000, remaining)
    await clock.sleep(after, signal)
    // A machine that slept longer than we did.
    if (clock.monotonic() >= endsAt) throw expired()
    let error: unknown
    try {
      return await issuer.createToken(input, { signal })
    } catch (thrown) {
      if (signal?.aborted) throw signal.reason
      if (says(thrown, AccessDeniedException))
        throw new SignInError('denied', 'The sign-in was denied.', { cause: thrown })
      if (says(thrown, ExpiredTokenException)) throw expired(thrown)
      // AWS says so of a code that has lapsed, too.
      const isNoAnswer = says(thrown, InvalidGrantException, SlowDownException, AuthorizationPendingException)
      if (isLast && (isNoAnswer || mayPass(thrown))) throw expired(thrown)
      if (says(thrown, SlowDownException)) pause += SLOW_DOWN
      if (says(thrown, SlowDownException, AuthorizationPendingException)) {
        failures = 0
        wait = Math.max(pause, retryAfterOf(thrown))
      } else if (mayPass(thrown)) {
        error = thrown
        wait = Math.max(Math.min(pause * 2 ** ++failures, LONGEST_PAUSE), retryAfterOf(thrown))
      } else throw thrown
    }
    onPoll?.({ attempt, waitMs: wait * 1_000, remainingMs: Math.max(0, endsAt - clock.monotonic()), error })
  }
}

/**
 * When to poll next, in milliseconds. Two polls are never closer than `pause`, which is the service's: where a whole one would
 * not fit between the next poll and the end, the next one waits for the end and is the last. Only where not even one fits does
 * the last poll come sooner: at worst it is told to slow down, and an approval of the last moment is not lost.
 */
function nextPoll(wait: number, pause: number, remaining: number): { after: number; isLast: boolean } {
  const last = Math.max(remaining - LAST_CALL, remaining / 2)
  return wait + pause > last ? { after: last, isLast: true } : { after: wait, isLast: false }
}

/** Whether it may be otherwise next time, with nothing changed by us. */
function mayPass(thrown: unknown): boolean {
  if (thrown instanceof ConnectionError || thrown instanceof TimeoutError) return true
  if (!isServiceException(thrown) && !(thrown instanceof MalformedResponseError)) return false
  return transience(thrown.status) !== undefined
}

function retryAfterOf(thrown: unknown): number {
  return (isServiceException(thrown) && thrown.retryAfter) || 0
}

function expired(cause?: unknown): SignInError {
  return new SignInError('expired', 'Nobody approved the sign-in in time.', cause === undefined ? {} : { cause })
}
