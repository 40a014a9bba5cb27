/**
 * Keeps a person signed in. A refresh token is given away only when there is room for what comes back. Of any number of programs that find the same token expiring, one asks for the next; the others
 * wait for it and read what it got.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-6
 */
import type { Connections } from '../client/connection.ts'
import { createToken } from '../client/operations.ts'
import type { ClientOptions } from '../client/options.ts'
import {
  type CreateTokenOutput,
  ExpiredTokenException,
  GRANT_TYPES,
  InvalidClientException,
  InvalidGrantException,
  UnauthorizedClientException,
} from '../protocol/sso-oidc/index.ts'
import { connectionsOf, storeOf } from './around.ts'
import { keep, type OnUnkept, offerAgain, readKept } from './cache/keeping.ts'
import type { TokenStore } from './cache/store.ts'
import { type CachedToken, canRefresh } from './cache/token.ts'
import { type Clock, systemClock } from './clock.ts'
import { SignInError, says } from './errors.ts'
import { keyOf, type Session } from './session.ts'

/** How to refresh. */
export type RefreshOptions = {
  /** Where the service is, and everything else that `ssooidc()` may be told. The Region is the session's unless given. */
  readonly client?: ClientOptions | undefined
  /** Default: where the AWS tools keep their tokens. */
  readonly store?: TokenStore | undefined
  /** The life that the token must still have, in milliseconds. Default: five minutes, give or take one. */
  readonly minTtlMs?: number | undefined
  /** This access token was refused, whatever its life. */
  readonly refused?: string | undefined
  /**
   * Told when the service gave the next token and the store would not take it: it is good in this process, and the store is
   * offered it again with each refresh. Default: a warning on the console.
   */
  readonly onUnkept?: OnUnkept | undefined
  readonly signal?: AbortSignal | undefined
  readonly clock?: Clock | undefined
}

/**
 * The session's token, refreshed first when it is about to end. A token that still opens the portal is given even when the
 * refresh did not work.
 *
 * @throws SignInError `sign-in-needed` when only a person can help; `locked`; `unwritable`, with the refresh token unused
 * @throws ServiceException, ConnectionError as CreateToken does, when the old token is of no use any more
 */
export async function refresh(session: Session, options: RefreshOptions = {}): Promise<CachedToken> {
  const { refused, signal, clock = systemClock } = options
  const store = await storeOf(options)
  // Many programs of one person would otherwise all find it due at the same moment.
  const ttl = options.minTtlMs ?? 300_000 + (Math.random() - 0.5) * 60_000
  const isDue = (token: CachedToken) => token.accessToken === refused || token.expiresAt - clock.now() < ttl
  const opens = (token: CachedToken) => token.accessToken !== refused && token.expiresAt > clock.now()
  const asItIs = (token: CachedToken) => {
    if (opens(token)) return token
    throw needed(session, token.refreshToken === undefined ? 'has expired' : 'can be refreshed no more')
  }

  await offerAgain(store, session, signal)
  const found = await readToken(store, session)
  if (!isDue(found)) return found
  if (!canRefresh(found, clock.now())) return asItIs(found)
  const to = connectionsOf(session, options.client)
  try {
    return await store.exclusively(
      session,
      async () => {
        const current = await readToken(store, session)
        // Somebody else was here first.
        if (!isDue(current)) return current
        if (!canRefresh(current, clock.now())) return asItIs(current)
        return exchange(to, store, session, current, { ...options, clock })
      },
      signal,
    )
  } catch (thrown) {
    if (signal?.aborted || !opens(found)) throw thrown
    return found
  } finally {
    await to[Symbol.asyncDispose]()
  }
}

async function exchange(
  to: Connections,
  store: TokenStore,
  session: Session,
  token: CachedToken,
  { clock, signal, onUnkept }: RefreshOptions & { readonly clock: Clock },
): Promise<CachedToken> {
  const { client, refreshToken } = token
  if (client === undefined || refreshToken === undefined) return token
  // Before the refresh token is used: whoever knows only a used one may find the session ended.
  const room = await store.reserve?.(session)
  const { clientId, clientSecret } = client
  const input = { grantType: GRANT_TYPES.refreshToken, clientId, clientSecret, refreshToken }
  let next: CreateTokenOutput
  try {
    next = await createToken(to, input, { signal })
  } catch (thrown) {
    await room?.cancel()
    const isOver = says(
      thrown,
      InvalidGrantException,
      ExpiredTokenException,
      InvalidClientException,
      UnauthorizedClientException,
    )
    if (!isOver) throw thrown
    // A tool that knows of no lock may have refreshed meanwhile.
    const current = await readToken(store, session)
    if (current.refreshToken !== refreshToken && current.expiresAt > clock.now()) return current
    throw needed(session, 'was ended', thrown)
  }
  const refreshed: CachedToken = {
    ...token,
    accessToken: next.accessToken,
    expiresAt: clock.now() + next.expiresIn * 1_000,
    // RFC 6749 §6: without a new one the old one goes on.
    refreshToken: next.refreshToken ?? refreshToken,
  }
  await keep(store, session, refreshed, { room, onUnkept })
  return refreshed
}

/** @throws SignInError `sign-in-needed` when there is none */
async function readToken(store: TokenStore, session: Session): Promise<CachedToken> {
  const reading = await readKept(store, session)
  if (reading.outcome === 'found') return reading.token
  const problem = reading.outcome === 'absent' ? `Nobody is signed in to ${keyOf(session)}` : reading.problem
  throw new SignInError('sign-in-needed', `${problem}. Sign in first.`)
}

function needed(session: Session, what: string, cause?: unknown): SignInError {
  const options = cause === undefined ? {} : { cause }
  return new SignInError('sign-in-needed', `The sign-in to ${keyOf(session)} ${what}. Sign in again.`, options)
}
