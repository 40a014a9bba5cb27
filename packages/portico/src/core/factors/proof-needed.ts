/** What a person must prove, and how lately, before they change how they sign in or let a program in as themselves. */
import type { Deps } from '../deps.ts'
import { isRecent, type Person } from '../people/people.ts'
import { mayAssume } from '../sessions/mint-gate.ts'
import { hasFactors, hasSecondFactor, needsSecondFactor } from './requirements.ts'

/** `sign-in` is all of it anew; `second-factor` is what a sign-in with a password alone lacks. */
export type ProofNeeded = 'nothing' | 'sign-in' | 'second-factor'

/** Whether the person proved enough, lately enough, to change how they sign in: everything that they have. */
export async function proofNeededToChange(deps: Deps, person: Person, now: number): Promise<ProofNeeded> {
  if (!isRecent(deps, person, now)) return 'sign-in'
  if (hasSecondFactor(person.amr)) return 'nothing'
  const factors = await deps.storage.readFactors({ userId: person.reach.user.id })
  return hasFactors(factors) ? 'second-factor' : 'nothing'
}

/**
 * Whether the person proved enough, lately enough, to let a program in: a second factor where they have one, where one is
 * required of them, and where a role that the program would reach needs one.
 */
export async function proofNeededToApprove(deps: Deps, person: Person, now: number): Promise<ProofNeeded> {
  if (!isRecent(deps, person, now)) return 'sign-in'
  if (hasSecondFactor(person.amr)) return 'nothing'
  if (person.reach.entitlements.some(({ requireSecondFactor }) => requireSecondFactor)) return 'second-factor'
  const factors = await deps.storage.readFactors({ userId: person.reach.user.id })
  return hasFactors(factors) || needsSecondFactor(deps.settings, factors, undefined) ? 'second-factor' : 'nothing'
}

/**
 * Whether the person proved enough to be shown credentials of a role. Whoever has no second factor yet sets one up on the way,
 * and that changes how they sign in: it takes a proof that is fresh.
 */
export async function proofNeededToAssume(
  deps: Deps,
  person: Person,
  role: { requireSecondFactor: boolean },
  now: number,
): Promise<ProofNeeded> {
  if (mayAssume(role, person)) return 'nothing'
  if (isRecent(deps, person, now)) return 'second-factor'
  const factors = await deps.storage.readFactors({ userId: person.reach.user.id })
  return hasFactors(factors) ? 'second-factor' : 'sign-in'
}
