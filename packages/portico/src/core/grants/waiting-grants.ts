/**
 * Device grants that wait for their person, kept in memory: a device asks every second, and nearly always nothing was decided
 * yet. A decision is heard of before it is acknowledged where it was made, and within 250 ms elsewhere; then everything is
 * read again.
 *
 * Not its job: any other state. A grant that does not wait is read each time, and redeeming it is storage's.
 */
import type { DeviceGrant, Storage } from '../../storage/storage.ts'

/** The grants, as one question. */
export type WaitingGrants = {
  /** The grant with this id, expired or not; undefined when there is none. Asks storage unless it is known to wait. */
  find(id: string, now: number): DeviceGrant | Promise<DeviceGrant | undefined>
  /** Forgets everything: somebody decided. */
  forget(): void
}

/** For so long a node that hears of nothing goes on with what it knows. */
const FRESH_FOR = 5_000
const MOST_GRANTS = 50_000

/** Opens the copy in memory. The caller calls `forget` whenever storage tells of a change of the device grants. */
export function createWaitingGrants(storage: Pick<Storage, 'findDeviceGrant'>): WaitingGrants {
  let waiting = new Map<string, { grant: DeviceGrant; until: number }>()

  async function read(id: string, now: number): Promise<DeviceGrant | undefined> {
    // The map of this moment: what was read before a decision is heard of goes with everything else that was known then.
    const known = waiting
    const grant = await storage.findDeviceGrant({ id })
    if (grant?.state !== 'pending') return grant
    known.set(id, { grant, until: now + FRESH_FOR })
    if (known.size > MOST_GRANTS) known.delete(known.keys().next().value ?? id)
    return grant
  }

  return {
    find(id, now) {
      const known = waiting.get(id)
      // A clock that was set back has not made anything newer.
      return known && now < known.until && now >= known.until - FRESH_FOR ? known.grant : read(id, now)
    },
    forget() {
      waiting = new Map()
    },
  }
}
