/**
 * Who may be which role where, kept in memory for a minute and forgotten whenever the directory changes, so that the portal's
 * calls cost no query when warm.
 */
import type { Entitlement, GroupOfUser, Storage, User } from '../../storage/storage.ts'

/** A person, every role that they have, and every group that they are in. */
export type Reach = {
  readonly user: User
  /** By account id, then role name. */
  readonly entitlements: readonly Entitlement[]
  /** By name. */
  readonly groups: readonly GroupOfUser[]
}

/** The directory, as one question. */
export type Access = {
  /** The person and their roles, or undefined when there is no such person. */
  of(userId: string, now: number): Promise<Reach | undefined>
  /** Forgets everything: the directory changed. */
  forget(): void
}

const FRESH_FOR = 60_000
const MOST_PEOPLE = 50_000

/** Opens the directory's copy in memory. */
export function createAccess(storage: Pick<Storage, 'findUser' | 'readEntitlements' | 'readGroupsOf'>): Access {
  const known = new Map<string, { reach: Promise<Reach | undefined>; until: number }>()
  const load = async (userId: string): Promise<Reach | undefined> => {
    const user = await storage.findUser({ id: userId })
    if (user === undefined) return undefined
    const [entitlements, groups] = await Promise.all([
      storage.readEntitlements({ userId }),
      storage.readGroupsOf({ userId }),
    ])
    return { user, entitlements, groups }
  }
  return {
    of(userId, now) {
      const fresh = known.get(userId)
      if (fresh && now < fresh.until && now >= fresh.until - FRESH_FOR) return fresh.reach
      const reach = load(userId)
      const entry = { reach, until: now + FRESH_FOR }
      known.delete(userId)
      known.set(userId, entry)
      // What failed, or found nobody who is let in, is asked again: whoever is enabled may sign in at once.
      const drop = () => known.get(userId) === entry && known.delete(userId)
      reach.then((found) => found?.user.enabled || drop(), drop)
      if (known.size > MOST_PEOPLE) known.delete(known.keys().next().value ?? userId)
      return reach
    },
    forget: () => known.clear(),
  }
}
