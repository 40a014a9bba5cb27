/**
 * What an OpenID Connect request asks of the sign-in behind it: whether anybody may be asked, how fresh their proof must be, and
 * who is expected. It is read when the request comes, because "again" and "not older than a minute" mean that moment; from
 * then on it travels through sign-in and consent sealed, in place of the parameters that it was read from.
 *
 * Not its job: what is asked for, and where the answer goes (`authorization-codes.ts`).
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest
 */
import type { ServiceException } from 'ssooidc/protocol'
import { InvalidRequestException } from 'ssooidc/protocol/sso-oidc'
import { PROMPTS } from '../../protocol/oauth2.ts'
import {
  ConsentRequiredException,
  InteractionRequiredException,
  LoginRequiredException,
} from '../../protocol/oauth2-errors.ts'
import { clientHash } from '../clients/client-registration.ts'
import type { Deps } from '../deps.ts'
import { type ProofNeeded, proofNeededToApprove } from '../factors/proof-needed.ts'
import { type AuthorizationRequest, errorRedirect } from '../grants/authorization-codes.ts'
import { readIdToken } from '../keys/signing-keys.ts'
import type { Person } from '../people/people.ts'

/** Where what was read travels. A name that no client uses. */
const CARRIED = 'portico_demands'
const READ_FROM = ['prompt', 'max_age', 'id_token_hint', 'login_hint']
/** How long a person may take until they have signed in. */
const PATIENCE = 3_600_000
const LONGEST_LOGIN_HINT = 254

/** What is to be done with a request whose parameters are in order. */
export type Authentication =
  /** Send this error to the client's redirect URI. `silent` says that the client wants nobody asked anything. */
  | { outcome: 'error'; location: string; silent: boolean }
  /** Somebody must prove who they are, then come back with `query`. `userName` is whom the client expects. */
  | {
      outcome: 'prove'
      needed: Exclude<ProofNeeded, 'nothing'>
      /** Why somebody who is signed in has to, where it is the client who wants it. */
      byClient: boolean
      query: string
      userName: string | undefined
    }
  /** Put the request, which is `query` now, before the person. */
  | { outcome: 'ask'; person: Person; query: string }

/** Judges whoever is signed in at the browser, if anybody, by what the request asks of them. */
export async function judgeAuthentication(
  deps: Deps,
  parameters: URLSearchParams,
  request: AuthorizationRequest,
  person: Person | undefined,
  now: number,
): Promise<Authentication> {
  const fail = (error: ServiceException): Authentication => ({
    outcome: 'error',
    location: errorRedirect(deps, request, error),
    silent: wordsOf(parameters.get('prompt')).includes('none'),
  })
  const demands = await readDemands(deps, parameters, request, now)
  if (typeof demands === 'string') return fail(new InvalidRequestException(demands))
  const { silent, provenSince, userId, asked, userName } = demands
  const isExpected = userId === null || person?.reach.user.id === userId
  const isFresh = person !== undefined && person.authenticatedAt >= provenSince
  const needed = person === undefined ? 'sign-in' : await proofNeededToApprove(deps, person, now)
  if (silent) {
    if (!isExpected || !isFresh || needed === 'sign-in')
      return fail(new LoginRequiredException('A person has to sign in, and prompt=none forbids to ask for it.'))
    if (needed === 'second-factor')
      return fail(new InteractionRequiredException('A second factor is needed, and prompt=none forbids to ask for it.'))
    return fail(new ConsentRequiredException('A person has to consent, and prompt=none forbids to ask for it.'))
  }
  if (person !== undefined && !isExpected && asked)
    return fail(new LoginRequiredException('Somebody else signed in than the one whom id_token_hint names.'))
  const prove = (needed: Exclude<ProofNeeded, 'nothing'>, byClient: boolean): Authentication => {
    return { outcome: 'prove', needed, byClient, query: carry(deps, parameters, demands, now), userName }
  }
  if (person === undefined) return prove('sign-in', false)
  if (!isExpected || !isFresh) return prove('sign-in', true)
  if (needed !== 'nothing') return prove(needed, false)
  return { outcome: 'ask', person, query: carry(deps, parameters, demands, now) }
}

/** What a request asks of the sign-in. */
type Demands = {
  /** `prompt=none`. */
  silent: boolean
  /** The person must have proved who they are since then. */
  provenSince: number
  /** The one person who will do; null when anybody will. */
  userId: string | null
  /** Whether somebody was sent to sign in for it already. */
  asked: boolean
  userName: string | undefined
}

type CarriedClaims = { use: 'demands'; provenSince: number; userId: string | null; expiresAt: number }

/** The demands, or what is wrong with them. */
async function readDemands(
  deps: Deps,
  parameters: URLSearchParams,
  { client }: AuthorizationRequest,
  now: number,
): Promise<Demands | string> {
  const carried = parameters.get(CARRIED)
  if (carried !== null) {
    const claims = deps.sealer.open<CarriedClaims>('cookie', carried)
    if (claims?.use !== 'demands' || now >= claims.expiresAt) return 'The sign-in took too long. Begin it again.'
    return { ...claims, silent: false, asked: true, userName: undefined }
  }
  const prompts = wordsOf(parameters.get('prompt'))
  if (prompts.some((prompt) => !PROMPTS.some((known) => known === prompt)))
    return `prompt may hold ${PROMPTS.join(', ')}.`
  const silent = prompts.includes('none')
  if (silent && prompts.length > 1) return 'prompt may hold nothing beside none.'
  const maxAge = parameters.get('max_age') ?? ''
  if (maxAge !== '' && !/^\d{1,10}$/.test(maxAge)) return 'max_age must be a number of seconds.'
  const hint = parameters.get('id_token_hint') ?? ''
  const hinted = hint === '' ? undefined : await readIdToken(deps, hint)
  // An id token of another client tells nothing about this one's person. It need not be alive: people come back late.
  if (hint !== '' && (typeof hinted?.aud !== 'string' || clientHash(hinted.aud) !== client.hash))
    return 'id_token_hint is no id token that this client was given here, or its key is retired.'
  const again = prompts.includes('login') || prompts.includes('select_account')
  const loginHint = (parameters.get('login_hint') ?? '').slice(0, LONGEST_LOGIN_HINT)
  return {
    silent,
    provenSince: again ? now : maxAge === '' ? 0 : now - Number(maxAge) * 1000,
    userId: hinted?.sub ?? null,
    asked: false,
    userName: loginHint === '' ? undefined : loginHint,
  }
}

/** The query with what was read from it sealed, if it asked for anything. */
function carry(deps: Deps, parameters: URLSearchParams, { provenSince, userId, asked }: Demands, now: number): string {
  if (asked || !READ_FROM.some((name) => parameters.has(name))) return parameters.toString()
  const rest = new URLSearchParams([...parameters].filter(([name]) => !READ_FROM.includes(name)))
  const claims: CarriedClaims = { use: 'demands', provenSince, userId, expiresAt: now + PATIENCE }
  rest.set(CARRIED, deps.sealer.seal('cookie', claims))
  return rest.toString()
}

function wordsOf(text: string | null): string[] {
  return (text ?? '').split(' ').filter((word) => word !== '')
}
