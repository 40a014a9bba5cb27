/**
 * Keeps tokens so that none is lost which the service gave and a store would not take: it is then good for as long as this
 * process runs, and offered to the store again whenever somebody asks for it.
 */
import { SignInError } from '../errors.ts'
import { keyOf, type Session } from '../session.ts'
import type { Reading, Room, TokenStore } from './store.ts'
import type { CachedToken } from './token.ts'

/** A token, and what the store had when it would not take it; nothing where it could not even say that. */
type Unkept = { readonly token: CachedToken; readonly before: Reading | undefined }

const unkept = new WeakMap<TokenStore, Map<string, Unkept>>()

/** Told that a token could not be kept. The error says what to do about it. */
export type OnUnkept = (problem: SignInError) => void

/** What there is for a session, in the store or, where that would not take it, in this process. */
export async function readKept(store: TokenStore, session: Session): Promise<Reading> {
  const waitingNow = () => unkept.get(store)?.get(keyOf(session))
  let reading: Reading
  try {
    reading = await store.read(session)
  } catch (thrown) {
    const waiting = waitingNow()
    if (waiting === undefined) throw thrown
    return { outcome: 'found', token: waiting.token }
  }
  const waiting = waitingNow()
  if (waiting === undefined) return reading
  const { token, before } = waiting
  // What nobody could read is likelier to be the token before than one after.
  if (before === undefined || accessTokenOf(reading) === accessTokenOf(before)) return { outcome: 'found', token }
  // Somebody has signed in, refreshed or signed out since: theirs is the newer.
  forget(store, session)
  return reading
}

/** Puts a token into the room that was made for it, or, when none was, into the store. Whether it is there now. */
export async function keep(
  store: TokenStore,
  session: Session,
  token: CachedToken,
  { room, onUnkept }: { readonly room?: Room | undefined; readonly onUnkept?: OnUnkept | undefined },
): Promise<boolean> {
  try {
    await (room === undefined ? store.write(session, token) : room.write(token))
    forget(store, session)
    return true
  } catch (thrown) {
    await keepHere(store, session, token, thrown, onUnkept)
    return false
  }
}

/** Keeps a token in this process, since the store, as it said, would not take it. */
export async function keepHere(
  store: TokenStore,
  session: Session,
  token: CachedToken,
  cause: unknown,
  onUnkept: OnUnkept = warn,
): Promise<void> {
  const before = await store.read(session).catch(() => undefined) // the token in hand is worth more than what it says
  const waiting = unkept.get(store) ?? new Map<string, Unkept>()
  unkept.set(store, waiting.set(keyOf(session), { token, before }))
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `The token of ${keyOf(session)} is good for this program only: ${why}. Mend that, or sign in again later.`
  onUnkept(new SignInError('unwritable', message, { cause }))
}

/** Offers the store once more what it would not take. */
export async function offerAgain(store: TokenStore, session: Session, signal?: AbortSignal): Promise<void> {
  if (unkept.get(store)?.has(keyOf(session)) !== true) return
  const offer = async () => {
    const reading = await readKept(store, session)
    if (reading.outcome !== 'found' || unkept.get(store)?.has(keyOf(session)) !== true) return
    await store.write(session, reading.token)
    forget(store, session)
  }
  await store.exclusively(session, offer, signal).catch(() => {}) // the person has been told
}

/** Forgets what the store would not take. */
export function forget(store: TokenStore, session: Session): void {
  unkept.get(store)?.delete(keyOf(session))
}

function accessTokenOf(reading: Reading): string | undefined {
  return reading.outcome === 'found' ? reading.token.accessToken : undefined
}

function warn({ message }: SignInError): void {
  console.warn(`ssooidc: ${message}`)
}
