/**
 * Signing out at a program's wish: a person who signs out of it is sent here, is asked, and then signs out here as well. Whoever
 * can write a link could send people here, so nothing ends without the person's word; and nobody is sent on but to an address
 * that the program registered, and without being asked only where an id token shows that the program knows them.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
import { auditEvent } from '../audit/audit.ts'
import { type Client, readClient } from '../clients/client-authentication.ts'
import { matchesRegistered } from '../clients/redirect-uri.ts'
import type { Deps, Origin } from '../deps.ts'
import { readIdToken } from '../keys/signing-keys.ts'
import { type Person, signOut } from '../people/people.ts'
import { REVOCATION_LIFE } from '../sessions/tokens.ts'

/** What a program wishes, as far as it is to be believed. */
export type EndSessionRequest = {
  readonly client: Client | undefined
  /** The session of the program that its id token names; null where it came with none. */
  readonly sessionId: string | null
  /** Where the browser goes afterwards, `state` included; null where it stays here. */
  readonly returnTo: string | null
  /** Whether it named an address that is not one of its own. */
  readonly strayed: boolean
}

/** Reads the parameters. What does not prove to be right counts as left out, and takes with it what rests on it. */
export async function readEndSessionRequest(
  deps: Deps,
  parameters: URLSearchParams,
  now: number,
): Promise<EndSessionRequest> {
  const wanted = parameters.get('post_logout_redirect_uri') ?? ''
  const nobody = { client: undefined, sessionId: null, returnTo: null, strayed: wanted !== '' }
  if (new Set(parameters.keys()).size !== parameters.size) return nobody
  const hint = parameters.get('id_token_hint') ?? ''
  const hinted = hint === '' ? undefined : await readIdToken(deps, hint)
  if (hint !== '' && typeof hinted?.aud !== 'string') return nobody
  const clientId = parameters.get('client_id') ?? hinted?.aud
  if (typeof clientId !== 'string' || (hinted !== undefined && hinted.aud !== clientId)) return nobody
  const client = readClient(deps, clientId, now)
  if (client === undefined || client === 'expired') return nobody
  const sessionId = typeof hinted?.sid === 'string' ? hinted.sid : null
  const registered = wanted !== '' && matchesRegistered(wanted, client.postLogoutRedirectUris ?? [])
  const state = parameters.get('state')
  return {
    client,
    sessionId,
    returnTo: registered ? withState(wanted, state) : null,
    strayed: wanted !== '' && !registered,
  }
}

/** What a confirmation carries: whose it is, and what follows. */
type Confirmation = {
  use: 'end-session'
  signInId: string
  clientHash: string | null
  sessionId: string | null
  returnTo: string | null
  expiresAt: number
}

/** How long the page that asks may stay open. */
const PATIENCE = 600_000

/** Seals what a person is asked to confirm, for the form that asks them. */
export function sealConfirmation(deps: Deps, request: EndSessionRequest, person: Person, now: number): string {
  const { client, sessionId, returnTo } = request
  const confirmation: Confirmation = {
    ...{ use: 'end-session', signInId: person.signInId, clientHash: client?.hash ?? null },
    ...{ sessionId, returnTo, expiresAt: now + PATIENCE },
  }
  return deps.sealer.seal('cookie', confirmation)
}

/**
 * Signs the person out of this browser and, where a program wished it, of the program's own session; one that was approved
 * with `offline_access` is for when its person is away, and goes on. Answers where the browser is expected, if anywhere.
 *
 * @param confirmed what `sealConfirmation` sealed; '' when no program wished anything
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#BCActions on what goes on
 */
export async function signOutEverywhereAsked(
  deps: Deps,
  confirmed: string,
  person: Person,
  origin: Origin,
  now: number,
): Promise<string | null> {
  await signOut(deps, person, origin, now)
  const claims = confirmed === '' ? undefined : deps.sealer.open<Confirmation>('cookie', confirmed)
  if (claims?.use !== 'end-session' || claims.signInId !== person.signInId || now >= claims.expiresAt) return null
  const { sessionId: id, clientHash } = claims
  const session = id === null ? undefined : await deps.storage.findSession({ id })
  const userId = person.reach.user.id
  // The id token may speak of somebody else than who sits here, whose sessions are not theirs to end.
  if (session?.userId === userId && session.clientHash === clientHash && !session.scopes.includes('offline_access'))
    await deps.storage.endSession({
      ...{ id: session.id, reason: 'logout', revokedUntil: now + REVOCATION_LIFE, now },
      audit: auditEvent('Logout', origin, userId, { sessionId: session.id }, now),
    })
  return claims.returnTo
}

function withState(address: string, state: string | null): string {
  if (state === null) return address
  const url = new URL(address)
  url.searchParams.set('state', state)
  return url.href
}
